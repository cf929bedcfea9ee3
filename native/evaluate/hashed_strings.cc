#include "evaluate/hashed_strings.h"

#include <algorithm>
#include <bit>

#include "evaluate/string_hash.h"

namespace nuthatch {

HashedStrings::HashedStrings(std::vector<std::string> strings)
    : strings_(std::move(strings)),
      slots_(std::bit_ceil(strings_.size() * 2 + 1), Slot{0, kEmpty}) {
  const size_t mask = slots_.size() - 1;
  for (uint32_t i = 0; i < strings_.size(); ++i) {
    longest_ = std::max(longest_, strings_[i].size());
    const uint64_t hash = HashString(strings_[i]);
    size_t at = hash & mask;
    while (slots_[at].string != kEmpty) at = (at + 1) & mask;
    slots_[at] = {static_cast<uint32_t>(hash >> 32), i};
  }
}

std::optional<uint32_t> HashedStrings::Find(std::string_view text) const {
  if (text.size() > longest_) return std::nullopt;
  const size_t mask = slots_.size() - 1;
  const uint64_t hash = HashString(text);
  for (size_t at = hash & mask; slots_[at].string != kEmpty; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.tag == hash >> 32 && strings_[slot.string] == text) return slot.string;
  }
  return std::nullopt;
}

}  // namespace nuthatch
