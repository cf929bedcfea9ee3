#include "image/image_hash.h"

#include <algorithm>

namespace nuthatch {
namespace {

constexpr size_t kPageSize = 4096;
constexpr std::array<uint8_t, kPageSize> kZeros = {};

bool CanHavePageHashes(const ImageHeaders& headers) {
  uint64_t total = headers.headers_size;
  for (const Section& section : headers.sections) {
    if (uint64_t{section.raw_offset} + section.raw_size > headers.file_size) return false;
    total += section.raw_size;
  }
  return headers.headers_size <= kPageSize && total <= headers.file_size;
}

}  // namespace

HashedBytes::HashedBytes(const ImageHeaders& headers) {
  gaps_.push_back({headers.checksum_offset, 4});
  if (headers.certificate_directory_offset)
    gaps_.push_back({*headers.certificate_directory_offset, 8});
  if (headers.certificate_table) gaps_.push_back(*headers.certificate_table);
  std::sort(gaps_.begin(), gaps_.end(),
            [](const FileRange& a, const FileRange& b) { return a.offset < b.offset; });
}

ImageHashSink::ImageHashSink(const ImageHeaders& headers, std::vector<Hasher*> hashers)
    : hashed_(headers),
      hashers_(std::move(hashers)),
      padding_(headers.certificate_table ? 0 : (8 - headers.file_size % 8) % 8) {}

void ImageHashSink::Update(uint64_t position, std::span<const uint8_t> bytes) {
  hashed_.ForEach(position, bytes, [&](std::span<const uint8_t> part) {
    for (Hasher* const hasher : hashers_) hasher->Update(part);
  });
}

bool ImageHashSink::Pad() {
  for (Hasher* const hasher : hashers_) hasher->Update(std::span(kZeros).first(padding_));
  return padding_ > 0;
}

void FileHashSink::Update(uint64_t /*position*/, std::span<const uint8_t> bytes) {
  for (Hasher* const hasher : hashers_) hasher->Update(bytes);
}

Status HashPages(ByteSource* source, const ImageHeaders& headers, Hasher* hasher,
                 const std::atomic<bool>& stop, std::vector<PageHash>* pages) {
  if (!CanHavePageHashes(headers))
    return Status::Error("NUTHATCH_PE_FORMAT", "its layout is one that page hashes cannot have");
  const HashedBytes hashed(headers);
  std::array<uint8_t, kPageSize> page;
  const auto hash_page = [&](uint64_t offset, size_t size) -> Status {
    if (stop) return Status::Error("NUTHATCH_ABORTED", "reading it was stopped");
    const auto bytes = std::span(page).first(size);
    if (Status status = ReadAll(source, offset, bytes); !status.ok()) return status;
    hasher->Start();
    hashed.ForEach(offset, bytes, [&](std::span<const uint8_t> part) { hasher->Update(part); });
    hasher->Update(std::span(kZeros).subspan(size));
    pages->push_back({static_cast<uint32_t>(offset), hasher->Current()});
    return {};
  };
  if (Status status = hash_page(0, headers.headers_size); !status.ok()) return status;
  uint64_t end = headers.headers_size;
  for (const Section& section : headers.sections) {
    for (uint64_t done = 0; done < section.raw_size; done += kPageSize) {
      const auto size = static_cast<size_t>(std::min<uint64_t>(kPageSize, section.raw_size - done));
      if (Status status = hash_page(section.raw_offset + done, size); !status.ok()) return status;
    }
    if (section.raw_size > 0) end = uint64_t{section.raw_offset} + section.raw_size;
  }
  Digest none;
  none.size = pages->front().digest.size;
  pages->push_back({static_cast<uint32_t>(end), none});
  return {};
}

}  // namespace nuthatch
