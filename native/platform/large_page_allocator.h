// For containers that are read at random: what is large lies in large pages where the system has
// them, so that a read seldom needs the page tables too.
#ifndef NUTHATCH_PLATFORM_LARGE_PAGE_ALLOCATOR_H_
#define NUTHATCH_PLATFORM_LARGE_PAGE_ALLOCATOR_H_

#include <cstddef>
#include <new>
#include <type_traits>

#include "platform/large_block.h"

namespace nuthatch {

template <typename T>
struct LargePageAllocator {
  using value_type = T;
  using propagate_on_container_move_assignment = std::true_type;

  LargePageAllocator() = default;
  template <typename U>
  LargePageAllocator(const LargePageAllocator<U>&) {}  // NOLINT(google-explicit-constructor)

  T* allocate(size_t count) {
    const size_t size = count * sizeof(T);
    void* const block = IsLarge(count) ? AllocateLargeBlock(size).release()
                                       : ::operator new (size, std::align_val_t{alignof(T)});
    return static_cast<T*>(block);
  }
  void deallocate(T* block, size_t count) {
    if (IsLarge(count)) {
      FreeLargeBlock()(reinterpret_cast<char*>(block));
    } else {
      ::operator delete (block, std::align_val_t{alignof(T)});
    }
  }

  friend bool operator==(const LargePageAllocator&, const LargePageAllocator&) { return true; }

 private:
  // No more than half of the block is for nothing.
  static bool IsLarge(size_t count) { return count * sizeof(T) >= kLargeBlockBytes / 2; }
};

}  // namespace nuthatch

#endif  // NUTHATCH_PLATFORM_LARGE_PAGE_ALLOCATOR_H_
