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

#include "telemetry/path_tree.h"

namespace nuthatch {

// Of fixed size, whatever keys come: one for which there is no place takes another's. One thread at
// a time.
class KeyMemory {
 public:
  using Member = PathTree::Member;
  using Node = PathTree::Node;

  void BeginRecord() { last_ = 0; }

  // What was remembered of the key at `raw`, behind its opening quote; nullptr when the guess is
  // wrong. There must be `room` bytes.
  const Member* Guess(Node node, const char* raw, size_t room) {
    for (const uint16_t guess : keys_[last_].next) {
      const Key& key = keys_[guess];
      if (key.node != node || key.size > room || std::memcmp(key.text, raw, key.size) != 0) {
        continue;
      }
      last_ = guess;
      return &key.member;
    }
    return nullptr;
  }

  // Remembers the key at `raw`, which Guess has not known; an overlong one is guessed wrong again.
  void Remember(Node node, std::string_view raw, Member member);

 private:
  static constexpr size_t kPlaces = 2048;  // the first one is the beginning of a record
  static constexpr size_t kLongest = 47;

  struct alignas(64) Key {
    char text[kLongest + 1];  // with the closing quote
    uint8_t size = UINT8_MAX;
    Node node = PathTree::kNoNode;
    Member member;
    uint16_t next[4] = {};  // the keys that came after it, the newest first
  };

  bool Holds(size_t place, Node node, std::string_view raw) const;
  uint16_t PlaceFor(Node node, std::string_view raw) const;

  std::vector<Key> keys_ = std::vector<Key>(kPlaces);
  uint16_t last_ = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_KEY_MEMORY_H_
