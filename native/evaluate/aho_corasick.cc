#include "evaluate/aho_corasick.h"

#include <algorithm>
#include <bit>

#include "base/string_hash.h"

namespace nuthatch {
namespace {

constexpr unsigned kStateBits = 28;
constexpr uint64_t kStateMask = (uint64_t{1} << kStateBits) - 1;

}  // namespace

uint32_t AhoCorasick::Child(uint32_t from, char byte) const {
  const uint64_t key = EdgeKey(from, byte);
  const size_t mask = edges_.size() - 1;
  for (size_t at = MixBits(key) & mask; edges_[at] != 0; at = (at + 1) & mask) {
    if (edges_[at] >> kStateBits == key) return static_cast<uint32_t>(edges_[at] & kStateMask);
  }
  return 0;
}

void AhoCorasick::AddEdge(uint32_t from, char byte, uint32_t to) {
  const uint64_t key = EdgeKey(from, byte);
  const size_t mask = edges_.size() - 1;
  size_t at = MixBits(key) & mask;
  while (edges_[at] != 0) at = (at + 1) & mask;
  edges_[at] = key << kStateBits | to;
}

uint32_t AhoCorasick::Next(uint32_t state, char byte) const {
  for (;;) {
    const uint32_t child = Child(state, byte);
    if (child != 0 || state == 0) return child;
    state = states_[state].failure;
  }
}

AhoCorasick::AhoCorasick(const std::vector<std::string>& literals) : literals_(literals.size()) {
  size_t total = 0;
  size_t longest = 0;
  for (const std::string& literal : literals) {
    total += literal.size();
    longest = std::max(longest, literal.size());
  }
  edges_.assign(std::bit_ceil(total * 2 + 1), 0);
  states_.push_back({0, kNone, 0});
  // The states at each depth, each with its parent: failure links go to smaller depths.
  struct Step {
    uint32_t parent;
    uint32_t state;
    char byte;
  };
  std::vector<std::vector<Step>> depths(longest);
  for (uint32_t i = 0; i < literals.size(); ++i) {
    uint32_t state = 0;
    for (size_t depth = 0; depth < literals[i].size(); ++depth) {
      const char byte = literals[i][depth];
      uint32_t child = Child(state, byte);
      if (child == 0) {
        child = static_cast<uint32_t>(states_.size());
        states_.push_back({0, kNone, 0});
        AddEdge(state, byte, child);
        depths[depth].push_back({state, child, byte});
      }
      state = child;
    }
    states_[state].literal = i;
  }
  for (const std::vector<Step>& steps : depths) {
    for (const Step& step : steps) {
      State& state = states_[step.state];
      state.failure = step.parent == 0 ? 0 : Next(states_[step.parent].failure, step.byte);
      state.report = state.literal != kNone ? step.state : states_[state.failure].report;
    }
  }
}

void AhoCorasick::Find(std::string_view text, StampSet* seen, std::vector<uint32_t>* found) const {
  seen->Reset(literals_);
  uint32_t state = 0;
  for (const char byte : text) {
    state = Next(state, byte);
    // With a literal its suffixes were seen too, so that this loop is linear in all as well.
    for (uint32_t at = states_[state].report; at != 0; at = states_[states_[at].failure].report) {
      if (!seen->Insert(states_[at].literal)) break;
      found->push_back(states_[at].literal);
    }
  }
}

}  // namespace nuthatch
