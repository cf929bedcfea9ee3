#include "base/utf16.h"

#include <gtest/gtest.h>

namespace nuthatch {
namespace {

std::string Utf8Of(std::u16string_view text) {
  return Utf16ToUtf8({reinterpret_cast<const uint8_t*>(text.data()), text.size() * 2});
}

TEST(Utf16, BecomesUtf8) {
  EXPECT_EQ(Utf8Of(u""), "");
  EXPECT_EQ(Utf8Of(u"aé€\U0001F426"), "aé€\U0001F426");
}

TEST(Utf16, EndsAtItsNul) {
  using namespace std::string_view_literals;
  EXPECT_EQ(Utf8Of(u"ab\0cd"sv), "ab");
}

// Four characters are looked at at once.
TEST(Utf16, EveryCharacterAtEveryPlace) {
  for (size_t at = 0; at < 9; ++at) {
    for (const char16_t c : {u'\x01', u'\x7F', u'\x80', u'\u20AC', u'\uFFFF'}) {
      std::u16string text(9, u'x');
      text[at] = c;
      const std::string one = Utf8Of(std::u16string(1, c));
      EXPECT_EQ(Utf8Of(text), std::string(at, 'x') + one + std::string(8 - at, 'x'));
    }
    std::u16string text(9, u'x');
    text[at] = 0;
    EXPECT_EQ(Utf8Of(text), std::string(at, 'x'));
  }
}

TEST(Utf16, HalfAPairIsReplaced) {
  const char16_t text[] = {0xD83D, u'a', 0xDC26, 0xD83D, 0xD83D, 0xDC26, 0xD83D};
  EXPECT_EQ(Utf8Of({text, 7}), "�a��\U0001F426�");
}

TEST(Utf16, OfUtf8) {
  EXPECT_EQ(Utf8ToUtf16("a\u00e9\u20ac\U0001F426"), u"a\u00e9\u20ac\U0001F426");
  EXPECT_EQ(Utf8ToUtf16("a\xff\xc3"), u"a\uFFFD\uFFFD") << "what is none is replaced";
  EXPECT_EQ(Utf8ToUtf16(""), u"");
}

TEST(Utf16, HalfACharacterAtTheEndIsNone) {
  const uint8_t bytes[] = {'a', 0, 'b'};
  EXPECT_EQ(Utf16ToUtf8(bytes), "a");
}

// As an oracle the little-endian one, on the same units.
TEST(Utf16, BigEndianIsTheSameInOtherBytes) {
  const std::u16string texts[] = {
      u"", u"ab", u"a\u20AC\uFFFF", {0xD83D, u'a', 0xDC26, 0xD83D, 0xDC26, 0xD83D}};
  for (const std::u16string& text : texts) {
    std::vector<uint8_t> bytes;
    for (const char16_t unit : text) {
      bytes.push_back(static_cast<uint8_t>(unit >> 8));
      bytes.push_back(static_cast<uint8_t>(unit));
    }
    EXPECT_EQ(Utf16BeToUtf8(bytes), Utf8Of(text));
    bytes.push_back('x');
    EXPECT_EQ(Utf16BeToUtf8(bytes), Utf8Of(text)) << "half a unit";
  }
}

}  // namespace
}  // namespace nuthatch
