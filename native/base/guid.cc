#include "base/guid.h"

#include <cstdio>

namespace nuthatch {

std::string ToText(const Guid& guid) {
  const auto low = [&](int shift) { return static_cast<unsigned>(guid.low >> shift); };
  char text[37];
  std::snprintf(text, sizeof(text), "%08x-%04x-%04x-", low(0), low(32) & 0xFFFF, low(48));
  std::string result(text);
  for (int i = 0; i < 8; ++i) {
    if (i == 2) result += '-';
    std::snprintf(text, sizeof(text), "%02x", static_cast<unsigned>(guid.high >> (8 * i)) & 0xFF);
    result += text;
  }
  return result;
}

}  // namespace nuthatch
