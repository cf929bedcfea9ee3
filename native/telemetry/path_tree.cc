#include "telemetry/path_tree.h"

#include <cassert>
#include <utility>

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

// Most keys of a record are not wanted, so a sparse table ends their search at the first probe.
void PathTree::Finish() {
  while (table_.size() < 8 * used_) Grow();
}

PathTree::Entry& PathTree::Insert(Node node, std::string_view key) {
  if (table_.size() < 4 * (used_ + 1)) Grow();
  const uint32_t hash = Hash(node, key);
  size_t i = hash & mask_;
  for (; table_[i].node != kNoNode; i = (i + 1) & mask_) {
    Entry& entry = table_[i];
    const std::string_view text(keys_.data() + entry.key, entry.size);
    if (entry.node == node && text == key) return entry;
  }
  ++used_;
  table_[i] = {
      hash, static_cast<uint32_t>(keys_.size()), static_cast<uint32_t>(key.size()), node, {}};
  keys_.append(key);
  return table_[i];
}

void PathTree::Grow() {
  std::vector<Entry> old = std::exchange(table_, std::vector<Entry>(table_.size() * 2));
  mask_ = table_.size() - 1;
  for (const Entry& entry : old) {
    if (entry.node == kNoNode) continue;
    size_t i = entry.hash & mask_;
    while (table_[i].node != kNoNode) i = (i + 1) & mask_;
    table_[i] = entry;
  }
}

}  // namespace nuthatch
