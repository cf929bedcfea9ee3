#include "pipeline/file_lines.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace nuthatch {
namespace {

// What stands at a multiple of this in the file does so in memory, too: then the system copies
// faster.
constexpr size_t kCacheLine = 64;

}  // namespace

// Keeps what is filled.
void FileLines::Reserve(size_t size) {
  if (size <= capacity_) return;
  capacity_ = std::max(size, kLargeBlockBytes - kCacheLine);
  LargeBlock larger = AllocateLargeBlock(kCacheLine + capacity_);
  if (filled_ > 0) std::memcpy(larger.get() + shift_, buffer_.get() + shift_, filled_);
  buffer_ = std::move(larger);
}

// Makes it `size` bytes from `position` on, fewer where the file ends.
bool FileLines::ReadTo(ByteSource* file, uint64_t position, size_t size) {
  Reserve(size);
  auto* const end = reinterpret_cast<uint8_t*>(buffer_.get() + shift_ + filled_);
  const auto read = file->ReadAt(position + filled_, {end, size - filled_});
  if (!read) return false;
  filled_ += *read;
  at_end_ = filled_ < size;
  return true;
}

std::optional<std::string_view> FileLines::Read(ByteSource* file, uint64_t begin, uint64_t end,
                                                size_t max_line) {
  const auto text = [this] { return std::string_view(buffer_.get() + shift_, filled_); };
  // The byte before tells whether a line begins with the part.
  const uint64_t from = begin == 0 ? 0 : begin - 1;
  const auto part = static_cast<size_t>(end - from);
  if (capacity_ > kKeep + part) capacity_ = 0;
  shift_ = from % kCacheLine;
  filled_ = 0;
  missing_ = 0;
  if (!ReadTo(file, from, part + kAhead)) return std::nullopt;
  if (filled_ < part) missing_ = std::min(part - filled_, static_cast<size_t>(end - begin));
  const size_t before = begin == 0 ? 0 : text().find('\n') + 1;  // 0 when there is none
  if (begin != 0 && (before == 0 || before >= part)) return std::string_view();
  size_t newline = text().find('\n', part - 1);
  while (newline == std::string_view::npos && !at_end_ && filled_ - part <= max_line) {
    const size_t searched = filled_;
    if (!ReadTo(file, from, part + 4 * (filled_ - part))) return std::nullopt;
    newline = text().find('\n', searched);
  }
  const size_t size = newline == std::string_view::npos ? filled_ : newline + 1;
  return text().substr(before, size - before);
}

}  // namespace nuthatch
