#include "enrich/encoded_text.h"

#include <algorithm>
#include <cstdint>

#include "base/utf8.h"
#include "enrich/bounded_text.h"
#include "enrich/well_known_variables.h"

namespace nuthatch {
namespace {

constexpr size_t kMinEncoded = 8;  // characters of base64

int Base64Value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool IsLetter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

// Where the value of an option or argument begins, past what may come before it.
size_t SkipTo(std::string_view text, size_t at, std::string_view before) {
  return std::min(text.find_first_not_of(before, at), text.size());
}

// The end of the name of an option that is short for EncodedCommand or EncodedArguments, whose dash
// or slash is at `at`; `at` when it is another.
size_t EndOfOption(std::string_view text, size_t at) {
  if (at > 0 && IsLetter(text[at - 1])) return at;
  size_t end = at + 1;
  while (end < text.size() && end < at + 18 && IsLetter(text[end])) ++end;
  const std::string_view name = text.substr(at + 1, end - at - 1);
  const bool matches = !name.empty() && (StartsWithIgnoringCase("encodedcommand", name) ||
                                         StartsWithIgnoringCase("encodedarguments", name) ||
                                         EqualsIgnoringCase("ec", name));
  return matches ? end : at;
}

std::string_view Base64At(std::string_view text, size_t begin) {
  size_t end = begin;
  while (end < text.size() && Base64Value(text[end]) >= 0) ++end;
  return text.substr(begin, end - begin);
}

std::string_view DecodeBase64(std::string_view base64, Arena* arena) {
  BoundedText bytes(base64.size() / 4 * 3 + 3, arena);
  uint32_t bits = 0;
  int count = 0;
  for (const char c : base64) {
    bits = bits << 6 | static_cast<uint32_t>(Base64Value(c));
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.Append(static_cast<char>(bits >> count));
    }
  }
  return bytes.Finish();
}

// Whether all characters are ones that commands have.
class Plausibility {
 public:
  bool Add(char32_t c) {
    ++characters_;
    ascii_ += c < 0x80;
    return c >= 0x20 ? c != 0x7f : c == '\t' || c == '\n' || c == '\r';
  }
  bool IsPlausible() const { return characters_ >= 2 && ascii_ * 4 >= characters_ * 3; }

 private:
  size_t characters_ = 0;
  size_t ascii_ = 0;
};

std::optional<std::string_view> FromUtf16(std::string_view bytes, Arena* arena) {
  if (bytes.size() % 2 != 0) return std::nullopt;
  const auto unit = [&](size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(bytes[i]) |
                                 static_cast<unsigned char>(bytes[i + 1]) << 8);
  };
  BoundedText text(bytes.size() / 2 * 3, arena);
  Plausibility plausibility;
  for (size_t i = 0; i < bytes.size(); i += 2) {
    char32_t c = unit(i);
    if (i == 0 && c == 0xfeff) continue;
    if (c >= 0xd800 && c < 0xdc00 && i + 2 < bytes.size() && (unit(i + 2) & 0xfc00) == 0xdc00) {
      c = 0x10000 + ((c & 0x3ff) << 10) + (unit(i + 2) & 0x3ff);
      i += 2;
    }
    if ((c >= 0xd800 && c < 0xe000) || !plausibility.Add(c)) return std::nullopt;
    char utf8[4];
    text.Append(std::string_view(utf8, EncodeUtf8(c, utf8)));
  }
  if (!plausibility.IsPlausible()) return std::nullopt;
  return text.Finish();
}

bool IsPlausibleUtf8(std::string_view text) {
  Plausibility plausibility;
  while (!text.empty()) {
    const DecodedCodePoint c = DecodeUtf8(text);
    if (!c.valid || !plausibility.Add(c.code_point)) return false;
    text.remove_prefix(c.length);
  }
  return plausibility.IsPlausible();
}

}  // namespace

bool IsEncodedOption(std::string_view text, size_t at) { return EndOfOption(text, at) > at; }

std::optional<std::string_view> NextEncodedText(std::string_view text, size_t* at) {
  constexpr std::string_view kFunction = "FromBase64String";
  for (; *at < text.size(); ++*at) {
    size_t begin = *at;
    const char c = text[begin];
    if (c == '-' || c == '/') {
      const size_t end = EndOfOption(text, begin);
      if (end > begin) begin = SkipTo(text, end, " :='\"");
    } else if ((c | 0x20) == 'f' && StartsWithIgnoringCase(text.substr(begin), kFunction)) {
      begin = SkipTo(text, begin + kFunction.size(), " ('\"\\");
    }
    if (begin == *at) continue;
    const std::string_view base64 = Base64At(text, begin);
    if (base64.size() < kMinEncoded) continue;
    *at = begin + base64.size();
    return base64;
  }
  return std::nullopt;
}

std::optional<std::string_view> DecodeText(std::string_view base64, Arena* arena) {
  const std::string_view bytes = DecodeBase64(base64, arena);
  const std::optional<std::string_view> text = FromUtf16(bytes, arena);
  if (text) return text;
  return IsPlausibleUtf8(bytes) ? std::optional(bytes) : std::nullopt;
}

}  // namespace nuthatch
