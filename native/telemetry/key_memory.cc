#include "telemetry/key_memory.h"

#include <algorithm>
#include <iterator>

namespace nuthatch {

KeyMemory::KeyMemory() : keys_(kPlaces) {
  for (Key& key : keys_) std::fill(std::begin(key.next), std::end(key.next), beginning());
}

KeyMemory::Key* KeyMemory::GuessAgain(Key* last, Node node, const char* quoted, size_t size) {
  auto& next = last->next;
  for (size_t i = 1; i < std::size(next); ++i) {
    if (!Is(*next[i], node, quoted, size)) continue;
    std::swap(next[0], next[i]);
    return next[0];
  }
  return nullptr;
}

// One of two places, so that two keys with the same first one do not drive each other out.
KeyMemory::Key* KeyMemory::PlaceFor(Node node, std::string_view quoted) {
  const size_t first = PathTree::Hash(node, quoted) % (kPlaces - 2) + 2;
  const auto holds = [&](const Key& key) { return Is(key, node, quoted.data(), quoted.size()); };
  Key& second = keys_[first ^ 1];
  const bool take_second =
      !holds(keys_[first]) && (holds(second) || second.node == PathTree::kNoNode);
  return take_second ? &second : &keys_[first];
}

KeyMemory::Key* KeyMemory::Remember(Key* last, Node node, std::string_view quoted, Member member) {
  if (quoted.size() > Key::kLongest) return nullptr;
  Key* const place = PlaceFor(node, quoted);
  if (!Is(*place, node, quoted.data(), quoted.size())) {
    std::memcpy(place->text, quoted.data(), quoted.size());
    place->size = static_cast<uint8_t>(quoted.size());
    place->node = node;
    place->member = member;
    std::fill(std::begin(place->next), std::end(place->next), beginning());
  }
  auto& next = last->next;
  std::copy_backward(std::begin(next), std::end(next) - 1, std::end(next));
  return next[0] = place;
}

}  // namespace nuthatch
