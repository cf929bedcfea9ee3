#include "base/crc32.h"

#include <gtest/gtest.h>

#include <string_view>

namespace nuthatch {
namespace {

uint32_t Of(std::string_view text) {
  return Crc32({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

// The check value of CRC-32/ISO-HDLC in Cook's catalogue of parametrised CRC algorithms.
TEST(Crc32, CheckValue) {
  EXPECT_EQ(Of("123456789"), 0xCBF43926u);
  EXPECT_EQ(Of(""), 0u);
}

}  // namespace
}  // namespace nuthatch
