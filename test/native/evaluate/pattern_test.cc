#include "evaluate/pattern.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/case_fold.h"
#include "base/utf8.h"

namespace nuthatch {
namespace {

std::unique_ptr<const Pattern> Compile(std::string_view text) {
  std::unique_ptr<const Pattern> pattern;
  const Status status = Pattern::Compile(text, &pattern);
  EXPECT_TRUE(status.ok()) << status.message();
  return pattern;
}

using Literals = std::vector<std::string>;

TEST(Pattern, KnowsTheLiteralsThatItsMatchesHold) {
  EXPECT_EQ(Compile("mimikatz")->required(), Literals{"mimikatz"});
  EXPECT_EQ(Compile("(?i)MimiKatz")->required(), Literals{"mimikatz"});
  EXPECT_EQ(Compile("a.*(longer|words).*b")->required(), (Literals{"longer", "words"}));
  EXPECT_EQ(Compile("short.*muchlonger")->required(), Literals{"muchlonger"});
  EXPECT_EQ(Compile("STRASSE|\u1E9Eabc")->required(), (Literals{"strasse", "\u00DFabc"}));
}

TEST(Pattern, OfLiteralsThatAllMustBeThereTheRarestCounts) {
  EXPECT_EQ(Compile("\\w+\\.exe\\W+qzx")->required(), Literals{"qzx"});
  EXPECT_EQ(Compile("\\\\system32\\\\.*-inject")->required(), Literals{"-inject"});
  EXPECT_EQ(Compile("system32.*qz")->required(), Literals{"system32"}) << "two bytes are too few";
}

TEST(Pattern, KnowsNoneWhereAMatchMayHaveNone) {
  for (const char* text :
       {"", ".", "[a-z]{40}", "ab", "abc|d", "(abc)?", "(abc)*x", "^$", "\\d+\\.\\d+"}) {
    EXPECT_TRUE(Compile(text)->required().empty()) << text;
  }
}

bool HoldsRequired(const Pattern& pattern, std::string_view text) {
  const std::string folded = FoldCase(text);
  return pattern.required().empty() ||
         std::any_of(pattern.required().begin(), pattern.required().end(),
                     [&](const std::string& l) { return folded.find(l) != std::string::npos; });
}

// RE2 lowers the literals that it requires with a table of its own: what it matches must hold them
// in our folding too, for every character that has a case.
TEST(Pattern, RequiredLiteralsAgreeWithOurFolding) {
  std::vector<std::vector<char32_t>> same(0x110000);
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c >= 0xd800 && c < 0xe000) continue;
    same[FoldCodePoint(c)].push_back(c);
  }
  // Case mappings that simple folding does not follow.
  same[0x130] = {0x130, 'i', 'I', 0x131};
  size_t checked = 0;
  for (const std::vector<char32_t>& group : same) {
    if (group.size() < 2) continue;
    for (const char32_t c : group) {
      std::string literal = "xyz";
      AppendUtf8(c, &literal);
      for (const std::string_view flags : {"", "(?i)"}) {
        const auto pattern = Compile(std::string(flags) + literal);
        ASSERT_FALSE(pattern->required().empty());
        for (const char32_t other : group) {
          std::string text = "--XyZ";
          if (flags.empty()) text = "--xyz";
          AppendUtf8(other, &text);
          ++checked;
          if (pattern->Matches(text)) {
            ASSERT_TRUE(HoldsRequired(*pattern, text)) << literal << " in " << text;
          }
        }
      }
    }
  }
  EXPECT_GT(checked, 10000u);
}

TEST(Pattern, TakesTimeLinearInTheText) {
  const std::string text = std::string(1 << 20, 'a') + "b";
  EXPECT_FALSE(Compile("(a+)+$")->Matches(text));
  EXPECT_TRUE(Compile("(a+)+b$")->Matches(text));
}

TEST(Pattern, MatchesTextThatIsNotUtf8) {
  EXPECT_TRUE(
      Compile("abc$")->Matches("\xff\xfe"
                               "abc"));
  EXPECT_FALSE(
      Compile("^.abc$")->Matches("\xff"
                                 "abc"));
}

TEST(CheckPattern, SaysWhatIsWrong) {
  EXPECT_EQ(CheckPattern("a(b|c)+"), "");
  EXPECT_NE(CheckPattern("a(b").find("missing )"), std::string::npos);
  EXPECT_NE(CheckPattern("(?=a)"), "");
  EXPECT_NE(CheckPattern("a{1,2000}"), "");
  EXPECT_NE(CheckPattern("((a{1,100}){1,100}){1,100}"), "");
  EXPECT_NE(CheckPattern("\xff"), "");
}

}  // namespace
}  // namespace nuthatch
