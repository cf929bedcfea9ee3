#include "base/entropy.h"

#include <cmath>

namespace nuthatch {

// Into several tables in turn: a byte that comes again at once would wait for its own count.
void ByteCounts::Add(std::span<const uint8_t> bytes) {
  constexpr size_t kTables = 4;
  constexpr size_t kWorthIt = 4096;
  total_ += bytes.size();
  if (bytes.size() >= kWorthIt) {
    std::array<std::array<uint64_t, 256>, kTables> tables{};
    const size_t whole = bytes.size() / kTables * kTables;
    for (size_t i = 0; i < whole; i += kTables) {
      for (size_t table = 0; table < kTables; ++table) ++tables[table][bytes[i + table]];
    }
    for (size_t byte = 0; byte < counts_.size(); ++byte) {
      for (const auto& table : tables) counts_[byte] += table[byte];
    }
    bytes = bytes.subspan(whole);
  }
  for (const uint8_t byte : bytes) ++counts_[byte];
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
