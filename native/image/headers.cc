#include "image/headers.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/load_bytes.h"
#include "image/certificate_table.h"
#include "image/header_checks.h"
#include "image/rich_header.h"

namespace nuthatch {
namespace {

constexpr size_t kFirstRead = 4096;
constexpr size_t kDosHeaderSize = 64;
constexpr size_t kSectionHeaderSize = 40;
// Offsets from "PE\0\0".
constexpr size_t kOptionalHeader = 24;
constexpr size_t kFixedOptional32 = 96;
constexpr size_t kFixedOptional64 = 112;
// "PE\0\0", the COFF header, and the longer optional header with all directories.
constexpr size_t kLongestHeaders = kOptionalHeader + kFixedOptional64 + kDirectories * 8;

Status NoImage(const std::string& why) {
  return Status::Error("NUTHATCH_PE_FORMAT", "it is no PE file: " + why);
}

// The file's bytes from `offset` on, at most `size`.
Status ReadBlock(ByteSource* source, uint64_t offset, size_t size, std::vector<uint8_t>* out) {
  const uint64_t there = source->size() > offset ? source->size() - offset : 0;
  out->resize(static_cast<size_t>(std::min<uint64_t>(size, there)));
  const auto read = source->ReadAt(offset, *out);
  if (!read)
    return Status::Error("NUTHATCH_INPUT_UNREADABLE", "the system cannot read its headers");
  out->resize(*read);
  return {};
}

// Reads the fields of headers that are in memory, zeros where the file has ended.
class HeaderParser {
 public:
  HeaderParser(std::span<const uint8_t> pe, ImageHeaders* headers, Anomalies* anomalies)
      : pe_(pe), headers_(headers), anomalies_(anomalies) {}

  // The fields, but for sections. False when the magic is unknown.
  bool ReadFields() {
    ReadCoff();
    const auto magic = Get<uint16_t>(kOptionalHeader);
    if (magic != 0x10B && magic != 0x20B) return false;
    headers_->is_64_bit = magic == 0x20B;
    ReadOptional();
    ReadDirectories();
    return true;
  }

  // Of the file's bytes, from "PE\0\0" on.
  size_t SectionsEnd() const { return SectionsBegin() + section_count_ * kSectionHeaderSize; }

  void ReadSections(std::span<const uint8_t> pe) {
    pe_ = pe;
    const size_t begin = SectionsBegin();
    const size_t there = pe.size() > begin ? (pe.size() - begin) / kSectionHeaderSize : 0;
    if (section_count_ == 0 || section_count_ > 96 || there < section_count_)
      anomalies_->Add(AnomalyKind::kSectionCount, std::to_string(section_count_));
    const size_t count = std::min<size_t>(section_count_, there);
    headers_->sections.reserve(count);
    for (size_t i = 0; i < count; ++i) ReadSection(begin + i * kSectionHeaderSize);
  }

 private:
  template <typename T>
  T Get(size_t at) {
    if (at + sizeof(T) <= pe_.size()) return LoadAt<T>(pe_, at);
    anomalies_->Add(AnomalyKind::kHeadersTruncated);
    return 0;
  }

  size_t SectionsBegin() const { return kOptionalHeader + optional_size_; }

  void ReadCoff() {
    headers_->machine = Get<uint16_t>(4);
    section_count_ = Get<uint16_t>(6);
    headers_->timestamp = Get<uint32_t>(8);
    optional_size_ = Get<uint16_t>(20);
    headers_->characteristics = Get<uint16_t>(22);
  }

  void ReadOptional() {
    const auto at = [](size_t offset) { return kOptionalHeader + offset; };
    ImageHeaders& h = *headers_;
    h.linker_version = {Get<uint8_t>(at(2)), Get<uint8_t>(at(3))};
    h.entry_point = Get<uint32_t>(at(16));
    h.image_base = h.is_64_bit ? Get<uint64_t>(at(24)) : Get<uint32_t>(at(28));
    h.section_alignment = Get<uint32_t>(at(32));
    h.file_alignment = Get<uint32_t>(at(36));
    h.os_version = {Get<uint16_t>(at(40)), Get<uint16_t>(at(42))};
    h.subsystem_version = {Get<uint16_t>(at(48)), Get<uint16_t>(at(50))};
    h.image_size = Get<uint32_t>(at(56));
    h.headers_size = Get<uint32_t>(at(60));
    h.checksum = Get<uint32_t>(at(64));
    h.checksum_offset = h.pe_offset + at(64);
    h.subsystem = Get<uint16_t>(at(68));
    h.dll_characteristics = Get<uint16_t>(at(70));
  }

  void ReadDirectories() {
    const size_t fixed = headers_->is_64_bit ? kFixedOptional64 : kFixedOptional32;
    const auto declared = Get<uint32_t>(kOptionalHeader + fixed - 4);
    const size_t fit = optional_size_ > fixed ? (optional_size_ - fixed) / 8 : 0;
    const size_t count = std::min<size_t>({declared, kDirectories, fit});
    if (count < std::min<size_t>(declared, kDirectories) || declared > kDirectories)
      anomalies_->Add(AnomalyKind::kDirectoryCount, std::to_string(declared));
    const size_t first = kOptionalHeader + fixed;
    for (size_t i = 0; i < count; ++i) {
      headers_->directories[i] = {Get<uint32_t>(first + i * 8), Get<uint32_t>(first + i * 8 + 4)};
    }
    constexpr auto kCertificate = static_cast<size_t>(Directory::kCertificate);
    if (declared > kCertificate)
      headers_->certificate_directory_offset = headers_->pe_offset + first + kCertificate * 8;
  }

  void ReadSection(size_t at) {
    const auto* name = reinterpret_cast<const char*>(pe_.data() + at);
    Section section;
    section.name.assign(name, std::find(name, name + 8, '\0'));
    section.virtual_size = Get<uint32_t>(at + 8);
    section.virtual_address = Get<uint32_t>(at + 12);
    section.raw_size = Get<uint32_t>(at + 16);
    section.raw_offset = Get<uint32_t>(at + 20);
    section.characteristics = Get<uint32_t>(at + 36);
    headers_->sections.push_back(std::move(section));
  }

  std::span<const uint8_t> pe_;
  ImageHeaders* const headers_;
  Anomalies* const anomalies_;
  size_t section_count_ = 0;
  size_t optional_size_ = 0;
};

// Where "PE\0\0" is, as the first bytes say.
Status FindPeHeader(std::span<const uint8_t> start, uint64_t file_size, uint32_t* pe_offset) {
  if (start.size() < 2 || start[0] != 'M' || start[1] != 'Z')
    return NoImage("it does not begin with MZ");
  if (start.size() < kDosHeaderSize) return NoImage("it ends inside its DOS header");
  *pe_offset = LoadAt<uint32_t>(start, 0x3C);
  if (uint64_t{*pe_offset} + kOptionalHeader > file_size)
    return NoImage("its DOS header refers to a PE header beyond its end, as MS-DOS programs do");
  return {};
}

// Where the sections end, and what lies behind them: see ImageHeaders::overlay.
std::optional<FileRange> FindOverlay(const ImageHeaders& headers) {
  uint64_t end = std::min<uint64_t>(headers.headers_size, headers.file_size);
  for (const Section& section : headers.sections) {
    const uint64_t section_end = uint64_t{section.raw_offset} + section.raw_size;
    if (section.raw_size > 0) end = std::max(end, std::min(section_end, headers.file_size));
  }
  uint64_t size = headers.file_size - end;
  if (const auto& table = headers.certificate_table; table && table->offset >= end) {
    // Zeros that align the table are no data.
    const uint64_t before = table->offset - end;
    size -= table->size + (before < 8 ? before : 0);
  }
  if (size == 0) return std::nullopt;
  return FileRange{end, size};
}

}  // namespace

Status ReadImageHeaders(ByteSource* source, ImageHeaders* headers, Anomalies* anomalies) {
  headers->file_size = source->size();
  std::vector<uint8_t> start;
  if (Status status = ReadBlock(source, 0, kFirstRead, &start); !status.ok()) return status;
  Status found = FindPeHeader(start, headers->file_size, &headers->pe_offset);
  if (!found.ok()) return found;

  // What is at "PE\0\0", of which `start` often has enough.
  std::span<const uint8_t> pe;
  std::vector<uint8_t> block;
  const auto read_pe = [&](size_t size) -> Status {
    const size_t offset = std::min<size_t>(headers->pe_offset, start.size());
    pe = std::span(std::as_const(start)).subspan(offset);
    if (size <= pe.size() || start.size() == headers->file_size) return {};
    Status status = ReadBlock(source, headers->pe_offset, std::min(size, kMaxHeaderBytes), &block);
    pe = block;
    return status;
  };
  if (Status status = read_pe(kLongestHeaders); !status.ok()) return status;
  if (pe.size() < kOptionalHeader || LoadAt<uint32_t>(pe, 0) != 0x4550)
    return NoImage("it has no PE signature, as programs of MS-DOS, OS/2 and 16-bit Windows");
  HeaderParser parser(pe, headers, anomalies);
  if (!parser.ReadFields()) return NoImage("its optional header is of an unknown kind");
  if (Status status = read_pe(parser.SectionsEnd()); !status.ok()) return status;
  parser.ReadSections(pe);

  headers->rich = ReadRichHeader(start, headers->pe_offset, anomalies);
  Status status = ReadCertificateTable(source, headers, anomalies);
  headers->overlay = FindOverlay(*headers);
  CheckHeaders(*headers, anomalies);
  return status;
}

}  // namespace nuthatch
