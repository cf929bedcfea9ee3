#include "platform/large_block.h"

#include <cstdint>
#include <cstring>

#include "gtest/gtest.h"

namespace nuthatch {
namespace {

TEST(LargeBlock, HasAllTheBytesAskedFor) {
  for (const size_t size : {size_t{1}, kLargeBlockBytes, kLargeBlockBytes + 1}) {
    const LargeBlock block = AllocateLargeBlock(size);
    ASSERT_NE(block, nullptr);
    std::memset(block.get(), 0x5a, size);  // which AddressSanitizer watches
    EXPECT_EQ(block.get()[size - 1], 0x5a);
  }
}

TEST(LargeBlock, BlocksDoNotOverlap) {
  const LargeBlock a = AllocateLargeBlock(kLargeBlockBytes);
  const LargeBlock b = AllocateLargeBlock(kLargeBlockBytes);
  const auto distance = reinterpret_cast<uintptr_t>(a.get()) - reinterpret_cast<uintptr_t>(b.get());
  EXPECT_GE(distance, kLargeBlockBytes);
  EXPECT_LE(distance, UINTPTR_MAX - kLargeBlockBytes + 1);
}

}  // namespace
}  // namespace nuthatch
