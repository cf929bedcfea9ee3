#include "evaluate/gram_scan.h"

#include <vector>

#include "base/immortal.h"

namespace nuthatch {

void ScanGramsScalar(const GramTables& tables, const char* text, size_t blocks, uint64_t* places) {
  const auto* at = reinterpret_cast<const unsigned char*>(text);
  for (size_t block = 0; block < blocks; ++block) {
    uint64_t found = 0;
    for (size_t i = 0; i < GramFilter::kBlock; ++i, ++at) {
      const uint32_t groups = tables.groups[0][at[0]] & tables.groups[1][at[1]] &
                              tables.groups[2][at[2]] & tables.groups[3][at[3]];
      found |= static_cast<uint64_t>(groups != 0) << i;
    }
    places[block] = found;
  }
}

std::span<const NamedGramScan> GramScans() {
  static const Immortal<std::vector<NamedGramScan>> scans([] {
    std::vector<NamedGramScan> all;
    const auto add = [&](std::string_view name, GramScan scan) {
      if (scan != nullptr) all.push_back({name, scan});
    };
    add("AVX-512", ScanGramsAvx512());
    add("AVX2", ScanGramsAvx2());
    add("NEON", ScanGramsNeon());
    add("scalar", ScanGramsScalar);
    return all;
  }());
  return *scans;
}

}  // namespace nuthatch
