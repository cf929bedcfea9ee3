#include "telemetry/route_index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <set>

#include "base/ascii.h"
#include "base/string_hash.h"

namespace nuthatch {
namespace {

constexpr size_t kLongestKey = 128;

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), ToLowerAscii);
  return lower;
}

// The condition of `route` with the most distinct values over all routes; nullptr when no condition
// has values, or only longer ones than an index holds.
const Mappings::Condition* Primary(const Mappings::Route& route,
                                   const std::map<ExpressionId, std::set<std::string>>& values) {
  const Mappings::Condition* best = nullptr;
  size_t most = 0;
  for (const Mappings::Condition& condition : route.when) {
    const bool long_value =
        std::any_of(condition.values.begin(), condition.values.end(),
                    [](const std::string& value) { return value.size() > kLongestKey; });
    if (condition.values.empty() || long_value) continue;
    const size_t count = values.at(condition.source).size();
    if (count > most) {
      best = &condition;
      most = count;
    }
  }
  return best;
}

}  // namespace

RouteIndex::RouteIndex(const std::vector<Mappings::Route>& routes) {
  std::map<ExpressionId, std::set<std::string>> values;
  for (const Mappings::Route& route : routes) {
    for (const Mappings::Condition& condition : route.when) {
      for (const std::string& value : condition.values) {
        values[condition.source].insert(Lower(value));
      }
    }
  }
  for (uint32_t i = 0; i < routes.size(); ++i) {
    const Mappings::Condition* primary = Primary(routes[i], values);
    indexed_.push_back(primary);
    if (primary == nullptr) {
      always_.push_back(i);
      continue;
    }
    Group& group = GroupOf(primary->source, values.at(primary->source).size());
    for (const std::string& value : primary->values) {
      const std::string lower = Lower(value);
      Slot& slot = group.slots[group.PlaceOf(lower)];
      slot.value = lower;
      if (slot.routes.empty() || slot.routes.back() != i) slot.routes.push_back(i);
      group.longest = std::max(group.longest, value.size());
    }
  }
}

RouteIndex::Group& RouteIndex::GroupOf(ExpressionId source, size_t values) {
  for (Group& group : groups_) {
    if (group.source == source) return group;
  }
  groups_.push_back({source, 0, std::vector<Slot>(std::bit_ceil(2 * values))});
  return groups_.back();
}

size_t RouteIndex::Group::PlaceOf(std::string_view value) const {
  const size_t mask = slots.size() - 1;
  size_t at = HashString(value) & mask;
  while (!slots[at].routes.empty() && slots[at].value != value) at = (at + 1) & mask;
  return at;
}

void RouteIndex::Group::Add(std::string_view text, std::vector<uint32_t>* candidates) const {
  if (text.size() > longest) return;
  std::array<char, kLongestKey> lower;
  std::transform(text.begin(), text.end(), lower.begin(), ToLowerAscii);
  const std::vector<uint32_t>& routes = slots[PlaceOf({lower.data(), text.size()})].routes;
  candidates->insert(candidates->end(), routes.begin(), routes.end());
}

void RouteIndex::Sort(std::vector<uint32_t>* candidates) {
  std::sort(candidates->begin(), candidates->end());
}

}  // namespace nuthatch
