#include "evaluate/hashed_strings.h"

#include <algorithm>
#include <bit>

#include "base/string_hash.h"

namespace nuthatch {
namespace {

uint64_t SizeAndEnd(std::string_view text) { return LastWord(text) ^ text.size() << 56; }

}  // namespace

HashedStrings::HashedStrings(std::vector<std::string> strings)
    : strings_(std::move(strings)),
      slots_(std::bit_ceil(strings_.size() * 2 + 1), Slot{0, kEmpty}),
      bitmap_(strings_.size(), 32) {
  const size_t mask = slots_.size() - 1;
  for (uint32_t i = 0; i < strings_.size(); ++i) {
    bitmap_.Add(SizeAndEnd(strings_[i]));
    const uint64_t hash = HashString(strings_[i]);
    size_t at = hash & mask;
    while (slots_[at].string != kEmpty) at = (at + 1) & mask;
    slots_[at] = {static_cast<uint32_t>(hash >> 32), i};
  }
}

std::optional<uint32_t> HashedStrings::Find(std::string_view text) const {
  if (!bitmap_.MayHave(SizeAndEnd(text))) return std::nullopt;
  const size_t mask = slots_.size() - 1;
  const uint64_t hash = HashString(text);
  for (size_t at = hash & mask; slots_[at].string != kEmpty; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.tag == hash >> 32 && strings_[slot.string] == text) return slot.string;
  }
  return std::nullopt;
}

}  // namespace nuthatch
