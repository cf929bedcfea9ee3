#include "pipeline/file_lines.h"

#include <algorithm>

namespace nuthatch {

// Makes it `size` bytes from `position` on, fewer where the file ends.
bool FileLines::ReadTo(ByteSource* file, uint64_t position, size_t size) {
  if (buffer_.size() < size) buffer_.resize(size);
  const auto read = file->ReadAt(position + filled_, {buffer_.data() + filled_, size - filled_});
  if (!read) return false;
  filled_ += *read;
  at_end_ = filled_ < size;
  return true;
}

std::optional<std::string_view> FileLines::Read(ByteSource* file, uint64_t begin, uint64_t end,
                                                size_t max_line) {
  const auto text = [this] {
    return std::string_view(reinterpret_cast<const char*>(buffer_.data()), filled_);
  };
  // The byte before tells whether a line begins with the part.
  const uint64_t from = begin == 0 ? 0 : begin - 1;
  const auto part = static_cast<size_t>(end - from);
  if (buffer_.size() > kKeep + part) buffer_ = {};
  filled_ = 0;
  missing_ = 0;
  if (!ReadTo(file, from, part + kAhead)) return std::nullopt;
  if (filled_ < part) missing_ = std::min(part - filled_, static_cast<size_t>(end - begin));
  const size_t before = begin == 0 ? 0 : text().find('\n') + 1;  // 0 when there is none
  if (begin != 0 && (before == 0 || before >= part)) return std::string_view();
  size_t newline = text().find('\n', part - 1);
  while (newline == std::string_view::npos && !at_end_ && filled_ - part <= max_line) {
    const size_t searched = filled_;
    if (!ReadTo(file, from, 2 * filled_)) return std::nullopt;
    newline = text().find('\n', searched);
  }
  const size_t size = newline == std::string_view::npos ? filled_ : newline + 1;
  return text().substr(before, size - before);
}

}  // namespace nuthatch
