#include <gtest/gtest.h>

#include "base/utf8.h"
#include "evaluate/property_matcher.h"

namespace nuthatch {
namespace {

std::vector<MatchedText> ExplainText(MatchKind match, std::vector<std::string> strings,
                                     const Value& value) {
  return Explain({PropertyId{}, match, false, false, std::move(strings), {}}, value);
}

TEST(Explain, ShowsTheValueAsItIsAndThePatternAsItIsWritten) {
  const auto matched =
      ExplainText(MatchKind::kIncludes, {"-Enc", "IEX", "no"}, Value::String("a -ENC iEx"));
  ASSERT_EQ(matched.size(), 2u);
  EXPECT_EQ(matched[0].value, "a -ENC iEx");
  EXPECT_EQ(matched[0].pattern, "-Enc");
  EXPECT_EQ(matched[1].pattern, "IEX");
}

TEST(Explain, ShowsTheValuesThatMatched) {
  const std::string_view values[] = {"one", "two", "three"};
  const auto matched = ExplainText(MatchKind::kStartsWith, {"T"}, Value::Strings(values));
  ASSERT_EQ(matched.size(), 2u);
  EXPECT_EQ(matched[0].value, "two");
  EXPECT_EQ(matched[1].value, "three");
}

TEST(Explain, CutsLargeValuesAroundTheMatchAndBetweenCodePoints) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "ⱥ";
  text += "NEEDLE";
  for (int i = 0; i < 5000; ++i) text += "Ⱥ";
  for (const MatchKind match : {MatchKind::kIncludes, MatchKind::kMatches}) {
    const auto matched = ExplainText(match, {"(?i)needle", "needle"}, Value::String(text));
    ASSERT_EQ(matched.size(), 1u);
    EXPECT_LE(matched[0].value.size(), 1024u);
    EXPECT_GE(matched[0].value.size(), 1000u);
    EXPECT_NE(matched[0].value.find("NEEDLE"), std::string::npos);
    EXPECT_TRUE(IsValidUtf8(matched[0].value));
  }
  const auto at_end = ExplainText(MatchKind::kEndsWith, {"ⱥ"}, Value::String(text));
  ASSERT_EQ(at_end.size(), 1u);
  EXPECT_TRUE(text.ends_with(at_end[0].value));
  const auto whole = ExplainText(MatchKind::kEquals, {text}, Value::String(text));
  ASSERT_EQ(whole.size(), 1u);
  EXPECT_TRUE(text.starts_with(whole[0].value));
}

TEST(Explain, ShowsNumbersAsText) {
  const auto equal = Explain({PropertyId{}, MatchKind::kNumberEquals, false, false, {}, {4444, 1}},
                             Value::Number(4444));
  ASSERT_EQ(equal.size(), 1u);
  EXPECT_EQ(equal[0].value, "4444");
  EXPECT_EQ(equal[0].pattern, "4444");
  const auto between =
      Explain({PropertyId{}, MatchKind::kBetween, false, false, {}, {0.5, 10}}, Value::Number(7));
  ASSERT_EQ(between.size(), 1u);
  EXPECT_EQ(between[0].pattern, "0.5..10");
}

TEST(Explain, SaysNothingOfATermThatIsNotTrue) {
  EXPECT_TRUE(ExplainText(MatchKind::kEquals, {"a"}, Value::String("b")).empty());
  EXPECT_TRUE(ExplainText(MatchKind::kExists, {}, Value::Missing()).empty());
  EXPECT_TRUE(ExplainText(MatchKind::kExists, {}, Value::Pending()).empty());
}

}  // namespace
}  // namespace nuthatch
