#include "base/entropy.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nuthatch {
namespace {

TEST(ShannonEntropy, IsInBitsAByte) {
  EXPECT_EQ(ShannonEntropy(""), 0);
  EXPECT_EQ(ShannonEntropy("aaaa"), 0);
  EXPECT_DOUBLE_EQ(ShannonEntropy("abab"), 1);
  EXPECT_DOUBLE_EQ(ShannonEntropy("abcdefgh"), 3);
  EXPECT_NEAR(ShannonEntropy("aab"), 0.9182958, 1e-6);
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_DOUBLE_EQ(ShannonEntropy(all), 8);
}

TEST(ByteCounts, AddUp) {
  const std::vector<uint8_t> half(10'001, 'a');  // several at a time, and one
  const std::vector<uint8_t> other(10'001, 'b');
  ByteCounts counts;
  EXPECT_EQ(counts.Entropy(), 0);
  counts.Add(half);
  EXPECT_EQ(counts.Entropy(), 0);
  counts.Add(other);
  EXPECT_DOUBLE_EQ(counts.Entropy(), 1);
}

}  // namespace
}  // namespace nuthatch
