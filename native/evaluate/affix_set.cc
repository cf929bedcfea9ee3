#include "evaluate/affix_set.h"

#include <algorithm>
#include <bit>

#include "base/string_hash.h"

namespace nuthatch {

AffixSet::AffixSet(AffixSide side, std::vector<std::string> affixes)
    : side_(side), bitmap_(affixes.size(), 16) {
  for (uint32_t i = 0; i < affixes.size(); ++i) {
    std::string& outward = affixes[i];
    if (side == AffixSide::kEnd) std::reverse(outward.begin(), outward.end());
    affixes_.push_back({std::move(outward), i, kNone});
  }
  const auto key_length = [](const Affix& a) { return std::min(a.outward.size(), kKeyBytes); };
  std::sort(affixes_.begin(), affixes_.end(), [&](const Affix& a, const Affix& b) {
    if (key_length(a) != key_length(b)) return key_length(a) < key_length(b);
    return a.outward < b.outward;
  });
  slots_.assign(std::bit_ceil(affixes_.size() * 2 + 1), Slot{0, 0, 0, 0});
  for (uint32_t begin = 0, end = 0; begin < affixes_.size(); begin = end) {
    const size_t length = key_length(affixes_[begin]);
    const std::string_view key = std::string_view(affixes_[begin].outward).substr(0, length);
    while (end < affixes_.size() && key_length(affixes_[end]) == length &&
           affixes_[end].outward.starts_with(key)) {
      ++end;
    }
    Insert(begin, end);
  }
}

void AffixSet::Insert(uint32_t begin, uint32_t end) {
  // In order, an affix follows those that it begins with; `inner` is the nearest of these.
  for (uint32_t i = begin + 1; i < end; ++i) {
    uint32_t inner = i - 1;
    while (inner != kNone && !affixes_[i].outward.starts_with(affixes_[inner].outward)) {
      inner = affixes_[inner].inner;
    }
    affixes_[i].inner = inner;
  }
  for (uint32_t i = begin; i < end; ++i) SetJump(&affixes_[i]);
  const size_t length = std::min(affixes_[begin].outward.size(), kKeyBytes);
  const uint64_t key = LoadBytes(affixes_[begin].outward.data(), length);
  slots_[SlotOf(key, length)] = {key, begin, end, static_cast<uint32_t>(length)};
  bitmap_.Add(key);
  if (key_lengths_.empty() || key_lengths_.back() != length) key_lengths_.push_back(length);
}

// As far again as the last two jumps along the chain, when these are equally far.
void AffixSet::SetJump(Affix* affix) {
  const auto depth = [this](uint32_t i) { return i == kNone ? 0 : affixes_[i].depth; };
  const auto jump = [this](uint32_t i) { return i == kNone ? kNone : affixes_[i].jump; };
  const uint32_t inner = affix->inner;
  const uint32_t far = jump(inner);
  affix->depth = depth(inner) + 1;
  affix->jump = depth(inner) - depth(far) == depth(far) - depth(jump(far)) ? jump(far) : inner;
}

uint64_t AffixSet::OutermostBytes(std::string_view text) const {
  const size_t length = std::min(text.size(), kKeyBytes);
  if (side_ == AffixSide::kStart) {
    return length == kKeyBytes ? LoadBytes(text.data(), kKeyBytes) : LoadBytes(text.data(), length);
  }
  if (length == kKeyBytes)
    return SwapBytes(LoadBytes(text.data() + text.size() - length, kKeyBytes));
  return length == 0 ? 0 : SwapBytes(LoadBytes(text.data(), length)) >> (64 - 8 * length);
}

size_t AffixSet::SlotOf(uint64_t key, size_t length) const {
  const size_t mask = slots_.size() - 1;
  size_t at = MixBits(key) & mask;
  while (slots_[at].end != 0 && (slots_[at].key != key || slots_[at].length != length)) {
    at = (at + 1) & mask;
  }
  return at;
}

void AffixSet::Find(std::string_view text, std::vector<uint32_t>* found) const {
  const uint64_t outermost = OutermostBytes(text);
  for (const size_t length : key_lengths_) {
    if (length > text.size()) return;
    const uint64_t key = outermost & (~uint64_t{0} >> (64 - 8 * length));
    if (!bitmap_.MayHave(key)) continue;
    const Slot& slot = slots_[SlotOf(key, length)];
    if (slot.end != 0) FindIn(slot, text, found);
  }
}

size_t AffixSet::CommonLength(const std::string& outward, std::string_view text) const {
  const size_t limit = std::min(outward.size(), text.size());
  size_t i = 0;
  while (i < limit && outward[i] == At(text, i)) ++i;
  return i;
}

void AffixSet::FindIn(const Slot& slot, std::string_view text, std::vector<uint32_t>* found) const {
  if (slot.end - slot.begin == 1) {  // as mostly
    const Affix& only = affixes_[slot.begin];
    if (CommonLength(only.outward, text) == only.outward.size()) found->push_back(only.number);
    return;
  }
  // The last one that is not greater than the text: every affix of the text is it or on its chain.
  const auto first = affixes_.begin() + slot.begin;
  const auto after = std::partition_point(first, affixes_.begin() + slot.end, [&](const Affix& a) {
    const size_t i = CommonLength(a.outward, text);
    if (i == a.outward.size()) return true;
    return i < text.size() &&
           static_cast<unsigned char>(a.outward[i]) < static_cast<unsigned char>(At(text, i));
  });
  if (after == first) return;
  const auto last = after - 1;
  const size_t common = CommonLength(last->outward, text);
  const auto fits = [&](uint32_t i) { return i == kNone || affixes_[i].outward.size() <= common; };
  auto i = static_cast<uint32_t>(last - affixes_.begin());
  while (!fits(i)) i = fits(affixes_[i].jump) ? affixes_[i].inner : affixes_[i].jump;
  for (; i != kNone; i = affixes_[i].inner) found->push_back(affixes_[i].number);
}

}  // namespace nuthatch
