// Letters and white space of ASCII; everything else is left alone.
#ifndef NUTHATCH_BASE_ASCII_H_
#define NUTHATCH_BASE_ASCII_H_

#include <algorithm>
#include <string_view>

#include "base/arena.h"

namespace nuthatch {

constexpr std::string_view kAsciiSpace = " \t\n\v\f\r";

constexpr char ToLowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsAsciiLetter(char c) {
  const char lower = ToLowerAscii(c);
  return lower >= 'a' && lower <= 'z';
}
constexpr bool IsAsciiSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// The value of a hexadecimal digit, or -1.
constexpr int HexDigitValue(char c) {
  if (IsAsciiDigit(c)) return c - '0';
  c = ToLowerAscii(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

constexpr bool EqualIgnoringAsciiCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a == b) return true;  // mostly, when they are equal at all
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return ToLowerAscii(x) == ToLowerAscii(y); });
}

constexpr bool StartsWithIgnoringAsciiCase(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         EqualIgnoringAsciiCase(text.substr(0, prefix.size()), prefix);
}

constexpr std::string_view TrimAscii(std::string_view text) {
  const size_t first = text.find_first_not_of(kAsciiSpace);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kAsciiSpace) - first + 1);
}

// `text` itself when no capital letter is in it, else a copy in `arena`.
inline std::string_view LowerAscii(std::string_view text, Arena* arena) {
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (std::none_of(text.begin(), text.end(), is_capital)) return text;
  char* const lower = arena->Allocate(text.size());
  std::transform(text.begin(), text.end(), lower, ToLowerAscii);
  return {lower, text.size()};
}

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_ASCII_H_
