#include "telemetry/json_text.h"

#include <string>

#include "gtest/gtest.h"

namespace nuthatch {
namespace {

std::string Unescape(std::string_view raw) {
  Arena arena;
  return std::string(UnescapeJson(raw, &arena));
}

TEST(UnescapeJson, TextWithoutEscapesIsNotCopied) {
  const std::string raw = "C:/Windows/notepad.exe";
  Arena arena;
  EXPECT_EQ(UnescapeJson(raw, &arena).data(), raw.data());
}

TEST(UnescapeJson, KnowsEveryEscapeOfJson) {
  EXPECT_EQ(Unescape(R"(\"\\\/\b\f\n\r\t)"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(Unescape(R"(\u0041\u00e9\u20AC)"), "A\u00e9\u20ac");
  EXPECT_EQ(Unescape(R"(\u0000)"), std::string(1, '\0'));
}

TEST(UnescapeJson, JoinsSurrogatePairs) { EXPECT_EQ(Unescape(R"(\ud83d\uDE00!)"), "\U0001F600!"); }

TEST(UnescapeJson, HalfAPairIsReplaced) {
  EXPECT_EQ(Unescape(R"(\ud83d)"), "\ufffd");
  EXPECT_EQ(Unescape(R"(\ud83dx)"), "\ufffdx");
  EXPECT_EQ(Unescape(R"(\ude00\ud83d)"), "\ufffd\ufffd");
  EXPECT_EQ(Unescape(R"(\ud83d\u0041)"), "\ufffdA");
  EXPECT_EQ(Unescape(R"(\ud83d\ud83d\ude00)"), "\ufffd\U0001F600");
}

TEST(UnescapeJson, UnknownEscapesStayAsTheyAre) {
  EXPECT_EQ(Unescape(R"(C:\Users\q)"), R"(C:\Users\q)");
  EXPECT_EQ(Unescape(R"(\u12)"), R"(\u12)");
  EXPECT_EQ(Unescape(R"(\u12G4)"), R"(\u12G4)");
  EXPECT_EQ(Unescape("\\"), "\\");
}

// Copying goes a word at a time: escapes must be found at every place in and between words.
TEST(UnescapeJson, FindsEscapesAtEveryOffset) {
  for (size_t before = 0; before < 20; ++before) {
    for (size_t between = 0; between < 20; ++between) {
      const std::string a(before, 'a');
      const std::string b(between, 'b');
      EXPECT_EQ(Unescape(a + "\\\\" + b + "\\n" + a), a + "\\" + b + "\n" + a);
    }
  }
}

TEST(HasEscape, FindsABackslashAnywhere) {
  for (size_t size = 0; size < 40; ++size) {
    std::string text(size, 'x');
    EXPECT_FALSE(HasEscape(text));
    for (size_t at = 0; at < size; ++at) {
      text[at] = '\\';
      EXPECT_TRUE(HasEscape(text)) << size << " " << at;
      text[at] = '\xDC';  // differs in the highest bit
      EXPECT_FALSE(HasEscape(text)) << size << " " << at;
      text[at] = 'x';
    }
  }
}

TEST(IsJsonNumber, FollowsTheGrammar) {
  for (const char* good : {"0", "-0", "7", "10", "-12", "0.5", "1.25e10", "1E+2", "1e-7", "0e0",
                           "18446744073709551616", "1e999"}) {
    EXPECT_TRUE(IsJsonNumber(good)) << good;
  }
  for (const char* bad : {"", "-", "+1", "01", "00", ".5", "1.", "1.e1", "e1", "1e", "1e+", "0x10",
                          "1 ", " 1", "1x", "NaN", "Infinity", "--1", "1-"}) {
    EXPECT_FALSE(IsJsonNumber(bad)) << bad;
  }
}

}  // namespace
}  // namespace nuthatch
