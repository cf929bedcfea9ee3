#include "evaluate/match_memo.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/random.h"
#include "evaluate/string_hash.h"

namespace nuthatch {

MatchMemo::MatchMemo() : secret_(RandomWord()) {}

// Two chains of multiplications at once; the last sixteen bytes may be read twice.
MatchMemo::Key MatchMemo::KeyOf(const Pass* pass, std::string_view text) const {
  constexpr uint64_t kA = 0x9e3779b97f4a7c15u;
  constexpr uint64_t kB = 0xd6e8feb86659fd93u;
  const char* const bytes = text.data();
  const size_t size = text.size();
  uint64_t a = secret_ ^ (size * kA);
  uint64_t b = std::rotl(secret_, 32) ^ reinterpret_cast<uintptr_t>(pass);
  const auto mix = [&](uint64_t x, uint64_t y) {
    a = (a ^ x) * kA;
    a ^= a >> 32;
    b = (b ^ y) * kB;
    b ^= b >> 32;
  };
  if (size < 16) {
    const size_t half = size / 2;
    mix(LoadBytes(bytes, half), LoadBytes(bytes + half, size - half));
  } else {
    for (size_t at = 0; at + 16 < size; at += 16) {
      mix(LoadBytes(bytes + at, 8), LoadBytes(bytes + at + 8, 8));
    }
    mix(LoadBytes(bytes + size - 16, 8), LoadBytes(bytes + size - 8, 8));
  }
  return {pass, text, MixBits(a ^ std::rotl(b, 32))};
}

std::optional<std::span<const uint32_t>> MatchMemo::Find(const Key& key) {
  Entry* const set = SetOf(key.hash);
  for (Entry* entry = set; entry != set + 2; ++entry) {
    if (entry->tag != static_cast<uint32_t>(key.hash >> 32) || entry->pass != key.pass ||
        std::string_view(entry->text, entry->size) != key.text) {
      continue;
    }
    entry->uses = std::min<uint8_t>(entry->uses + 1, kMostUses);
    return std::span(entry->hits, entry->hits_count);
  }
  return std::nullopt;
}

void MatchMemo::Keep(const Key& key, std::span<const uint32_t> hits) {
  if (key.text.size() > kLongest || hits.size() > kMostHits) return;
  Entry* place = SetOf(key.hash);
  Entry* other = place + 1;
  if (other->uses < place->uses) std::swap(place, other);
  if (other->uses > 0) --other->uses;  // what is of use no more ages
  place->pass = key.pass;
  place->tag = static_cast<uint32_t>(key.hash >> 32);
  place->size = static_cast<uint16_t>(key.text.size());
  place->hits_count = static_cast<uint8_t>(hits.size());
  place->uses = 1;  // more than an empty place
  std::copy(hits.begin(), hits.end(), place->hits);
  key.text.copy(place->text, key.text.size());
}

}  // namespace nuthatch
