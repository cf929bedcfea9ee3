#ifndef NUTHATCH_BASE_HEX_H_
#define NUTHATCH_BASE_HEX_H_

#include <cstdint>
#include <span>
#include <string>

namespace nuthatch {

// Two small hexadecimal digits for each byte.
inline void AppendHexBytes(std::span<const uint8_t> bytes, std::string* out) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (const uint8_t byte : bytes) {
    *out += kDigits[byte >> 4];
    *out += kDigits[byte & 15];
  }
}

inline std::string HexBytes(std::span<const uint8_t> bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  AppendHexBytes(bytes, &text);
  return text;
}

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_HEX_H_
