#include "enrich/entropy.h"

#include <array>
#include <cmath>
#include <cstdint>

namespace nuthatch {

double ShannonEntropy(std::string_view text) {
  std::array<uint32_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const uint32_t count : counts) {
    if (count == 0) continue;
    const double share = count / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

}  // namespace nuthatch
