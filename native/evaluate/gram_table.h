// The tables of LiteralSet: which literals to compare where some bytes occur in a text.
#ifndef NUTHATCH_EVALUATE_GRAM_TABLE_H_
#define NUTHATCH_EVALUATE_GRAM_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/stamp_set.h"

namespace nuthatch {

// Grams of kBytes (2 or 4) bytes, as little-endian numbers. Each literal hangs on one gram, of all
// it has the one that is rarest in telemetry and in the other literals. Immutable.
template <size_t kBytes>
class GramTable {
 public:
  // Takes those of `literals` that `members` lists. All have at least kBytes bytes.
  GramTable(const std::vector<std::string>& literals, const std::vector<uint32_t>& members);
  bool empty() const { return entries_.empty(); }

  // One bit for each gram that a literal hangs on, and for those that share its bit. A view, small
  // enough to stay in registers.
  struct Bitmap {
    const uint64_t* words;
    uint32_t mask;

    // The lowest bit is 0 when no literal hangs on `gram`; the others mean nothing, so that several
    // answers can be joined by | before the bit is tested.
    uint64_t MayHave(uint32_t gram) const {
      const uint32_t bit = IndexOf(gram, mask);
      return words[bit / 64] >> (bit % 64);
    }
  };
  Bitmap bitmap() const { return {bitmap_.data(), mask_}; }

  // Appends those of the literals on `gram`, which is at `at` of `text`, that are there and not in
  // *seen, and adds them to it. Takes one from *budget for each comparison and each eight bytes
  // compared; returns false, with part of the work done, when it is used up.
  bool Compare(std::string_view text, size_t at, uint32_t gram, StampSet* seen,
               std::vector<uint32_t>* found, int64_t* budget) const;

 private:
  static constexpr uint32_t kEmpty = UINT32_MAX;
  struct Entry {
    uint32_t begin;   // of the literal's bytes in pool_
    uint32_t size;    // in bytes
    uint32_t offset;  // of the gram in the literal
    uint32_t literal : 31;
    uint32_t more : 1;  // the next entry is on the same gram
  };
  struct Slot {
    uint32_t gram;
    uint32_t first;  // entry, or kEmpty
  };

  // The gram's bit: of grams of two bytes there are so few that each has its own.
  static uint32_t IndexOf(uint32_t gram, uint32_t mask) {
    return kBytes == 2 ? gram & 0xffff : (gram * 0x9e3779b1u) >> 11 & mask;
  }
  void AddGram(uint32_t gram, uint32_t first_entry);
  const Entry* EntriesOf(uint32_t gram) const;

  uint32_t mask_;
  std::vector<uint64_t> bitmap_;  // a power of two, at most 2^21 bits
  std::vector<Slot> slots_;       // open addressing, a power of two, at most half full
  std::vector<Entry> entries_;
  std::string pool_;
};

extern template class GramTable<2>;
extern template class GramTable<4>;

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_GRAM_TABLE_H_
