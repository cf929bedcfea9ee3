#include "evaluate/hashed_strings.h"

#include <algorithm>
#include <bit>

#include "base/string_hash.h"

namespace nuthatch {

HashedStrings::HashedStrings(std::vector<std::string> strings)
    : strings_(std::move(strings)),
      slots_(std::bit_ceil(strings_.size() * 2 + 1), Slot{0, kEmpty}) {
  const size_t bits = std::bit_ceil(strings_.size() * 32 + 64);
  bitmap_.assign(bits / 64, 0);
  bitmap_shift_ = static_cast<unsigned>(64 - std::countr_zero(bits));
  const size_t mask = slots_.size() - 1;
  for (uint32_t i = 0; i < strings_.size(); ++i) {
    const size_t bit = BitOf(strings_[i]);
    bitmap_[bit / 64] |= uint64_t{1} << (bit % 64);
    const uint64_t hash = HashString(strings_[i]);
    size_t at = hash & mask;
    while (slots_[at].string != kEmpty) at = (at + 1) & mask;
    slots_[at] = {static_cast<uint32_t>(hash >> 32), i};
  }
}

size_t HashedStrings::BitOf(std::string_view text) const {
  const uint64_t end = LastWord(text) ^ text.size() << 56;
  return (end ^ end >> 32) * 0x9e3779b97f4a7c15u >> bitmap_shift_;
}

std::optional<uint32_t> HashedStrings::Find(std::string_view text) const {
  const size_t bit = BitOf(text);
  if ((bitmap_[bit / 64] >> (bit % 64) & 1) == 0) return std::nullopt;
  const size_t mask = slots_.size() - 1;
  const uint64_t hash = HashString(text);
  for (size_t at = hash & mask; slots_[at].string != kEmpty; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.tag == hash >> 32 && strings_[slot.string] == text) return slot.string;
  }
  return std::nullopt;
}

}  // namespace nuthatch
