#include "base/guid.h"

#include <gtest/gtest.h>

#include <cstring>

namespace nuthatch {
namespace {

TEST(Guid, IsStoredAsWindowsDoes) {
  const uint8_t stored[16] = {0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66,
                              0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};
  Guid guid;
  std::memcpy(&guid, stored, 16);
  EXPECT_EQ(guid, ParseGuid("00112233-4455-6677-8899-aabbccddeeff"));
  EXPECT_EQ(ToText(guid), "00112233-4455-6677-8899-aabbccddeeff");
}

TEST(Guid, OtherTextIsNone) {
  EXPECT_EQ(ToGuid("00112233-4455-6677-8899-aabbccddeeff"),
            ParseGuid("00112233-4455-6677-8899-aabbccddeeff"));
  EXPECT_FALSE(ToGuid(""));
  EXPECT_FALSE(ToGuid("00112233-4455-6677-8899-aabbccddeef"));
  EXPECT_FALSE(ToGuid("00112233-4455-6677-8899-aabbccddeefg"));
  EXPECT_FALSE(ToGuid("{0112233-4455-6677-8899-aabbccddeef}"));
}

}  // namespace
}  // namespace nuthatch
