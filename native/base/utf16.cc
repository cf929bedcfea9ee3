#include "base/utf16.h"

#include "base/load_bytes.h"
#include "base/utf8.h"

namespace nuthatch {
namespace {

// Four units at once, when all are ASCII and none is NUL.
bool AppendAscii(uint64_t units, std::string* out) {
  constexpr uint64_t kOnes = 0x0001000100010001;
  if ((units & kOnes * 0xFF80) != 0) return false;
  if (((units - kOnes) & kOnes * 0x8000) != 0) return false;
  const uint64_t pairs = units | units >> 8;
  const char text[4] = {static_cast<char>(pairs), static_cast<char>(pairs >> 8),
                        static_cast<char>(pairs >> 32), static_cast<char>(pairs >> 40)};
  out->append(text, sizeof(text));
  return true;
}

constexpr bool IsSurrogate(char32_t unit) { return (unit & 0xF800) == 0xD800; }

// Of a surrogate and the unit after it, 0 if there is none; U+FFFD if they are no pair.
char32_t JoinPair(char32_t high, char32_t low) {
  const bool pair = (high & 0xFC00) == 0xD800 && (low & 0xFC00) == 0xDC00;
  return pair ? 0x10000 + ((high & 0x3FF) << 10 | (low & 0x3FF)) : 0xFFFD;
}

}  // namespace

std::string Utf16ToUtf8(std::span<const uint8_t> bytes) {
  std::string text;
  AppendUtf16(bytes, &text);
  return text;
}

std::u16string Utf8ToUtf16(std::string_view text) {
  std::u16string units;
  units.reserve(text.size());
  while (!text.empty()) {
    const DecodedCodePoint decoded = DecodeUtf8(text);
    const char32_t c = decoded.valid ? decoded.code_point : 0xFFFD;
    text.remove_prefix(decoded.length);
    if (c < 0x10000) {
      units += static_cast<char16_t>(c);
    } else {
      units += static_cast<char16_t>(0xD7C0 + (c >> 10));
      units += static_cast<char16_t>(0xDC00 | (c & 0x3FF));
    }
  }
  return units;
}

void AppendUtf16(std::span<const uint8_t> bytes, std::string* out) {
  for (size_t at = 0; at + 2 <= bytes.size();) {
    if (at + 8 <= bytes.size() && AppendAscii(LoadAt<uint64_t>(bytes, at), out)) {
      at += 8;
      continue;
    }
    char32_t c = LoadAt<uint16_t>(bytes, at);
    at += 2;
    if (c == 0) break;
    if (c < 0x80) {
      *out += static_cast<char>(c);
      continue;
    }
    if (IsSurrogate(c)) {
      c = JoinPair(c, at + 2 <= bytes.size() ? LoadAt<uint16_t>(bytes, at) : 0);
      if (c >= 0x10000) at += 2;
    }
    AppendUtf8(c, out);
  }
}

std::string Utf16BeToUtf8(std::span<const uint8_t> bytes) {
  std::string text;
  const auto unit = [&](size_t at) -> char32_t {
    return at + 2 <= bytes.size() ? static_cast<char32_t>(bytes[at] << 8 | bytes[at + 1]) : 0;
  };
  for (size_t at = 0; at + 2 <= bytes.size(); at += 2) {
    char32_t c = unit(at);
    if (IsSurrogate(c)) c = JoinPair(c, unit(at + 2));
    if (c >= 0x10000) at += 2;
    AppendUtf8(c, &text);
  }
  return text;
}

}  // namespace nuthatch
