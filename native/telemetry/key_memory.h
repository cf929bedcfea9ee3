// Predicts the keys of a record: shippers write the members of an event in the same order every
// time, so the key that followed the last one before mostly follows it again, and one comparison
// stands for a search. The idea is that of Li et al., "Mison: A Fast JSON Parser for Data
// Analytics" (VLDB 2017), one key at a time and without trusting the guess.
#ifndef NUTHATCH_TELEMETRY_KEY_MEMORY_H_
#define NUTHATCH_TELEMETRY_KEY_MEMORY_H_

#include <cstdint>
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

  // What was remembered of the key in the `size` bytes at `quoted`, its quotes among them; nullptr
  // when the guess is wrong.
  const Member* Guess(Node node, const char* quoted, size_t size) {
    const uint16_t guess = keys_[last_].next[0];
    if (!Is(guess, node, quoted, size)) return GuessAgain(node, quoted, size);
    return &keys_[last_ = guess].member;
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

  bool Is(uint16_t place, Node node, const char* quoted, size_t size) const {
    const Key& key = keys_[place];
    return key.size == size && key.node == node && EqualBytes(key.text, quoted, size);
  }
  // For keys of a few words a call of memcmp costs more than comparing. Of kLongest bytes at most.
  static bool EqualBytes(const char* a, const char* b, size_t size) {
    const auto differ = [&](size_t at) { return LoadBytes(a + at, 8) ^ LoadBytes(b + at, 8); };
    if (size < 8) return LoadBytes(a, size) == LoadBytes(b, size);
    uint64_t any = differ(0) | differ(size - 8);
    if (size > 16) any |= differ(8) | differ(size - 16);
    if (size > 32) any |= differ(16) | differ(size - 24);
    return any == 0;
  }
  const Member* GuessAgain(Node node, const char* quoted, size_t size);
  bool Holds(size_t place, Node node, std::string_view quoted) const;
  uint16_t PlaceFor(Node node, std::string_view quoted) const;

  std::vector<Key> keys_ = std::vector<Key>(kPlaces);
  uint16_t last_ = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_KEY_MEMORY_H_
