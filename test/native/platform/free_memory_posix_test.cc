#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "platform/free_memory.h"

// A sanitizer's allocator is not glibc's.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER
#endif
#endif

#if defined(__GLIBC__) && !defined(HAS_SANITIZER)
#include <malloc.h>

namespace nuthatch {
namespace {

size_t MappedBytes() { return mallinfo2().hblkhd; }

// Which no compiler leaves out.
void* Block(size_t size) {
  void* volatile block = std::malloc(size);
  return block;
}

TEST(FreeMemory, OfALargeBlockIsTheSystemsAgainAfterALargerOneTaughtOtherwise) {
  constexpr size_t kLarge = size_t{24} << 20;
  constexpr size_t kMost = 64;
  GiveFreeMemoryBack();
  std::free(Block(kLarge + kLarge / 4));
  const size_t before = MappedBytes();
  // What earlier tests have left free in the heap is taken first.
  std::vector<void*> blocks;
  while (blocks.size() < kMost && MappedBytes() < before + kLarge) blocks.push_back(Block(kLarge));
  EXPECT_LT(blocks.size(), kMost);
  for (void* block : blocks) std::free(block);
  EXPECT_EQ(MappedBytes(), before);
}

}  // namespace
}  // namespace nuthatch
#endif
