#include <algorithm>

#include "base/load_bytes.h"
#include "trust/image_hash.h"

namespace nuthatch {
namespace {

// Headers beyond this are not read: the loader would not either.
constexpr size_t kMostHeaders = size_t{64} << 10;
constexpr size_t kMostlyEnough = size_t{4} << 10;
constexpr size_t kCoffSize = 24;  // with the signature
constexpr size_t kSectionSize = 40;

// Where in the optional header of each of the two forms.
struct Form {
  size_t count;  // of directories
  size_t directories;
};
constexpr Form kForm32 = {92, 96};
constexpr Form kForm64 = {108, 112};

void ReadTable(ByteSpan headers, uint64_t file_size, size_t optional, ImageLayout* out) {
  const auto magic = LoadAt<uint16_t>(headers, optional);
  const Form& form = magic == 0x20b ? kForm64 : kForm32;
  const size_t directory = optional + form.directories + 4 * 8;
  const auto size = LoadAt<uint16_t>(headers, optional - kCoffSize + 20);
  const bool there = size >= form.directories + 5 * 8 && directory + 8 <= headers.size() &&
                     LoadAt<uint32_t>(headers, optional + form.count) > 4;
  if (!there) return;
  out->directory_at = directory;
  const uint64_t at = LoadAt<uint32_t>(headers, directory);
  const uint64_t bytes = LoadAt<uint32_t>(headers, directory + 4);
  if (at == 0 && bytes == 0) return;
  if (at == 0 || bytes == 0) {
    out->table_fault = "the certificate table has a place or a size, but not both";
  } else if (at % 8 != 0) {
    out->table_fault = "the certificate table is not aligned to eight bytes";
  } else if (at < out->headers_size || at < directory + 8) {
    out->table_fault = "the certificate table lies in the headers";
  } else if (at > file_size || bytes > file_size - at) {
    out->table_fault = "the certificate table lies beyond the end of the file";
  } else if (at + bytes != file_size) {
    out->table_fault = "there are bytes after the certificate table, which nobody has signed";
  } else {
    out->table_at = at;
    out->table_size = bytes;
  }
}

void ReadSections(ByteSpan headers, size_t at, size_t count, uint64_t file_size,
                  ImageLayout* out) {
  for (; count > 0 && at + kSectionSize <= headers.size(); --count, at += kSectionSize) {
    const uint64_t size = LoadAt<uint32_t>(headers, at + 16);
    const uint64_t begin = LoadAt<uint32_t>(headers, at + 20);
    if (size > 0 && begin < file_size)
      out->sections.push_back({begin, std::min(size, file_size - begin)});
  }
}

}  // namespace

LayoutOutcome ReadImageLayout(ByteSource* source, ImageLayout* out) {
  *out = {};
  const uint64_t file_size = source->size();
  std::vector<uint8_t> bytes;
  // Reads as many of the first bytes as there are; false when the system fails.
  const auto read = [&](size_t size) {
    bytes.resize(std::min<uint64_t>({size, kMostHeaders, file_size}));
    const std::optional<size_t> got = source->ReadAt(0, bytes);
    bytes.resize(got.value_or(0));
    return got.has_value();
  };
  if (!read(kMostlyEnough)) return LayoutOutcome::kUnreadable;
  if (bytes.size() < 0x40 || bytes[0] != 'M' || bytes[1] != 'Z') return LayoutOutcome::kNoImage;
  const size_t pe = LoadAt<uint32_t>(bytes, 0x3c);
  if (pe > kMostHeaders) return LayoutOutcome::kNoImage;
  const size_t optional = pe + kCoffSize;
  if (optional > bytes.size() && !read(optional)) return LayoutOutcome::kUnreadable;
  if (optional > bytes.size()) return LayoutOutcome::kNoImage;
  const size_t sections_at = optional + LoadAt<uint16_t>(bytes, pe + 20);
  const size_t sections = LoadAt<uint16_t>(bytes, pe + 6);
  const size_t end = std::max(optional + kForm64.directories, sections_at) + sections * kSectionSize;
  if (end > bytes.size() && !read(end)) return LayoutOutcome::kUnreadable;
  const ByteSpan headers = bytes;
  // As far as the directories' count, the last that every image must have.
  if (optional + kForm64.directories > headers.size() || LoadAt<uint32_t>(headers, pe) != 0x4550)
    return LayoutOutcome::kNoImage;
  const auto magic = LoadAt<uint16_t>(headers, optional);
  if (magic != 0x10b && magic != 0x20b) return LayoutOutcome::kNoImage;
  out->checksum_at = optional + 64;
  out->headers_size = LoadAt<uint32_t>(headers, optional + 60);
  ReadTable(headers, file_size, optional, out);
  ReadSections(headers, sections_at, sections, file_size, out);
  return LayoutOutcome::kImage;
}

}  // namespace nuthatch
