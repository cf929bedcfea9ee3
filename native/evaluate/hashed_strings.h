// Finds which one of many strings a value equals.
#ifndef NUTHATCH_EVALUATE_HASHED_STRINGS_H_
#define NUTHATCH_EVALUATE_HASHED_STRINGS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

  size_t BitOf(std::string_view text) const;

  std::vector<std::string> strings_;
  std::vector<Slot> slots_;  // a power of two, at most half full
  // A bit for each size and end that a string has: most texts end here, before they are hashed.
  std::vector<uint64_t> bitmap_;
  unsigned bitmap_shift_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_HASHED_STRINGS_H_
