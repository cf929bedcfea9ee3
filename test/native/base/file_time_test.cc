#include "base/file_time.h"

#include <gtest/gtest.h>

namespace nuthatch {
namespace {

std::string Text(uint64_t time) {
  std::string text;
  AppendFileTime(time, &text);
  return text;
}

// By GNU date: date -u -d @$(((TIME - 116444736000000000) / 10000000)).
TEST(FileTime, IsWrittenToAllOfItsHundredNanoseconds) {
  EXPECT_EQ(Text(133'000'000'000'000'001), "2022-06-18T04:26:40.0000001Z");
  EXPECT_EQ(Text(125'962'992'000'000'000), "2000-02-29T12:00:00.0000000Z");
  EXPECT_EQ(Text(157'520'160'000'000'000), "2100-03-01T00:00:00.0000000Z");
  EXPECT_EQ(Text(125'911'583'990'000'000), "1999-12-31T23:59:59.0000000Z");
}

TEST(FileTime, GoesAsFarAsItsBits) {
  EXPECT_EQ(Text(0), "1601-01-01T00:00:00.0000000Z");
  EXPECT_EQ(Text(2'600'000'000'000'000'000), "9840-01-28T06:13:20.0000000Z");
  // As JavaScript's Date writes years of more than four digits.
  EXPECT_EQ(Text(UINT64_MAX), "+060056-05-28T05:36:10.9551615Z");
}

}  // namespace
}  // namespace nuthatch
