#include "trust/image_hash.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/load_bytes.h"

namespace nuthatch {
namespace {

using Range = ImageLayout::Range;

// Small enough for the second cache: what is copied into it is hashed while it is there.
constexpr size_t kBufferBytes = size_t{64} << 10;
constexpr size_t kPage = 4096;

// What is left out of the hash of an image, in the order of the file.
std::vector<Range> GapsOf(const ImageLayout& image) {
  std::vector<Range> gaps = {{image.checksum_at, 4}};
  if (image.directory_at != 0) gaps.push_back({image.directory_at, 8});
  if (image.table_size != 0) gaps.push_back({image.table_at, image.table_size});
  return gaps;
}

// The parts of `bytes`, which stand at `at` in the file, that are in no gap.
template <typename OnPart>
void ForEachPart(ByteSpan bytes, uint64_t at, const std::vector<Range>& gaps, OnPart on_part) {
  for (const Range& gap : gaps) {
    if (gap.at + gap.size <= at || bytes.empty()) continue;
    if (gap.at >= at + bytes.size()) break;
    if (gap.at > at) on_part(bytes.first(static_cast<size_t>(gap.at - at)));
    const uint64_t skipped = std::min<uint64_t>(gap.at + gap.size - at, bytes.size());
    bytes = bytes.subspan(static_cast<size_t>(skipped));
    at += skipped;
  }
  if (!bytes.empty()) on_part(bytes);
}

}  // namespace

FileHasher::FileHasher(std::shared_ptr<const Crypto> crypto)
    : crypto_(std::move(crypto)), buffer_(kBufferBytes) {}

Hasher* FileHasher::HasherFor(DigestAlgorithm algorithm) {
  std::unique_ptr<Hasher>& hasher = hashers_[Index(algorithm)];
  if (!hasher) hasher = crypto_->NewHasher(algorithm);
  return hasher.get();
}

HashOutcome FileHasher::Hash(ByteSource* source, const ImageLayout* image,
                             const std::vector<DigestAlgorithm>& algorithms) {
  constexpr uint8_t kZeros[8] = {};
  values_ = {};
  padded_ = {};
  std::vector<std::pair<DigestAlgorithm, Hasher*>> hashers;
  for (const DigestAlgorithm algorithm : algorithms) {
    Hasher* const hasher = HasherFor(algorithm);
    if (hasher == nullptr) continue;
    hasher->Start();
    hashers.emplace_back(algorithm, hasher);
  }
  const std::vector<Range> gaps = image == nullptr ? std::vector<Range>() : GapsOf(*image);
  const uint64_t size = source->size();
  for (uint64_t at = 0; at < size;) {
    if (stop_()) return HashOutcome::kStopped;
    const std::span<uint8_t> chunk(buffer_.data(), std::min<uint64_t>(kBufferBytes, size - at));
    const std::optional<size_t> read = source->ReadAt(at, chunk);
    if (!read) return HashOutcome::kUnreadable;
    if (*read < chunk.size()) return HashOutcome::kShortened;
    ForEachPart(chunk, at, gaps, [&](ByteSpan part) {
      for (const auto& [algorithm, hasher] : hashers) hasher->Update(part);
    });
    at += chunk.size();
  }
  for (const auto& [algorithm, hasher] : hashers) {
    values_[Index(algorithm)] = padded_[Index(algorithm)] = hasher->Current();
    if (size % 8 == 0) continue;
    hasher->Update(ByteSpan(kZeros).first(8 - size % 8));
    padded_[Index(algorithm)] = hasher->Current();
  }
  return HashOutcome::kDone;
}

// The headers are the first page; then come those of each section, each filled up with zeros; the
// last entry has the place where the last section ends, and zeros.
HashOutcome FileHasher::CheckPages(ByteSource* source, const ImageLayout& image,
                                   DigestAlgorithm algorithm, ByteSpan hashes, bool* match) {
  *match = false;
  Hasher* const hasher = HasherFor(algorithm);
  const size_t entry = 4 + DigestSize(algorithm);
  if (hasher == nullptr || hashes.size() % entry != 0) return HashOutcome::kDone;
  const std::vector<Range> gaps = GapsOf(image);
  constexpr uint8_t kZeros[kPage] = {};
  size_t next = 0;
  // Whether the next entry is that of this page.
  const auto check = [&](uint64_t at, ByteSpan page) {
    if (hashes.size() - next < entry || LoadAt<uint32_t>(hashes, next) != at) return false;
    hasher->Start();
    ForEachPart(page, at, gaps, [&](ByteSpan part) { hasher->Update(part); });
    hasher->Update(ByteSpan(kZeros).first(kPage - page.size()));
    const bool same = Equal(hasher->Current().span(), hashes.subspan(next + 4, entry - 4));
    next += entry;
    return same;
  };
  std::vector<Range> ranges = {{0, std::min<uint64_t>(image.headers_size, kPage)}};
  ranges.insert(ranges.end(), image.sections.begin(), image.sections.end());
  uint64_t end = 0;
  for (const Range& range : ranges) {
    end = range.at + range.size;
    for (uint64_t at = range.at; at < end; at += kPage) {
      if (stop_()) return HashOutcome::kStopped;
      const std::span<uint8_t> page(buffer_.data(), std::min<uint64_t>(kPage, end - at));
      const std::optional<size_t> read = source->ReadAt(at, page);
      if (!read) return HashOutcome::kUnreadable;
      if (*read < page.size()) return HashOutcome::kShortened;
      if (!check(at, page)) return HashOutcome::kDone;
    }
  }
  const ByteSpan last = hashes.subspan(next);
  *match = last.size() == entry && LoadAt<uint32_t>(last, 0) == end &&
           std::all_of(last.begin() + 4, last.end(), [](uint8_t byte) { return byte == 0; });
  return HashOutcome::kDone;
}

}  // namespace nuthatch
