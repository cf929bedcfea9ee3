// What the evaluator walks: expressions, passes and the tree of one event type. Plain data, written
// once by plan_reader.cc and then shared by threads.
#ifndef NUTHATCH_EVALUATE_TREE_H_
#define NUTHATCH_EVALUATE_TREE_H_

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

#include "evaluate/property_matcher.h"
#include "evaluate/term.h"
#include "model/schema.h"

namespace nuthatch {

using DetectorId = uint32_t;

// An expression (the terms by their ids, then the gates) and whether it is negated:
// expression * 2 + (negated ? 1 : 0). A gate is the `and` of its operands; an `or` is the negated
// `and` of its negated operands, which Kleene's logic allows.
using Literal = uint32_t;

// Part of a vector.
struct Range {
  uint32_t begin = 0;
  uint32_t end = 0;
};

// The pass that answers the terms of one property; several trees may share it.
struct Pass {
  struct LazyTerm {
    TermId term;
    uint32_t number;  // in `matcher`
  };
  PropertyId property{};
  std::vector<TermId> terms;  // ascending; a term's place is its number in `matcher`
  std::unique_ptr<const PropertyMatcher> matcher;
  std::vector<LazyTerm> lazy;  // ascending
};

// Children that the hits of one pass name. A hash table of its terms' numbers in the matcher, open
// addressing, at most half full.
struct ChildIndex {
  PropertyId property{};
  uint32_t first_slot = 0;
  uint32_t shift = 31;  // of a 32-bit hash: the table has 2^(32 - shift) slots
  Range children;       // all of them, for when the property is pending
};

struct Slot {
  static constexpr uint32_t kFree = UINT32_MAX;
  uint32_t number = kFree;
  Range children;
};

struct TreeNode {
  uint32_t parent = 0;
  Literal guard = 0;  // the root has none
  Range detectors;
  Range always;   // children to look at whatever the hits
  Range indexes;  // of the other children

  bool HasChildren() const { return always.begin != always.end || indexes.begin != indexes.end; }
};

struct Tree {
  std::array<const Pass*, kPropertyCount> passes{};  // nullptr: no term asks for the property
  uint32_t term_count = 0;                           // that the tree can ask for
  // What its passes answer, pass by pass: where each property's terms begin in that, and where each
  // term of the Plan stands.
  std::vector<TermId> terms;
  std::array<uint32_t, kPropertyCount> first_places{};
  std::vector<uint32_t> term_places;
  std::vector<TreeNode> nodes;  // the root first; parents before their children
  // What the ranges are of.
  std::vector<DetectorId> detectors;
  std::vector<uint32_t> children;
  std::vector<ChildIndex> indexes;
  std::vector<Slot> slots;

  static uint32_t SlotOf(const ChildIndex& index, uint32_t number) {
    return (number * 0x9E3779B1u) >> index.shift;  // Fibonacci hashing (Knuth, TAOCP 3, 6.4)
  }
  // The children that a hit names; an empty range when it names none.
  Range Find(const ChildIndex& index, uint32_t number) const {
    const uint32_t mask = UINT32_MAX >> index.shift;
    for (uint32_t at = SlotOf(index, number);; at = (at + 1) & mask) {
      const Slot& slot = slots[index.first_slot + at];
      if (slot.number == number) return slot.children;
      if (slot.number == Slot::kFree) return {};
    }
  }
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_TREE_H_
