#include "trust/oid.h"

namespace nuthatch {

std::string OidText(ByteSpan der) {
  std::string text;
  uint64_t number = 0;
  for (const uint8_t byte : der) {
    number = number << 7 | (byte & 0x7f);  // one that is too large loses its high bits
    if (byte >= 0x80) continue;
    if (text.empty()) {
      const uint64_t first = number < 80 ? number / 40 : 2;
      text = std::to_string(first) + '.' + std::to_string(number - first * 40);
    } else {
      text += '.';
      text += std::to_string(number);
    }
    number = 0;
  }
  return text;
}

}  // namespace nuthatch
