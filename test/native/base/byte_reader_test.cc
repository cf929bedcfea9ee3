#include "base/byte_reader.h"

#include <gtest/gtest.h>

#include <vector>

namespace nuthatch {
namespace {

TEST(ByteReader, ReadsLittleEndian) {
  const std::vector<uint8_t> bytes = {1,   3,   2, 7, 6, 5, 4, 2, 0, 0,   0,
                                      'h', 'i', 0, 0, 0, 0, 0, 0, 0, 0xC0};
  ByteReader reader(bytes);
  EXPECT_EQ(reader.U8(), 1);
  EXPECT_EQ(reader.U16(), 0x0203);
  EXPECT_EQ(reader.U32(), 0x04050607u);
  EXPECT_EQ(reader.Text(), "hi");
  EXPECT_EQ(reader.F64(), -2.0);
  EXPECT_TRUE(reader.AtEnd());
}

TEST(ByteReader, PastTheEndIsZeroAndAFailureThatStays) {
  const std::vector<uint8_t> bytes = {1, 2, 3};
  ByteReader reader(bytes);
  EXPECT_EQ(reader.U32(), 0u);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.U8(), 0) << "although three bytes were left";
  EXPECT_FALSE(reader.AtEnd());
}

TEST(ByteReader, TextLongerThanWhatRemainsIsEmptyAndAFailure) {
  const std::vector<uint8_t> bytes = {0xFF, 0xFF, 0xFF, 0xFF, 'a'};
  ByteReader reader(bytes);
  EXPECT_EQ(reader.Text(), "");
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, ACountIsBoundedByWhatRemains) {
  const std::vector<uint8_t> bytes = {2, 0, 0, 0, 1, 2, 3, 4};
  EXPECT_EQ(ByteReader(bytes).Count(2), 2u);
  ByteReader reader(bytes);
  EXPECT_EQ(reader.Count(3), 0u);
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, NothingCanBeReadAfterFail) {
  const std::vector<uint8_t> bytes = {1, 2, 3};
  ByteReader reader(bytes);
  reader.Fail();
  EXPECT_EQ(reader.U8(), 0);
  EXPECT_EQ(reader.remaining(), 0u);
  EXPECT_FALSE(reader.AtEnd());
}

}  // namespace
}  // namespace nuthatch
