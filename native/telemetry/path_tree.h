// Which values of a JSON object are wanted: paths of keys from its root, each with a slot to put
// the value in. Immutable once built, shared by threads.
#ifndef NUTHATCH_TELEMETRY_PATH_TREE_H_
#define NUTHATCH_TELEMETRY_PATH_TREE_H_

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/load_bytes.h"

namespace nuthatch {

class PathTree {
 public:
  using Slot = uint16_t;
  using Node = uint16_t;  // an object on the way; the root is 0
  static constexpr Slot kNoSlot = 0xFFFF;
  static constexpr Node kNoNode = 0xFFFF;
  static constexpr Node kRoot = 0;

  // What is wanted of the member of an object: its value, members of its value, both, or neither.
  struct Member {
    Slot slot = kNoSlot;
    Node child = kNoNode;
  };

  // The slot of `path`, which has at least one key; the same for the same path.
  Slot Add(std::span<const std::string> path);
  // After the last Add, before the first Find.
  void Finish();

  size_t slots() const { return slots_; }
  size_t nodes() const { return below_.size(); }

  // Keys of one shipper differ in their length, beginning or end; a collision costs a probe.
  static uint32_t Hash(Node node, std::string_view key) {
    const char* p = key.data();
    const size_t n = key.size();
    uint64_t first = 0;
    uint64_t last = 0;
    if (n >= 8) {
      first = LoadBytes(p, 8);
      last = LoadBytes(p + n - 8, 8);
    } else if (n >= 4) {
      first = LoadBytes(p, 4);
      last = LoadBytes(p + n - 4, 4);
    } else if (n > 0) {
      first = static_cast<unsigned char>(p[0]);
      last = static_cast<uint64_t>(static_cast<unsigned char>(p[n / 2])) << 8 |
             static_cast<unsigned char>(p[n - 1]);
    }
    const uint64_t x = (first ^ (n << 56) ^ node) * 0x9E3779B97F4A7C15;
    const uint64_t y = (last + x) * 0xD6E8FEB86659FD93;
    return static_cast<uint32_t>((y ^ x) >> 32);
  }
  // `key` as it stands in the text, between the quotes.
  Member Find(Node node, std::string_view key) const {
    const uint32_t hash = Hash(node, key);
    for (size_t i = hash;; ++i) {
      const uint16_t number = table_[i & mask_];
      if (number == 0) return {};
      const Entry& entry = entries_[number];
      if (entry.hash == hash && entry.node == node && entry.size == key.size() &&
          std::memcmp(keys_.data() + entry.key, key.data(), key.size()) == 0) {
        return entry.member;
      }
    }
  }
  // kNoSlot when the value at `path` is not wanted.
  Slot SlotOf(std::span<const std::string> path) const;
  // All slots under an object: what a second member of the same name makes void.
  std::span<const Slot> SlotsBelow(Node node) const { return below_[node]; }

 private:
  struct Entry {
    uint32_t hash = 0;
    uint32_t key = 0;  // in keys_
    uint32_t size = 0;
    Node node = kNoNode;
    Member member;
  };

  Entry& Insert(Node node, std::string_view key);
  void Resize(size_t size);

  // Open addressing. Small numbers, so that it stays in the nearest cache though it is sparse: most
  // keys of a record are not wanted, and their search should end at the first probe.
  std::vector<uint16_t> table_;  // numbers in entries_; 0 is free
  size_t mask_ = 0;
  std::vector<Entry> entries_ = std::vector<Entry>(1);
  size_t slots_ = 0;
  std::string keys_;
  std::vector<std::vector<Slot>> below_ = std::vector<std::vector<Slot>>(1);
};

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_PATH_TREE_H_
