#include "telemetry/route_index.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/ascii.h"

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
    Group& group = GroupOf(primary->source);
    for (const std::string& value : primary->values) {
      std::vector<uint32_t>& under = group.routes[Lower(value)];
      if (under.empty() || under.back() != i) under.push_back(i);
      group.longest = std::max(group.longest, value.size());
    }
  }
}

RouteIndex::Group& RouteIndex::GroupOf(ExpressionId source) {
  for (Group& group : groups_) {
    if (group.source == source) return group;
  }
  groups_.push_back({source, 0, {}});
  return groups_.back();
}

void RouteIndex::Group::Add(std::string_view text, std::vector<uint32_t>* candidates) const {
  if (text.size() > longest) return;
  std::array<char, kLongestKey> lower;
  std::transform(text.begin(), text.end(), lower.begin(), ToLowerAscii);
  const auto found = routes.find(std::string_view(lower.data(), text.size()));
  if (found == routes.end()) return;
  candidates->insert(candidates->end(), found->second.begin(), found->second.end());
}

void RouteIndex::Sort(std::vector<uint32_t>* candidates) {
  std::sort(candidates->begin(), candidates->end());
}

}  // namespace nuthatch
