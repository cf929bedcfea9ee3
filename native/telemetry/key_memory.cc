#include "telemetry/key_memory.h"

#include <algorithm>
#include <iterator>

namespace nuthatch {

bool KeyMemory::Holds(size_t place, Node node, std::string_view raw) const {
  const Key& key = keys_[place];
  return key.node == node && key.size == raw.size() + 1 &&
         std::memcmp(key.text, raw.data(), raw.size()) == 0;
}

// One of two places, so that two keys with the same first one do not drive each other out.
uint16_t KeyMemory::PlaceFor(Node node, std::string_view raw) const {
  const size_t first = PathTree::Hash(node, raw) % (kPlaces - 2) + 2;
  const size_t second = first ^ 1;
  const bool take_second = !Holds(first, node, raw) &&
                           (Holds(second, node, raw) || keys_[second].node == PathTree::kNoNode);
  return static_cast<uint16_t>(take_second ? second : first);
}

void KeyMemory::Remember(Node node, std::string_view raw, Member member) {
  if (raw.size() > kLongest) return;
  const uint16_t place = PlaceFor(node, raw);
  if (!Holds(place, node, raw)) {
    Key& key = keys_[place] = {};
    std::memcpy(key.text, raw.data(), raw.size() + 1);
    key.size = static_cast<uint8_t>(raw.size() + 1);
    key.node = node;
    key.member = member;
  }
  auto& next = keys_[last_].next;
  std::copy_backward(std::begin(next), std::end(next) - 1, std::end(next));
  next[0] = last_ = place;
}

}  // namespace nuthatch
