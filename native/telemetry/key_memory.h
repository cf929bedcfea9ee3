// Predicts the keys of a record: shippers write the members of an event in the same order every
// time, so the key that followed the last one before mostly follows it again, and one comparison
// stands for a search. The idea is that of Li et al., "Mison: A Fast JSON Parser for Data
// Analytics" (VLDB 2017), one key at a time and without trusting the guess.
#ifndef NUTHATCH_TELEMETRY_KEY_MEMORY_H_
#define NUTHATCH_TELEMETRY_KEY_MEMORY_H_

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "base/load_bytes.h"
#include "telemetry/path_tree.h"

namespace nuthatch {

// Of fixed size, whatever keys come: one for which there is no place takes another's. One thread at
// a time.
class KeyMemory {
 public:
  using Member = PathTree::Member;
  using Node = PathTree::Node;

  void BeginRecord() { last_ = 0; }

  // What was remembered of the key at `quoted`, its opening quote; nullptr when the guess is wrong.
  // There must be `room` bytes.
  const Member* Guess(Node node, const char* quoted, size_t room) {
    for (const uint16_t guess : keys_[last_].next) {
      const Key& key = keys_[guess];
      if (key.node != node || key.size > room || !EqualBytes(key.text, quoted, key.size)) continue;
      last_ = guess;
      return &key.member;
    }
    return nullptr;
  }

  // Remembers a key that Guess has not known, with its quotes; an overlong one is guessed wrong
  // again.
  void Remember(Node node, std::string_view quoted, Member member);

 private:
  static constexpr size_t kPlaces = 2048;  // the first one is the beginning of a record
  static constexpr size_t kLongest = 48;

  struct alignas(64) Key {
    char text[kLongest];
    uint8_t size = 0;
    Node node = PathTree::kNoNode;
    Member member;
    uint16_t next[4] = {};  // the keys that came after it, the newest first
  };

  // For keys of a few words a call of memcmp costs more than comparing.
  static bool EqualBytes(const char* a, const char* b, size_t size) {
    constexpr size_t kWord = sizeof(uint64_t);
    if (size < kWord) return std::memcmp(a, b, size) == 0;
    const auto differ = [&](size_t at) {
      return LoadBytes(a + at, kWord) ^ LoadBytes(b + at, kWord);
    };
    uint64_t any = differ(size - kWord);
    for (size_t at = 0; at + kWord < size; at += kWord) any |= differ(at);
    return any == 0;
  }
  bool Holds(size_t place, Node node, std::string_view quoted) const;
  uint16_t PlaceFor(Node node, std::string_view quoted) const;

  std::vector<Key> keys_ = std::vector<Key>(kPlaces);
  uint16_t last_ = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_KEY_MEMORY_H_
