#include "telemetry/utf16_operation.h"

#include <algorithm>
#include <cstdint>
#include <span>

#include "base/ascii.h"
#include "base/utf8.h"

namespace nuthatch {
namespace {

constexpr size_t kUnitDigits = 4;

uint16_t UnitOf(std::string_view digits) {
  const auto digit = [&](size_t at) { return static_cast<unsigned>(HexDigitValue(digits[at])); };
  return static_cast<uint16_t>(digit(0) << 4 | digit(1) | digit(2) << 12 | digit(3) << 8);
}

// Takes the unit at *at, or the pair.
char32_t TakeCodePoint(std::string_view x, size_t* at) {
  const char32_t c = UnitOf(x.substr(*at));
  *at += kUnitDigits;
  if ((c & 0xF800) != 0xD800) return c;
  const char32_t low = *at < x.size() ? UnitOf(x.substr(*at)) : 0;
  if ((c & 0xFC00) != 0xD800 || (low & 0xFC00) != 0xDC00) return 0xFFFD;
  *at += kUnitDigits;
  return 0x10000 + ((c & 0x3FF) << 10 | (low & 0x3FF));
}

}  // namespace

std::string_view HexUtf16(std::string_view x, Arena* arena) {
  const auto is_digit = [](char c) { return HexDigitValue(c) >= 0; };
  if (x.size() % 2 != 0 || !std::all_of(x.begin(), x.end(), is_digit)) return {};
  x = x.substr(0, x.size() / kUnitDigits * kUnitDigits);
  // A unit becomes 3 bytes at most, a pair 4.
  char* const text = arena->Allocate(x.size());
  size_t size = 0;
  for (size_t at = 0; at < x.size();) size += EncodeUtf8(TakeCodePoint(x, &at), text + size);
  arena->Shrink(text, size);
  const std::string_view all(text, size);
  return all.substr(0, all.find_last_not_of('\0') + 1);
}

}  // namespace nuthatch
