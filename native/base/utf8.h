// UTF-8, one code point at a time.
#ifndef NUTHATCH_BASE_UTF8_H_
#define NUTHATCH_BASE_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace nuthatch {

struct DecodedCodePoint {
  char32_t code_point;  // undefined when not valid
  uint8_t length;       // bytes; 1 for a byte that starts no valid sequence
  bool valid;
};

// The first code point of `text`, which is not empty. Overlong forms, surrogates and everything
// above U+10FFFF are invalid (Unicode 17, table 3-7).
DecodedCodePoint DecodeUtf8(std::string_view text);

// Writes 1 to 4 bytes for a Unicode scalar value; returns how many.
size_t EncodeUtf8(char32_t code_point, char* out);

void AppendUtf8(char32_t code_point, std::string* out);

bool IsValidUtf8(std::string_view text);

// Bytes that are not valid UTF-8 become U+FFFD.
void AppendValidUtf8(std::string_view text, std::string* out);

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_UTF8_H_
