#include <gtest/gtest.h>

#include <cstdlib>

#include "platform/free_memory.h"

#if defined(__has_feature)
#define HAS_FEATURE(feature) __has_feature(feature)
#else
#define HAS_FEATURE(feature) 0
#endif

// A sanitizer's allocator is not glibc's.
#if defined(__GLIBC__) && !HAS_FEATURE(address_sanitizer) && !HAS_FEATURE(thread_sanitizer)
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
  constexpr size_t kLarge = size_t{24} << 20;  // more than lies free in the heap
  GiveFreeMemoryBack();
  std::free(Block(kLarge + kLarge / 4));
  const size_t before = MappedBytes();
  void* const block = Block(kLarge);
  EXPECT_GE(MappedBytes(), before + kLarge);
  std::free(block);
  EXPECT_EQ(MappedBytes(), before);
}

}  // namespace
}  // namespace nuthatch
#endif
