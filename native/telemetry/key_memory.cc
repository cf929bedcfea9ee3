#include "telemetry/key_memory.h"

#include <algorithm>
#include <iterator>

namespace nuthatch {

const KeyMemory::Member* KeyMemory::GuessAgain(Node node, const char* quoted, size_t size) {
  const auto& next = keys_[last_].next;
  for (const uint16_t* guess = next + 1; guess != std::end(next); ++guess) {
    if (Is(*guess, node, quoted, size)) return &keys_[last_ = *guess].member;
  }
  return nullptr;
}

bool KeyMemory::Holds(size_t place, Node node, std::string_view quoted) const {
  const Key& key = keys_[place];
  return key.node == node && std::string_view(key.text, key.size) == quoted;
}

// One of two places, so that two keys with the same first one do not drive each other out.
uint16_t KeyMemory::PlaceFor(Node node, std::string_view quoted) const {
  const size_t first = PathTree::Hash(node, quoted) % (kPlaces - 2) + 2;
  const size_t second = first ^ 1;
  const bool take_second = !Holds(first, node, quoted) &&
                           (Holds(second, node, quoted) || keys_[second].node == PathTree::kNoNode);
  return static_cast<uint16_t>(take_second ? second : first);
}

void KeyMemory::Remember(Node node, std::string_view quoted, Member member) {
  if (quoted.size() > kLongest) return;
  const uint16_t place = PlaceFor(node, quoted);
  if (!Holds(place, node, quoted)) {
    Key& key = keys_[place] = {};
    std::memcpy(key.text, quoted.data(), quoted.size());
    key.size = static_cast<uint8_t>(quoted.size());
    key.node = node;
    key.member = member;
  }
  auto& next = keys_[last_].next;
  std::copy_backward(std::begin(next), std::end(next) - 1, std::end(next));
  next[0] = last_ = place;
}

}  // namespace nuthatch
