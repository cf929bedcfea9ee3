// The tables of LiteralSet: which literals to compare where some bytes occur in a text.
#ifndef NUTHATCH_EVALUATE_GRAM_TABLE_H_
#define NUTHATCH_EVALUATE_GRAM_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/load_bytes.h"
#include "evaluate/gram_filter.h"
#include "evaluate/hash_bitmap.h"
#include "evaluate/stamp_set.h"

namespace nuthatch {

// Each literal hangs on one gram: the first two bytes of a short one; of a longer one the four that
// are rarest in telemetry and in the other literals. Immutable.
class GramTable {
 public:
  enum class Key { kTwoBytes, kFourBytes };
  // Takes those of `literals` that `members` lists, none of them shorter than the key. Appends to
  // *grams what stands in a text where Compare is to be called.
  GramTable(Key key, const std::vector<std::string>& literals, const std::vector<uint32_t>& members,
            std::vector<Gram>* grams);
  bool empty() const { return entries_.empty(); }

  // Appends those of the literals whose gram is at `at` of `text` that are there and not in *seen,
  // and adds them to it. Four bytes are readable at `at`, though perhaps not of the text. Takes one
  // from *budget for each comparison and each eight bytes compared; returns false, with part of the
  // work done, when it is used up.
  bool Compare(std::string_view text, size_t at, StampSet* seen, std::vector<uint32_t>* found,
               int64_t* budget) const {
    const auto bytes = static_cast<uint32_t>(LoadBytes(text.data() + at, Gram::kMaxSize));
    const uint32_t key = bytes & key_mask_;
    if (!bitmap_.MayHave(key)) return true;
    const Entry* const entry = EntriesOf(key);
    return entry == nullptr || CompareAll(entry, text, at, seen, found, budget);
  }

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
    uint32_t key;
    uint32_t first;  // entry, or kEmpty
  };

  void AddKey(uint32_t key, uint32_t first_entry);
  const Entry* EntriesOf(uint32_t key) const;
  bool CompareAll(const Entry* entry, std::string_view text, size_t at, StampSet* seen,
                  std::vector<uint32_t>* found, int64_t* budget) const;

  uint32_t key_mask_;
  HashBitmap bitmap_;        // of the keys: nearly all places that pass the filter in vain end here
  std::vector<Slot> slots_;  // open addressing, a power of two, at most half full
  std::vector<Entry> entries_;
  std::string pool_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_GRAM_TABLE_H_
