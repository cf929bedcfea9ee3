#include "image/header_checks.h"

#include <algorithm>
#include <bit>
#include <vector>

namespace nuthatch {
namespace {

// "section 2 (.text)", counted from 1.
std::string Nth(const ImageHeaders& headers, const Section& section) {
  const auto index = &section - headers.sections.data() + 1;
  return "section " + std::to_string(index) + " (" + section.name + ")";
}

uint64_t SizeInMemory(const Section& section) {
  return section.virtual_size != 0 ? section.virtual_size : section.raw_size;
}

void CheckWidths(const ImageHeaders& headers, Anomalies* anomalies) {
  if (headers.pe_offset < 64) anomalies->Add(AnomalyKind::kHeaderOverlap);
  const uint32_t file = headers.file_alignment;
  const uint32_t memory = headers.section_alignment;
  const bool flat = memory < 4096 && file == memory;
  if (!std::has_single_bit(file) || !std::has_single_bit(memory) || memory < file ||
      (!flat && (file < 512 || file > 65536)))
    anomalies->Add(AnomalyKind::kAlignment,
                   std::to_string(memory) + " in memory, " + std::to_string(file) + " in the file");
  const bool narrow = headers.machine == kMachineX86 || headers.machine == 0x1C4;
  const bool wide = headers.machine == kMachineX64 || headers.machine == kMachineArm64;
  if ((narrow && headers.is_64_bit) || (wide && !headers.is_64_bit))
    anomalies->Add(AnomalyKind::kMachine);
}

void CheckSections(const ImageHeaders& headers, Anomalies* anomalies) {
  uint64_t end = 0;
  for (const Section& section : headers.sections) {
    if (section.virtual_address < end)
      anomalies->Add(AnomalyKind::kSectionOrder, Nth(headers, section));
    end = std::max(end, section.virtual_address + SizeInMemory(section));
    if (uint64_t{section.raw_offset} + section.raw_size > headers.file_size && section.raw_size > 0)
      anomalies->Add(AnomalyKind::kSectionTruncated, Nth(headers, section));
    constexpr uint32_t kBoth = kSectionWritable | kSectionExecutable;
    if ((section.characteristics & kBoth) == kBoth)
      anomalies->Add(AnomalyKind::kWritableCode, Nth(headers, section));
  }
  if (end > headers.image_size) anomalies->Add(AnomalyKind::kImageSize);
}

void CheckOverlap(const ImageHeaders& headers, Anomalies* anomalies) {
  std::vector<const Section*> in_file;
  for (const Section& section : headers.sections) {
    if (section.raw_size > 0) in_file.push_back(&section);
  }
  std::stable_sort(in_file.begin(), in_file.end(),
                   [](auto* a, auto* b) { return a->raw_offset < b->raw_offset; });
  uint64_t end = 0;
  for (const Section* section : in_file) {
    if (section->raw_offset < end)
      anomalies->Add(AnomalyKind::kSectionOverlap, Nth(headers, *section));
    end = std::max(end, uint64_t{section->raw_offset} + section->raw_size);
  }
}

void CheckEntryPoint(const ImageHeaders& headers, Anomalies* anomalies) {
  if (headers.entry_point == 0) return;  // none, as in DLLs of resources
  for (const Section& section : headers.sections) {
    const uint64_t begin = section.virtual_address;
    if (headers.entry_point < begin || headers.entry_point >= begin + SizeInMemory(section))
      continue;
    if ((section.characteristics & kSectionWritable) != 0)
      anomalies->Add(AnomalyKind::kEntryPointWritable, Nth(headers, section));
    return;
  }
  anomalies->Add(AnomalyKind::kEntryPointOutside);
}

void CheckDirectories(const ImageHeaders& headers, Anomalies* anomalies) {
  for (size_t i = 0; i < kDirectories; ++i) {
    const auto [address, size] = headers.directories[i];
    if (i == static_cast<size_t>(Directory::kCertificate)) continue;
    if (uint64_t{address} + size > std::max(headers.image_size, headers.headers_size) && size > 0)
      anomalies->Add(AnomalyKind::kDirectoryOutside, "directory " + std::to_string(i));
  }
}

}  // namespace

void CheckHeaders(const ImageHeaders& headers, Anomalies* anomalies) {
  CheckWidths(headers, anomalies);
  CheckSections(headers, anomalies);
  CheckOverlap(headers, anomalies);
  CheckEntryPoint(headers, anomalies);
  CheckDirectories(headers, anomalies);
}

}  // namespace nuthatch
