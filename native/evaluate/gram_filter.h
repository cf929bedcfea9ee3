// Finds the few places of a text at which one of many grams may stand, 64 places at a time.
#ifndef NUTHATCH_EVALUATE_GRAM_FILTER_H_
#define NUTHATCH_EVALUATE_GRAM_FILTER_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace nuthatch {

// Up to four bytes of a literal, the first one lowest.
struct Gram {
  static constexpr size_t kMaxSize = 4;
  uint32_t bytes;
  uint32_t size;
};

// What the scans look bytes up in. Grams are in groups, a bit each: a place is passed over unless
// some group has, for each of the four bytes there, a gram that has it in the same position. (Bytes
// that a short gram lacks may be any.)
struct GramTables {
  static constexpr size_t kGroups = 32;
  static constexpr size_t kPlanes = kGroups / 8;

  // By position in the gram and byte.
  uint32_t groups[Gram::kMaxSize][256] = {};
  // The same for shuffles: of groups [8 * plane, 8 * plane + 8), by the byte when it is ASCII; and,
  // letting more pass, by its lower and upper half.
  alignas(64) uint8_t ascii[GramTables::kPlanes][Gram::kMaxSize][128] = {};
  alignas(16) uint8_t low[GramTables::kPlanes][Gram::kMaxSize][16] = {};
  alignas(16) uint8_t high[GramTables::kPlanes][Gram::kMaxSize][16] = {};
};

// Sets bit i of places[b] when a gram may stand at text[64 * b + i]. Reads 64 * blocks + 3 bytes.
using GramScan = void (*)(const GramTables& tables, const char* text, size_t blocks,
                          uint64_t* places);

// Teddy of Hyperscan (Wang et al., "Hyperscan: A Fast Multi-pattern Regex Matcher for Modern CPUs",
// NSDI 2019), with more groups, which are made of grams alike and so let less pass. Immutable.
class GramFilter {
 public:
  static constexpr size_t kBlock = 64;
  // Bytes that must be readable after a text.
  static constexpr size_t kPadding = kBlock + Gram::kMaxSize - 1;

  explicit GramFilter(std::vector<Gram> grams);

  // Calls visit(place) for the places, in order, at which a gram may stand, until it returns false.
  // Returns false then. kPadding bytes after the text must be readable; what they are does not
  // matter.
  template <typename Visit>
  bool Find(std::string_view text, Visit visit) const {
    for (size_t at = 0; at < text.size(); at += kStep) {
      uint64_t places[kStep / kBlock];
      const size_t size = text.size() - at < kStep ? text.size() - at : kStep;
      const size_t blocks = (size + kBlock - 1) / kBlock;
      scan_(tables_, text.data() + at, blocks, places);
      places[blocks - 1] &= ~uint64_t{0} >> (kBlock * blocks - size);
      if (!VisitAll({places, blocks}, at, visit)) return false;
    }
    return true;
  }

  const GramTables& tables() const { return tables_; }

 private:
  static constexpr size_t kStep = 16 * kBlock;

  template <typename Visit>
  static bool VisitAll(std::span<const uint64_t> places, size_t at, Visit visit) {
    for (uint64_t left : places) {
      for (; left != 0; left &= left - 1) {
        if (!visit(at + static_cast<size_t>(std::countr_zero(left)))) return false;
      }
      at += kBlock;
    }
    return true;
  }

  GramTables tables_;
  GramScan scan_;
};

// The scans that this processor can run, the fastest first; the last one is plain C++.
struct NamedGramScan {
  std::string_view name;
  GramScan scan;
};
std::span<const NamedGramScan> GramScans();

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_GRAM_FILTER_H_
