// The part of LiteralSet that looks at every byte of a text.
#ifndef NUTHATCH_EVALUATE_GRAM_FILTER_H_
#define NUTHATCH_EVALUATE_GRAM_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/stamp_set.h"

namespace nuthatch {

// Hashed q-grams, in the line of S. Wu, U. Manber: A fast algorithm for multi-pattern searching
// (TR 94-17, University of Arizona, 1994), without its shifts, which short literals rule out, and
// with the gram of each literal chosen among all it has: the one that is rarest in telemetry and
// in the other literals. Every gram of the text is looked up in a bitmap that fits the first-level
// cache; few get past it to the table of grams, and fewer to a comparison with a literal.
class GramFilter {
 public:
  // Takes those of `literals` that `members` lists. All have at least `gram_bytes` (2 or 4) bytes,
  // and they outlive the filter.
  GramFilter(size_t gram_bytes, const std::vector<std::string>& literals,
             const std::vector<uint32_t>& members);

  // Appends the members in `text` that are not in *seen, and adds them to it. Returns false, with
  // part of the work done, when *budget, which goes down by one for each comparison and for each
  // eight bytes compared, is used up.
  bool Find(std::string_view text, StampSet* seen, std::vector<uint32_t>* found,
            int64_t* budget) const;

 private:
  static constexpr uint32_t kEmpty = UINT32_MAX;
  struct Entry {
    const char* bytes;
    uint32_t size;
    uint32_t offset;  // of the gram in the literal
    uint32_t literal;
    uint32_t more;  // whether the next entry has the same gram
  };
  struct Slot {
    uint32_t gram;
    uint32_t first;  // entry, or kEmpty
  };

  template <size_t kBytes>
  bool FindGrams(std::string_view text, StampSet* seen, std::vector<uint32_t>* found,
                 int64_t* budget) const;
  bool Compare(std::string_view text, size_t at, uint32_t gram, StampSet* seen,
               std::vector<uint32_t>* found, int64_t* budget) const;
  uint32_t Hash(uint32_t gram) const { return (gram * 0x9e3779b1u) >> shift_; }
  void AddGram(uint32_t gram, uint32_t first_entry);

  size_t gram_bytes_;
  unsigned shift_ = 0;
  std::vector<uint64_t> bitmap_;
  std::vector<Slot> slots_;  // open addressing, a power of two, at most half full
  std::vector<Entry> entries_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_GRAM_FILTER_H_
