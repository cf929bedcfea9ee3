// Finds which one of many strings a value equals.
#ifndef NUTHATCH_EVALUATE_HASHED_STRINGS_H_
#define NUTHATCH_EVALUATE_HASHED_STRINGS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/hash_bitmap.h"

namespace nuthatch {

// Open addressing with linear probing; immutable.
class HashedStrings {
 public:
  // `strings` are distinct; a string's number is its index.
  explicit HashedStrings(std::vector<std::string> strings);
  std::optional<uint32_t> Find(std::string_view text) const;

 private:
  struct Slot {
    uint32_t tag;     // high half of the hash
    uint32_t string;  // kEmpty, or its number
  };
  static constexpr uint32_t kEmpty = UINT32_MAX;

  std::vector<std::string> strings_;
  std::vector<Slot> slots_;  // a power of two, at most half full
  HashBitmap bitmap_;        // of sizes and ends: most texts end here, before they are hashed
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_HASHED_STRINGS_H_
