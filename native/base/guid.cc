#include "base/guid.h"

namespace nuthatch {

void AppendGuid(const Guid& guid, std::string* out) {
  constexpr char kHex[] = "0123456789abcdef";
  const size_t begin = out->size();
  out->append(36, '-');
  for (size_t i = 0; i < 16; ++i) {
    const auto byte = static_cast<uint8_t>((i < 8 ? guid.low : guid.high) >> (i % 8 * 8));
    (*out)[begin + kGuidDigits[i]] = kHex[byte >> 4];
    (*out)[begin + kGuidDigits[i] + 1] = kHex[byte & 15];
  }
}

std::string ToText(const Guid& guid) {
  std::string text;
  AppendGuid(guid, &text);
  return text;
}

}  // namespace nuthatch
