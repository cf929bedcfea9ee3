#include "base/case_fold.h"

#include <gtest/gtest.h>

#include <map>

#include "base/case_fold_table.h"
#include "base/utf8.h"

namespace nuthatch {
namespace {

// Folds one code point after the other.
std::string FoldSlowly(std::string_view text) {
  std::string folded;
  while (!text.empty()) {
    const DecodedCodePoint c = DecodeUtf8(text);
    if (c.valid) {
      AppendUtf8(FoldCodePoint(c.code_point), &folded);
    } else {
      folded.push_back(text[0]);
    }
    text.remove_prefix(c.length);
  }
  return folded;
}

TEST(FoldCase, FoldsAscii) {
  EXPECT_EQ(FoldCase(""), "");
  EXPECT_EQ(FoldCase("@AZ[`az{ C:\\Windows\\SYSTEM32\\Cmd.EXE"),
            "@az[`az{ c:\\windows\\system32\\cmd.exe");
}

TEST(FoldCase, FoldsOtherScripts) {
  EXPECT_EQ(FoldCase("ÄÖÜ ÉÈ"), "äöü éè");
  EXPECT_EQ(FoldCase("ΣΑΣ ς"), "σασ σ");
  EXPECT_EQ(FoldCase("ПРИВЕТ"), "привет");
  EXPECT_EQ(FoldCase("\U00010400"), "\U00010428");
}

TEST(FoldCase, MayChangeTheLength) {
  EXPECT_EQ(FoldCase("\u212A"), "k");       // KELVIN SIGN: three bytes to one
  EXPECT_EQ(FoldCase("\u1E9E"), "\u00DF");  // three to two; full folding would give ss
  EXPECT_EQ(FoldCase("\u023A"), "\u2C65");  // two to three
  std::string growing;
  for (int i = 0; i < 100; ++i) growing += "\u023A";
  EXPECT_EQ(FoldCase(growing).size(), FoldedCapacity(growing.size()));
}

TEST(FoldCase, LeavesTurkishLettersAndSharpSAlone) {
  EXPECT_EQ(FoldCase("\u0130\u0131"), "\u0130\u0131");
  EXPECT_EQ(FoldCase("I"), "i");
  EXPECT_EQ(FoldCase("\u00DF"), "\u00DF");
}

TEST(FoldFileName, FoldsLettersToTheirLowerCase) {
  EXPECT_EQ(FoldFileName("KERNEL32.DLL ÄÖÜ \u0178 ΣΩΜ ПРИВЕТ \u1F88"),
            "kernel32.dll äöü \u00FF σωμ привет \u1F80");
}

TEST(FoldFileName, KeepsApartWhatNtfsDoes) {
  for (const std::string text : {"\u017F", "\u212A", "\u212B", "\u00B5", "\u1E9E", "\u0130",
                                 "\u0131", "\u2126", "\u01C5", "\U00010400"}) {
    EXPECT_EQ(FoldFileName(text), text);
  }
}

// Simple folding takes all of these for one.
TEST(FoldFileName, NoThreeLettersAreOne) {
  std::map<std::string, int> sources;
  for (char32_t c = 0; c <= 0x10ffff; ++c) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    std::string letter;
    AppendUtf8(c, &letter);
    EXPECT_LE(++sources[FoldFileName(letter)], 2) << std::hex << static_cast<uint32_t>(c);
  }
}

TEST(FoldCase, LeavesBytesThatAreNotUtf8Alone) {
  for (const std::string text : {"\x80", "\xff\xfe", "\xc3", "\xc3(", "\xe2\x84", "\xed\xa0\x80",
                                 "\xc1\x81", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80"}) {
    EXPECT_EQ(FoldCase("A" + text + "B"), "a" + text + "b");
  }
}

TEST(FoldCase, FoldsAlikeWhereverACharacterStandsInABlock) {
  for (size_t size = 0; size < 140; ++size) {
    for (size_t at = 0; at <= size; ++at) {
      for (const std::string_view odd : {"\u212A", "\u023A", "\xff", "Z", "\U00010400", "\xc3"}) {
        std::string text(size, 'Q');
        text.insert(at, odd);
        EXPECT_EQ(FoldCase(text), FoldSlowly(text)) << size << " " << at << " " << odd;
      }
    }
  }
}

// What the table says is compared with JavaScript in case_fold_table.test.ts.
TEST(FoldCodePoint, FindsEveryRowOfTheTableAndNothingElse) {
  std::vector<char32_t> expected(0x110000);
  for (char32_t c = 0; c < 0x110000; ++c) expected[c] = c >= 'A' && c <= 'Z' ? c + 32 : c;
  for (const CaseFoldRange& range : kCaseFoldRanges) {
    for (char32_t c = range.first; c <= range.last; c += range.stride) {
      expected[c] = static_cast<char32_t>(static_cast<int32_t>(c) + range.delta);
    }
  }
  for (char32_t c = 0; c < 0x110000; ++c) {
    ASSERT_EQ(FoldCodePoint(c), expected[c]) << std::hex << static_cast<uint32_t>(c);
    ASSERT_EQ(FoldCodePoint(expected[c]), expected[c]) << "folding twice";
  }
}

}  // namespace
}  // namespace nuthatch
