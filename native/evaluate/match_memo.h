// What passes found in values that came before. Telemetry repeats itself: of the paths and command
// lines of one fleet most have been seen a moment ago.
#ifndef NUTHATCH_EVALUATE_MATCH_MEMO_H_
#define NUTHATCH_EVALUATE_MATCH_MEMO_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace nuthatch {

struct Pass;

// Of fixed size. Two places a value, the one that was of less use goes; so values that never come
// again cost their own passes, and cannot drive out those that do. The hash is keyed with a random
// number, and answers are given for equal bytes only. One thread at a time.
class MatchMemo {
 public:
  static constexpr size_t kLongest = 256;  // bytes of a value
  static constexpr size_t kMostHits = 8;

  MatchMemo();

  // A value that a pass looks at; its hash is computed once for both of what follows.
  struct Key {
    const Pass* pass;
    std::string_view text;
    uint64_t hash;
  };
  Key KeyOf(const Pass* pass, std::string_view text) const;

  // The terms of the pass that are true for the text, if that is remembered; valid until Keep.
  std::optional<std::span<const uint32_t>> Find(const Key& key);
  // After Find has found nothing.
  void Keep(const Key& key, std::span<const uint32_t> hits);

 private:
  struct alignas(64) Entry {
    const Pass* pass = nullptr;
    uint32_t tag = 0;  // of the hash
    uint16_t size = 0;
    uint8_t hits_count = 0;
    uint8_t uses = 0;
    uint32_t hits[kMostHits];
    char text[kLongest];
  };
  static constexpr size_t kSets = 512;
  static constexpr uint8_t kMostUses = 15;

  Entry* SetOf(uint64_t hash) { return &entries_[2 * (hash % kSets)]; }

  const uint64_t secret_;
  std::vector<Entry> entries_ = std::vector<Entry>(2 * kSets);
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_MATCH_MEMO_H_
