// Finds which of many strings a value starts with, or ends with.
#ifndef NUTHATCH_EVALUATE_AFFIX_SET_H_
#define NUTHATCH_EVALUATE_AFFIX_SET_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/hash_bitmap.h"

namespace nuthatch {

enum class AffixSide { kStart, kEnd };

// The affixes that share their outermost bytes (8, or all of a shorter one) are found by one hash
// lookup. Among them they are in order, and each knows the longest other one that it begins with
// itself: all those of a text lie at the end of one such chain. A binary search finds the chain,
// and jumps pass over what is too long in it (Myers, "An applicative random-access stack", 1983).
// So a lookup takes logarithmic time and what it finds, however much the affixes share. Immutable.
class AffixSet {
 public:
  // `affixes` are distinct and not empty; an affix's number is its index.
  AffixSet(AffixSide side, std::vector<std::string> affixes);

  // Appends the numbers of all affixes of `text`.
  void Find(std::string_view text, std::vector<uint32_t>* found) const;

 private:
  static constexpr size_t kKeyBytes = 8;
  static constexpr uint32_t kNone = UINT32_MAX;
  struct Affix {
    std::string outward;  // the bytes, outermost first: reversed for kEnd
    uint32_t number;
    uint32_t inner;  // the longest other one, of the same key, that this one begins with, or kNone
    uint32_t jump = kNone;  // one further along that chain
    uint32_t depth = 0;     // how many are on it, this one too
  };
  struct Slot {
    uint64_t key;
    uint32_t begin;   // affixes_[begin, end) have this key
    uint32_t end;     // 0 when the slot is empty
    uint32_t length;  // of the key in bytes
  };

  char At(std::string_view text, size_t i) const {
    return side_ == AffixSide::kStart ? text[i] : text[text.size() - 1 - i];
  }
  // Up to eight of the outermost bytes of `text`, the outermost one lowest.
  uint64_t OutermostBytes(std::string_view text) const;
  size_t SlotOf(uint64_t key, size_t length) const;
  void Insert(uint32_t begin, uint32_t end);
  void SetJump(Affix* affix);
  // Bytes that the beginning of `outward` and `text` read outermost first have in common.
  size_t CommonLength(const std::string& outward, std::string_view text) const;
  void FindIn(const Slot& slot, std::string_view text, std::vector<uint32_t>* found) const;

  AffixSide side_;
  std::vector<Affix> affixes_;       // sorted by key length class, then bytes
  std::vector<Slot> slots_;          // open addressing, a power of two, at most half full
  HashBitmap bitmap_;                // of the keys: most texts end here
  std::vector<size_t> key_lengths_;  // those that occur, in order
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_AFFIX_SET_H_
