#include "pipeline/json_writer.h"

#include <charconv>

#include "base/load_bytes.h"
#include "base/utf8.h"

namespace nuthatch {
namespace {

bool NeedsCare(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte >= 0x7F || c == '"' || c == '\\';
}

// Whether one of eight bytes does: a quote, a backslash, or what is not 0x20 to 0x7E.
bool AnyNeedsCare(uint64_t word) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHigh = kOnes * 0x80;
  const uint64_t below = (word - kOnes * 0x20) & ~word;
  const uint64_t above = (word & ~kHigh) + kOnes;  // 0x7F carries into the high bit
  return ((below | above | word) & kHigh) != 0 || FindByte(word, '"') != 0 ||
         FindByte(word, '\\') != 0;
}

size_t PlainSize(std::string_view text) {
  size_t plain = 0;
  while (plain + 8 <= text.size() && !AnyNeedsCare(LoadBytes(text.data() + plain, 8))) plain += 8;
  while (plain < text.size() && !NeedsCare(text[plain])) ++plain;
  return plain;
}

void AppendEscaped(char c, std::string* out) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  switch (c) {
    case '"':
      *out += "\\\"";
      return;
    case '\\':
      *out += "\\\\";
      return;
    case '\n':
      *out += "\\n";
      return;
    case '\r':
      *out += "\\r";
      return;
    case '\t':
      *out += "\\t";
      return;
    default:
      *out += "\\u00";
      *out += kDigits[static_cast<unsigned char>(c) >> 4];
      *out += kDigits[c & 15];
  }
}

template <typename Number>
void AppendNumber(Number number, std::string* out) {
  char digits[32];
  out->append(digits, std::to_chars(digits, digits + sizeof(digits), number).ptr);
}

}  // namespace

void AppendJsonString(std::string_view text, std::string* out) {
  *out += '"';
  while (!text.empty()) {
    const size_t plain = PlainSize(text);
    out->append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    if (static_cast<unsigned char>(text[0]) < 0x80) {
      AppendEscaped(text[0], out);
      text.remove_prefix(1);
      continue;
    }
    const DecodedCodePoint next = DecodeUtf8(text);
    if (!next.valid) {
      *out += "\xEF\xBF\xBD";
    } else {
      out->append(text.substr(0, next.length));
    }
    text.remove_prefix(next.length);
  }
  *out += '"';
}

void AppendJsonNumber(double number, std::string* out) {
  constexpr double kExact = 9007199254740992;  // 2^53
  if (number >= -kExact && number <= kExact &&
      number == static_cast<double>(static_cast<int64_t>(number))) {
    AppendNumber(static_cast<int64_t>(number), out);
  } else {
    AppendNumber(number, out);
  }
}

void AppendJsonNumber(uint64_t number, std::string* out) { AppendNumber(number, out); }

void AppendJsonValue(const Value& value, std::string* out) {
  if (!value.present()) {
    *out += "{\"pending\":true}";
  } else if (value.kind() == ValueKind::kNumber) {
    AppendJsonNumber(value.number(), out);
  } else if (value.kind() == ValueKind::kBoolean) {
    *out += value.boolean() ? "true" : "false";
  } else if (const auto texts = value.strings(); texts.size() == 1) {
    AppendJsonString(texts[0], out);
  } else {
    char separator = '[';
    for (const std::string_view text : texts) {
      *out += separator;
      AppendJsonString(text, out);
      separator = ',';
    }
    *out += ']';
  }
}

}  // namespace nuthatch
