#include "base/entropy.h"

#include <cmath>

namespace nuthatch {

void ByteCounts::Add(std::span<const uint8_t> bytes) {
  for (const uint8_t byte : bytes) ++counts_[byte];
  total_ += bytes.size();
}

double ByteCounts::Entropy() const {
  double bits = 0;
  for (const uint64_t count : counts_) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(total_);
    bits -= share * std::log2(share);
  }
  return bits;
}

double ShannonEntropy(std::string_view text) {
  ByteCounts counts;
  counts.Add({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  return counts.Entropy();
}

}  // namespace nuthatch
