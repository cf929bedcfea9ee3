#include <sys/mman.h>

#include <cstdlib>
#include <new>

#include "platform/large_block.h"

namespace nuthatch {

LargeBlock AllocateLargeBlock(size_t size) {
  size = (size + kLargeBlockBytes - 1) & ~(kLargeBlockBytes - 1);
  void* block = nullptr;
  if (posix_memalign(&block, kLargeBlockBytes, size) != 0) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
  madvise(block, size, MADV_HUGEPAGE);  // small pages do as well
#endif
  return LargeBlock(static_cast<char*>(block));
}

void FreeLargeBlock::operator()(char* block) const { std::free(block); }

}  // namespace nuthatch
