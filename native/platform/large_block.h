// Memory that is filled from front to back, once: where the system has large pages it is made of
// them, for the first use of a page costs more than writing a small one.
#ifndef NUTHATCH_PLATFORM_LARGE_BLOCK_H_
#define NUTHATCH_PLATFORM_LARGE_BLOCK_H_

#include <cstddef>
#include <memory>

namespace nuthatch {

// A large page's.
constexpr size_t kLargeBlockBytes = size_t{2} << 20;

struct FreeLargeBlock {
  void operator()(char* block) const;
};
using LargeBlock = std::unique_ptr<char, FreeLargeBlock>;

// At least `size` bytes, not written to yet. Throws std::bad_alloc.
LargeBlock AllocateLargeBlock(size_t size);

}  // namespace nuthatch

#endif  // NUTHATCH_PLATFORM_LARGE_BLOCK_H_
