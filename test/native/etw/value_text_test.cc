// What trace_logging_test.cc does not say: its table has each type once.
#include "etw/value_text.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "support/byte_sink.h"

namespace nuthatch {
namespace {

struct Written {
  std::string text;
  TextForm form;

  bool operator==(const Written&) const = default;
};
void PrintTo(const Written& written, std::ostream* out) {
  *out << written.text << ", form " << static_cast<int>(written.form);
}
Written Text(std::string text) { return {std::move(text), TextForm::kText}; }
Written Number(std::string text) { return {std::move(text), TextForm::kNumber}; }

Written Write(InType in, std::span<const uint8_t> value, OutType out = OutType::kDefault) {
  FieldSchema schema;
  schema.in = in;
  schema.out = out;
  Written written;
  written.form = AppendValue(schema, value, &written.text);
  return written;
}

Written SystemTime(std::initializer_list<uint16_t> parts, OutType out = OutType::kDefault) {
  ByteSink sink;
  for (const uint16_t part : parts) sink.U16(part);
  return Write(InType::kSystemTime, sink.bytes(), out);
}

// No two of its parts are the same; 2024-11-28 was a Thursday, day 4 of the week.
TEST(ValueText, OfASystemTimeTheDayOfTheWeekIsLeftOut) {
  const Written expected = Text("2024-11-28T09:05:07.013");
  EXPECT_EQ(SystemTime({2024, 11, 4, 28, 9, 5, 7, 13}), expected);
  for (const OutType out : {OutType::kLocalTime, OutType::kUtcTime, OutType::kText})
    EXPECT_EQ(SystemTime({2024, 11, 4, 28, 9, 5, 7, 13}, out), expected);
  EXPECT_EQ(SystemTime({0, 0, 0, 0, 0, 0, 0, 0}), Text("0000-00-00T00:00:00.000"));
  EXPECT_EQ(SystemTime({65535, 65535, 65535, 65535, 65535, 65535, 65535, 65535}),
            Text("65535-65535-65535T65535:65535:65535.65535"))
      << "whatever it says";
}

Written Float(float number) {
  ByteSink sink;
  sink.U32(std::bit_cast<uint32_t>(number));
  return Write(InType::kFloat, sink.bytes());
}
Written Double(double number) {
  ByteSink sink;
  sink.F64(number);
  return Write(InType::kDouble, sink.bytes());
}

TEST(ValueText, OfANumberAsManyDigitsAsTellItApart) {
  EXPECT_EQ(Float(0.1F), Number("0.1"));
  EXPECT_EQ(Double(0.1), Number("0.1"));
  EXPECT_EQ(Double(0.1F), Number("0.10000000149011612"));
  EXPECT_EQ(Double(-0.0), Number("-0"));
  EXPECT_EQ(Double(1e300), Number("1e+300"));
}

// JSON has no numbers for them.
TEST(ValueText, WhatIsNoNumberIsText) {
  using Floats = std::numeric_limits<float>;
  using Doubles = std::numeric_limits<double>;
  EXPECT_EQ(Float(Floats::quiet_NaN()), Text("nan"));
  EXPECT_EQ(Float(Floats::infinity()), Text("inf"));
  EXPECT_EQ(Float(-Floats::infinity()), Text("-inf"));
  EXPECT_EQ(Double(Doubles::quiet_NaN()), Text("nan"));
  EXPECT_EQ(Double(Doubles::infinity()), Text("inf"));
  EXPECT_EQ(Double(-Doubles::infinity()), Text("-inf"));
  EXPECT_EQ(Double(std::copysign(Doubles::quiet_NaN(), -1)), Text("-nan"));
}

// SID: u8 revision, u8 number, six bytes of authority, the highest first.
TEST(ValueText, ASidHasAllOfItsSubAuthorities) {
  ByteSink sink;
  for (const unsigned byte : {1u, 15u, 0u, 0u, 0u, 0u, 0u, 5u}) sink.U8(byte);
  std::string expected = "S-1-5";
  for (uint32_t i = 1; i <= 15; ++i) {
    sink.U32(0xFFFFFFFF - i);
    expected += '-' + std::to_string(0xFFFFFFFF - i);
  }
  EXPECT_EQ(Write(InType::kSid, sink.bytes()), Text(expected));
  EXPECT_EQ(Write(InType::kTokenSid, sink.bytes()), Text(expected));
}

TEST(ValueText, TheAuthorityOfASidIsANumberOf48Bits) {
  const std::vector<uint8_t> everyone = {1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
  EXPECT_EQ(Write(InType::kSid, everyone), Text("S-1-1-0"));
  const std::vector<uint8_t> largest = {1, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
  EXPECT_EQ(Write(InType::kSid, largest), Text("S-1-281474976710655"));
  EXPECT_EQ(Write(InType::kTokenSid, {}), Text("")) << "there was none";
}

TEST(ValueText, AnAddressThatIsNoneIsBytes) {
  const auto text = [](std::vector<uint8_t> bytes) {
    return Write(InType::kCountedBinary, bytes, OutType::kSocketAddress);
  };
  EXPECT_EQ(text({}), Text(""));
  EXPECT_EQ(text({2, 0, 1, 0xBB, 192, 0, 2}), Text("020001bbc00002"));
  EXPECT_EQ(text({2, 0, 1, 0xBB, 192, 0, 2, 1}), Text("192.0.2.1:443"));
  EXPECT_EQ(text({23, 0, 1, 0xBB, 0, 0, 0, 0, 1}), Text("170001bb0000000001"));
  EXPECT_EQ(text({1, 0, 1, 0xBB, 192, 0, 2, 1}), Text("010001bbc0000201"));
}

TEST(ValueText, PointersAreHexadecimalSizesAreNot) {
  for (const size_t width : {4u, 8u}) {
    ByteSink sink;
    sink.Put(0xFFFFFFF0, width);
    EXPECT_EQ(Write(InType::kPointer, sink.bytes()), Text("0xfffffff0"));
    EXPECT_EQ(Write(InType::kSize, sink.bytes()), Number("4294967280"));
  }
}

TEST(ValueText, ACharacterIsText) {
  const std::vector<uint8_t> wide = {0xE9, 0};
  EXPECT_EQ(Write(InType::kChar16, wide), Text("\u00E9"));
  EXPECT_EQ(Write(InType::kUint16, wide), Number("233"));
}

}  // namespace
}  // namespace nuthatch
