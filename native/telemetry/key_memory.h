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

  // A key that was remembered, or the beginning of a record.
  struct alignas(64) Key {
   private:
    friend class KeyMemory;
    static constexpr size_t kLongest = 48;
    char text[kLongest];
    uint8_t size = 0;
    Node node = PathTree::kNoNode;

   public:
    Member member;

   private:
    Key* next[4] = {};  // the keys that came after it, the newest first
  };

  KeyMemory();

  Key* beginning() { return keys_.data(); }

  // The key in the `size` bytes at `quoted`, its quotes among them, which comes after `last`;
  // nullptr when the guess is wrong.
  static Key* Guess(Key* last, Node node, const char* quoted, size_t size) {
    Key* const guess = last->next[0];
    return Is(*guess, node, quoted, size) ? guess : GuessAgain(last, node, quoted, size);
  }

  // Remembers a key that Guess has not known, with its quotes. nullptr when it is overlong: it will
  // be guessed wrong again.
  Key* Remember(Key* last, Node node, std::string_view quoted, Member member);

 private:
  static constexpr size_t kPlaces = 2048;

  static bool Is(const Key& key, Node node, const char* quoted, size_t size) {
    return key.size == size && key.node == node && EqualBytes(key.text, quoted, size);
  }
  // For keys of a few words a call of memcmp costs more than comparing. Of Key::kLongest bytes at
  // most.
  static bool EqualBytes(const char* a, const char* b, size_t size) {
    const auto differ = [&](size_t at) { return LoadBytes(a + at, 8) ^ LoadBytes(b + at, 8); };
    if (size < 4) return LoadBytes(a, size) == LoadBytes(b, size);
    if (size < 8) {
      return LoadBytes(a, 4) == LoadBytes(b, 4) &&
             LoadBytes(a + size - 4, 4) == LoadBytes(b + size - 4, 4);
    }
    uint64_t any = differ(0) | differ(size - 8);
    if (size > 16) any |= differ(8) | differ(size - 16);
    if (size > 32) any |= differ(16) | differ(size - 24);
    return any == 0;
  }
  static Key* GuessAgain(Key* last, Node node, const char* quoted, size_t size);
  Key* PlaceFor(Node node, std::string_view quoted);

  std::vector<Key> keys_;  // of fixed size; the first one is the beginning of a record
};

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_KEY_MEMORY_H_
