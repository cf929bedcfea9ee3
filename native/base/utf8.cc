#include "base/utf8.h"

#include "base/load_bytes.h"

namespace nuthatch {
namespace {

// How many bytes there are before the first that is not ASCII.
size_t AsciiSize(std::string_view text) {
  constexpr uint64_t kHigh = 0x8080808080808080;
  size_t size = 0;
  while (size + 8 <= text.size() && (LoadBytes(text.data() + size, 8) & kHigh) == 0) size += 8;
  while (size < text.size() && static_cast<unsigned char>(text[size]) < 0x80) ++size;
  return size;
}

}  // namespace

DecodedCodePoint DecodeUtf8(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const DecodedCodePoint invalid = {0, 1, false};
  const unsigned lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const size_t length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length == 0 || text.size() < length) return invalid;
  // The second byte's range keeps out overlong forms, surrogates and what is above U+10FFFF.
  const unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (byte(1) < low || byte(1) > high) return invalid;
  char32_t code_point = ((lead & (0x7fu >> length)) << 6) | (byte(1) & 0x3fu);
  for (size_t i = 2; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return invalid;
    code_point = (code_point << 6) | (byte(i) & 0x3fu);
  }
  return {code_point, static_cast<uint8_t>(length), true};
}

size_t EncodeUtf8(char32_t c, char* out) {
  if (c < 0x80) {
    out[0] = static_cast<char>(c);
    return 1;
  }
  const size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (size_t i = length - 1; i > 0; --i) {
    out[i] = static_cast<char>(0x80 | (c & 0x3f));
    c >>= 6;
  }
  out[0] = static_cast<char>((0xf00u >> length) | c);
  return length;
}

void AppendUtf8(char32_t code_point, std::string* out) {
  char bytes[4];
  out->append(bytes, EncodeUtf8(code_point, bytes));
}

bool IsValidUtf8(std::string_view text) {
  while (!text.empty()) {
    const DecodedCodePoint c = DecodeUtf8(text);
    if (!c.valid) return false;
    text.remove_prefix(c.length);
  }
  return true;
}

void AppendValidUtf8(std::string_view text, std::string* out) {
  while (!text.empty()) {
    const size_t ascii = AsciiSize(text);
    out->append(text.substr(0, ascii));
    text.remove_prefix(ascii);
    if (text.empty()) return;
    const DecodedCodePoint next = DecodeUtf8(text);
    if (next.valid) {
      out->append(text.substr(0, next.length));
    } else {
      *out += "\xEF\xBF\xBD";
    }
    text.remove_prefix(next.length);
  }
}

}  // namespace nuthatch
