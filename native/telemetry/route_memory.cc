#include "telemetry/route_memory.h"

#include <cstring>

#include "base/string_hash.h"

namespace nuthatch {

uint64_t RouteMemory::MakeKey(const char* base, std::span<const FoundValue> found) {
  uint64_t hash = 0;
  size_t size = 0;
  const auto add = [&](uint64_t word) {
    key_.words[size++] = word;
    hash = (hash ^ word) * 0xff51afd7ed558ccdu;
    hash ^= hash >> 32;
  };
  key_.size = 0;
  for (const FoundValue& value : found) {
    const SlotUse use = uses_[value.slot];
    if (use == SlotUse::kNone) continue;
    const std::string_view text(base + value.slice.offset,
                                use == SlotUse::kText ? value.slice.length() : 0);
    if (size + 2 + text.size() / 8 > kMostWords) return 0;
    const uint64_t what = use == SlotUse::kText   ? value.slice.length_and_kind
                          : value.slice.present() ? 1
                                                  : 0;
    add(what << 32 | value.slot);
    for (size_t at = 0; at + 8 < text.size(); at += 8) add(LoadBytes(text.data() + at, 8));
    if (!text.empty()) add(LastWord(text));
  }
  key_.size = size;
  return hash;
}

auto RouteMemory::Find(const char* base, std::span<const FoundValue> found) -> const Outcome* {
  const uint64_t hash = MakeKey(base, found);
  place_ = key_.size == 0 ? &other_ : &entries_[hash % kPlaces];
  const Key& known = place_->key;
  const bool same = key_.size != 0 && known.size == key_.size &&
                    std::memcmp(known.words.data(), key_.words.data(), key_.size * 8) == 0;
  return same ? &place_->outcome : nullptr;
}

auto RouteMemory::Remember(std::optional<RouteId> route, std::string_view label) -> const Outcome& {
  place_->key.size = key_.size;
  std::memcpy(place_->key.words.data(), key_.words.data(), key_.size * 8);
  place_->outcome = {route, std::string(label)};
  return place_->outcome;
}

}  // namespace nuthatch
