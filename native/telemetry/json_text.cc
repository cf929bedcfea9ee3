#include "telemetry/json_text.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "telemetry/unescape.h"

namespace nuthatch {
namespace {

const char* SkipDigits(const char* p, const char* end) {
  while (p != end && IsAsciiDigit(*p)) ++p;
  return p;
}

// The code unit of "\uXXXX" at `p`, or -1.
int CodeUnit(const char* p, const char* end) {
  if (end - p < 6 || p[0] != '\\' || p[1] != 'u') return -1;
  int unit = 0;
  for (int i = 2; i < 6; ++i) {
    const int digit = HexDigitValue(p[i]);
    if (digit < 0) return -1;
    unit = unit << 4 | digit;
  }
  return unit;
}

struct Cursor {
  const char* in;
  char* out;
};

// At a backslash whose escape is "\u".
Cursor UnescapeUnicode(Cursor at, const char* end) {
  const int unit = CodeUnit(at.in, end);
  if (unit < 0) {
    *at.out++ = *at.in++;
    return at;
  }
  at.in += 6;
  auto code = static_cast<char32_t>(unit);
  if (unit >= 0xD800 && unit < 0xE000) {
    const int low = unit < 0xDC00 ? CodeUnit(at.in, end) : -1;
    const bool pair = low >= 0xDC00 && low < 0xE000;
    code =
        pair ? 0x10000 + ((code - 0xD800) << 10) + (static_cast<char32_t>(low) - 0xDC00) : 0xFFFD;
    if (pair) at.in += 6;
  }
  at.out += EncodeUtf8(code, at.out);
  return at;
}

// At a backslash.
Cursor UnescapeOne(Cursor at, const char* end) {
  static constexpr std::string_view kFrom = "\"\\/bfnrt";
  static constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
  if (end - at.in >= 2) {
    const char c = at.in[1];
    if (c == 'u') return UnescapeUnicode(at, end);
    const size_t which = c == '\\' ? 1 : kFrom.find(c);
    if (which != kFrom.npos) {
      *at.out++ = kTo[which];
      at.in += 2;
      return at;
    }
  }
  *at.out++ = *at.in++;
  return at;
}

}  // namespace

bool IsJsonNumber(std::string_view text) {
  const char* p = text.data();
  const char* const end = p + text.size();
  if (p != end && *p == '-') ++p;
  if (p == end || !IsAsciiDigit(*p)) return false;
  p = *p == '0' ? p + 1 : SkipDigits(p, end);
  if (p != end && *p == '.') {
    const char* fraction = p + 1;
    p = SkipDigits(fraction, end);
    if (p == fraction) return false;
  }
  if (p != end && (*p | 0x20) == 'e') {
    ++p;
    if (p != end && (*p == '+' || *p == '-')) ++p;
    const char* exponent = p;
    p = SkipDigits(exponent, end);
    if (p == exponent) return false;
  }
  return p == end;
}

std::string_view UnescapeJson(std::string_view raw, Arena* arena) {
  constexpr size_t kShort = 32;
  if (raw.size() <= kShort && !HasEscape(raw)) return raw;
  char* const text = arena->Allocate(raw.size() + kUnescapeRoom);
  static const UnescapePart unescape_simple = UnescapeSimplePart();
  const char* const end = raw.data() + raw.size();
  Cursor at{raw.data(), text};
  while (at.in != end) {
    const UnescapedPart done = unescape_simple({at.in, end}, at.out);
    at = {at.in + done.read, at.out + done.written};
    if (at.in != end) at = UnescapeOne(at, end);
  }
  const auto size = static_cast<size_t>(at.out - text);
  arena->Shrink(text, size == raw.size() ? 0 : size);
  return size == raw.size() ? raw : std::string_view(text, size);
}

}  // namespace nuthatch
