#include "pipeline/json_writer.h"

#include <array>
#include <string>

#include "gtest/gtest.h"

namespace nuthatch {
namespace {

std::string String(std::string_view text) {
  std::string out;
  AppendJsonString(text, &out);
  return out;
}

std::string Json(const Value& value) {
  std::string out;
  AppendJsonValue(value, &out);
  return out;
}

TEST(AppendJsonString, EscapesWhatMustBe) {
  EXPECT_EQ(String("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(String("\n\r\t\b\x01\x1f\x7f"), R"("\n\r\t\u0008\u0001\u001f\u007f")");
  EXPECT_EQ(String(std::string_view("\0", 1)), R"("\u0000")");
  EXPECT_EQ(String(""), "\"\"");
  EXPECT_EQ(String("caf\u00e9 \U0001F600"), "\"caf\u00e9 \U0001F600\"");
}

// Eight characters are looked at at once.
TEST(AppendJsonString, EscapesEveryByteAtEveryPlace) {
  for (size_t at = 0; at < 20; ++at) {
    for (int c = 0; c < 0x80; ++c) {
      std::string text(20, 'x');
      text[at] = static_cast<char>(c);
      const std::string one = String(std::string(1, static_cast<char>(c)));
      const std::string inner = one.substr(1, one.size() - 2);
      ASSERT_EQ(String(text), '"' + std::string(at, 'x') + inner + std::string(19 - at, 'x') + '"')
          << at << " " << c;
    }
  }
}

TEST(AppendJsonString, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(String("a\xFF\xC3z"), "\"a\uFFFD\uFFFDz\"");
  EXPECT_EQ(String("\xED\xA0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");
}

TEST(AppendJsonValue, Numbers) {
  EXPECT_EQ(Json(Value::Number(0)), "0");
  EXPECT_EQ(Json(Value::Number(-0.0)), "0");
  EXPECT_EQ(Json(Value::Number(-12)), "-12");
  EXPECT_EQ(Json(Value::Number(9007199254740992)), "9007199254740992");
  EXPECT_EQ(Json(Value::Number(0.1)), "0.1");
  EXPECT_EQ(Json(Value::Number(1e300)), "1e+300");
}

TEST(AppendJsonValue, EveryKind) {
  const std::array<std::string_view, 2> texts = {"a", "b\""};
  EXPECT_EQ(Json(Value::String("x")), "\"x\"");
  EXPECT_EQ(Json(Value::Strings(texts)), R"(["a","b\""])");
  EXPECT_EQ(Json(Value::Boolean(true)), "true");
  EXPECT_EQ(Json(Value::Boolean(false)), "false");
  EXPECT_EQ(Json(Value::Pending()), R"({"pending":true})");
}

}  // namespace
}  // namespace nuthatch
