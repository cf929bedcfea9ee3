// Text written into an arena, up to a limit: what is beyond is dropped.
#ifndef NUTHATCH_ENRICH_BOUNDED_TEXT_H_
#define NUTHATCH_ENRICH_BOUNDED_TEXT_H_

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "base/arena.h"

namespace nuthatch {

// The newest allocation of its arena until Finish.
class BoundedText {
 public:
  BoundedText(size_t limit, Arena* arena)
      : arena_(arena), data_(arena->Allocate(limit)), limit_(limit) {}

  void Append(char c) {
    if (size_ < limit_) data_[size_++] = c;
  }
  void Append(std::string_view text) {
    const size_t size = std::min(text.size(), limit_ - size_);
    if (size > 0) std::memcpy(data_ + size_, text.data(), size);
    size_ += size;
  }
  // Takes the bytes from `begin` to `end` out.
  void Erase(size_t begin, size_t end) {
    std::memmove(data_ + begin, data_ + end, size_ - end);
    size_ -= end - begin;
  }
  // Takes back all but the first `size` bytes.
  void Truncate(size_t size) { size_ = std::min(size_, size); }

  std::string_view text() const { return {data_, size_}; }
  std::string_view Finish() {
    arena_->Shrink(data_, size_);
    return text();
  }

 private:
  Arena* arena_;
  char* data_;
  size_t limit_;
  size_t size_ = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_BOUNDED_TEXT_H_
