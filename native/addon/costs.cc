#include "addon/costs.h"

#include <algorithm>
#include <vector>

namespace nuthatch {
namespace {

using Row = std::vector<double>;

Row& operator<<(Row& row, uint64_t count) {
  row.push_back(static_cast<double>(count));
  return row;
}

Row& operator<<(Row& row, const Timing& timing) {
  row << timing.samples;
  row.insert(row.end(), {timing.ns, timing.squares});
  return row;
}

Napi::Float64Array ToArray(Napi::Env env, const Row& row) {
  Napi::Float64Array array = Napi::Float64Array::New(env, row.size());
  std::copy(row.begin(), row.end(), array.Data());
  return array;
}

Row NodesOf(const TreeCost& costs) {
  Row row;
  for (size_t i = 0; i < costs.nodes.size(); ++i) {
    const NodeCount& count = costs.nodes[i];
    row << count.visits << count.decided << count.undecided << costs.node_times[i];
  }
  return row;
}

Row TermsOf(const Tree& tree, const TreeCost& costs) {
  Row row;
  for (size_t i = 0; i < costs.terms.size(); ++i) {
    row << tree.terms[i];
    for (const uint64_t asked : costs.terms[i].asked) row << asked;
    row << costs.hits[i] << costs.found[i] << costs.terms[i].lazy_asked << costs.own_times[i];
  }
  return row;
}

Row PassesOf(const Tree& tree, const TreeCost& costs) {
  Row row;
  for (size_t i = 0; i < costs.passes.size(); ++i) {
    if (!tree.passes[i]) continue;
    row << i;
    for (const uint64_t runs : costs.passes[i].runs) row << runs;
    row << costs.passes[i].timed << costs.resolve_times[i] << costs.match_times[i];
  }
  return row;
}

}  // namespace

Napi::Array CostsOf(Napi::Env env, const Plan& plan, const CostMeter& costs) {
  Napi::Array trees = Napi::Array::New(env);
  for (uint32_t i = 0; i < kEventTypeCount; ++i) {
    const auto type = static_cast<EventType>(i);
    const Tree* const tree = plan.TreeOf(type);
    if (!tree) continue;
    const TreeCost& of_tree = costs.of(type);
    Napi::Object object = Napi::Object::New(env);
    object.Set("eventType", i);
    object.Set("events", static_cast<double>(of_tree.events));
    object.Set("timed", static_cast<double>(of_tree.timed));
    object.Set("interrupted", static_cast<double>(of_tree.interrupted));
    object.Set("nodes", ToArray(env, NodesOf(of_tree)));
    object.Set("terms", ToArray(env, TermsOf(*tree, of_tree)));
    object.Set("passes", ToArray(env, PassesOf(*tree, of_tree)));
    trees.Set(trees.Length(), object);
  }
  return trees;
}

}  // namespace nuthatch
