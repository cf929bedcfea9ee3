// Bump allocation for text that lives as long as one event. Reset keeps the memory, so the steady
// state allocates nothing; what one large event took beyond kKeep goes back at the next Reset.
#ifndef NUTHATCH_BASE_ARENA_H_
#define NUTHATCH_BASE_ARENA_H_

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace nuthatch {

class Arena {
 public:
  static constexpr size_t kChunk = size_t{16} << 10;
  static constexpr size_t kKeep = size_t{1} << 20;

  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Memory for `size` bytes, aligned for any scalar; never null.
  char* Allocate(size_t size) {
    size = (size + kAlign - 1) & ~(kAlign - 1);
    while (current_ < chunks_.size()) {
      Chunk& chunk = chunks_[current_];
      if (chunk.size - chunk.used >= size) {
        char* memory = chunk.bytes.get() + chunk.used;
        chunk.used += size;
        return memory;
      }
      ++current_;
    }
    return Grow(size);
  }

  // Gives back the end of the newest allocation: `used` of its bytes stay.
  void Shrink(const char* memory, size_t used) {
    Chunk& chunk = chunks_[current_];
    const auto begin = static_cast<size_t>(memory - chunk.bytes.get());
    assert(memory >= chunk.bytes.get() && begin + used <= chunk.used);
    chunk.used = (begin + used + kAlign - 1) & ~(kAlign - 1);
  }

  std::string_view Copy(std::string_view text) {
    char* memory = Allocate(text.size());
    text.copy(memory, text.size());
    return {memory, text.size()};
  }

  template <typename T>
  T* AllocateArray(size_t count) {
    static_assert(alignof(T) <= kAlign);
    return reinterpret_cast<T*>(Allocate(count * sizeof(T)));
  }

  void Reset() {
    size_t kept = 0;
    size_t i = 0;
    for (; i < chunks_.size() && kept + chunks_[i].size <= kKeep; ++i) {
      kept += chunks_[i].size;
      chunks_[i].used = 0;
    }
    chunks_.resize(i);
    current_ = 0;
  }

 private:
  static constexpr size_t kAlign = alignof(std::max_align_t);
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    size_t size;
    size_t used;
  };

  char* Grow(size_t size) {
    const size_t capacity = size > kChunk ? size : kChunk;
    chunks_.push_back({std::make_unique_for_overwrite<char[]>(capacity), capacity, size});
    current_ = chunks_.size() - 1;
    return chunks_[current_].bytes.get();
  }

  std::vector<Chunk> chunks_;
  size_t current_ = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_ARENA_H_
