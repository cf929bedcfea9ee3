#include "trace/registry_data.h"

#include <gtest/gtest.h>

#include <vector>

namespace nuthatch {
namespace {

std::string DataText(uint32_t type, const std::vector<uint8_t>& data) {
  std::string text;
  AppendRegistryData(type, data, &text);
  return text;
}

// Types of winnt.h.
TEST(RegistryData, IsTextOfItsType) {
  const std::vector<uint8_t> ab = {'a', 0, 'b', 0, 0, 0};
  EXPECT_EQ(DataText(1, ab), "ab");
  EXPECT_EQ(DataText(2, ab), "ab");
  EXPECT_EQ(DataText(1, {'a', 0, 'b'}), "a");
  EXPECT_EQ(DataText(3, {0, 0xFF}), "00ff");
  EXPECT_EQ(DataText(4, {1, 0, 0, 0x80}), "2147483649");
  EXPECT_EQ(DataText(4, {1, 0}), "0100");
  EXPECT_EQ(DataText(5, {0x80, 0, 0, 1}), "2147483649");
  EXPECT_EQ(DataText(7, {'a', 0, 0, 0, 'b', 0, 0, 0, 0, 0, 'c', 0}), "a b");
  EXPECT_EQ(DataText(7, {}), "");
  EXPECT_EQ(DataText(11, std::vector<uint8_t>(8, 0xFF)), "18446744073709551615");
  EXPECT_EQ(DataText(99, {1}), "01");
}

TEST(RegistryData, LongBytesAreCutOff) {
  EXPECT_EQ(DataText(3, std::vector<uint8_t>(60'000, 0)).size(), 2 * kMaxBinaryData);
}

TEST(RegistryData, TypesHaveNames) {
  EXPECT_EQ(RegistryTypeName(0), "none");
  EXPECT_EQ(RegistryTypeName(7), "multi_string");
  EXPECT_EQ(RegistryTypeName(11), "qword");
  EXPECT_EQ(RegistryTypeName(12), "");
}

}  // namespace
}  // namespace nuthatch
