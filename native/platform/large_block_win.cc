#include <new>

#include "platform/large_block.h"

namespace nuthatch {
namespace {

constexpr std::align_val_t kPage{4096};

}  // namespace

// Large pages need a privilege there.
LargeBlock AllocateLargeBlock(size_t size) {
  return LargeBlock(static_cast<char*>(::operator new(size, kPage)));
}

void FreeLargeBlock::operator()(char* block) const { ::operator delete(block, kPage); }

}  // namespace nuthatch
