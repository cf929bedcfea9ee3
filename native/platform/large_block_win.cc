#include <new>

#include "platform/large_block.h"

namespace nuthatch {

// Large pages need a privilege there.
LargeBlock AllocateLargeBlock(size_t size) {
  return LargeBlock(static_cast<char*>(::operator new(size)));
}

void FreeLargeBlock::operator()(char* block) const { ::operator delete(block); }

}  // namespace nuthatch
