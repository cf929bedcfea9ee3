#include "telemetry/path_tree.h"

#include <bit>
#include <cassert>

namespace nuthatch {

PathTree::Slot PathTree::Add(std::span<const std::string> path) {
  assert(!path.empty());
  std::vector<Node> nodes = {kRoot};
  for (const std::string& key : path.first(path.size() - 1)) {
    Member& member = Insert(nodes.back(), key).member;
    if (member.child == kNoNode) {
      member.child = static_cast<Node>(below_.size());
      below_.emplace_back();
    }
    nodes.push_back(member.child);
  }
  Member& member = Insert(nodes.back(), path.back()).member;
  if (member.slot == kNoSlot) {
    member.slot = static_cast<Slot>(slots_++);
    for (const Node node : nodes) below_[node].push_back(member.slot);
  }
  return member.slot;
}

void PathTree::Finish() { Resize(std::bit_ceil(8 * entries_.size())); }

PathTree::Slot PathTree::SlotOf(std::span<const std::string> path) const {
  Member member{kNoSlot, kRoot};
  for (const std::string& key : path) {
    if (member.child == kNoNode) return kNoSlot;
    member = Find(member.child, key);
  }
  return member.slot;
}

PathTree::Entry& PathTree::Insert(Node node, std::string_view key) {
  if (table_.size() < 2 * (entries_.size() + 1)) Resize(std::bit_ceil(4 * entries_.size()));
  const uint32_t hash = Hash(node, key);
  size_t i = hash & mask_;
  for (; table_[i] != 0; i = (i + 1) & mask_) {
    Entry& entry = entries_[table_[i]];
    if (entry.node == node && std::string_view(keys_).substr(entry.key, entry.size) == key) {
      return entry;
    }
  }
  assert(entries_.size() <= UINT16_MAX);
  table_[i] = static_cast<uint16_t>(entries_.size());
  entries_.push_back(
      {hash, static_cast<uint32_t>(keys_.size()), static_cast<uint32_t>(key.size()), node, {}});
  keys_.append(key);
  return entries_.back();
}

void PathTree::Resize(size_t size) {
  table_.assign(size, 0);
  mask_ = size - 1;
  for (size_t number = 1; number < entries_.size(); ++number) {
    size_t i = entries_[number].hash & mask_;
    while (table_[i] != 0) i = (i + 1) & mask_;
    table_[i] = static_cast<uint16_t>(number);
  }
}

}  // namespace nuthatch
