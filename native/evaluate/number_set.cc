#include "evaluate/number_set.h"

#include <algorithm>
#include <cassert>

namespace nuthatch {

void NumberSet::Add(const Term& term, uint32_t number) {
  assert(!term.numbers.empty());
  const auto [min, max] = std::minmax_element(term.numbers.begin(), term.numbers.end());
  switch (term.match) {
    case MatchKind::kNumberEquals:
      if (term.all && *min != *max) return;  // no number equals two different ones
      for (const double n : term.numbers) equals_.emplace_back(n, number);
      return;
    case MatchKind::kGreaterThan:
      greater_.emplace_back(term.all ? *max : *min, number);
      return;
    case MatchKind::kLessThan:
      less_.emplace_back(term.all ? *min : *max, number);
      return;
    case MatchKind::kBetween:
      assert(term.numbers.size() == 2);
      ranges_.push_back({term.numbers[0], term.numbers[1], number});
      return;
    default:
      assert(false);
  }
}

void NumberSet::Seal() {
  for (std::vector<Threshold>* thresholds : {&equals_, &greater_, &less_}) {
    std::sort(thresholds->begin(), thresholds->end());
    thresholds->erase(std::unique(thresholds->begin(), thresholds->end()), thresholds->end());
  }
}

void NumberSet::Find(double value, std::vector<uint32_t>* found) const {
  const auto first_from = [value](const std::vector<Threshold>& thresholds) {
    return std::partition_point(thresholds.begin(), thresholds.end(),
                                [value](const Threshold& t) { return t.first < value; });
  };
  auto equal = first_from(equals_);
  for (; equal != equals_.end() && equal->first == value; ++equal) found->push_back(equal->second);
  const auto greater_end = first_from(greater_);
  for (auto i = greater_.begin(); i != greater_end; ++i) found->push_back(i->second);
  // From the back down to the last threshold that is greater than the value.
  for (auto i = less_.rbegin(); i != less_.rend() && i->first > value; ++i) {
    found->push_back(i->second);
  }
  for (const Range& r : ranges_) {
    if (value >= r.min && value <= r.max) found->push_back(r.term);
  }
}

}  // namespace nuthatch
