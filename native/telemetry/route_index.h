// Finds the routes of one mapping that a record may take, without trying all of them.
#ifndef NUTHATCH_TELEMETRY_ROUTE_INDEX_H_
#define NUTHATCH_TELEMETRY_ROUTE_INDEX_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "telemetry/mappings.h"

namespace nuthatch {

// Routes stand under the values of one of their conditions: the one whose source tells most routes
// of the mapping apart. Immutable once built.
class RouteIndex {
 public:
  // `routes` must outlive it.
  explicit RouteIndex(const std::vector<Mappings::Route>& routes);

  // Replaces *candidates with the routes whose indexed condition holds, in order. `text_of` gives
  // the text of a condition's source, empty when it has none.
  template <typename TextOf>
  void Find(TextOf text_of, std::vector<uint32_t>* candidates) const {
    candidates->assign(always_.begin(), always_.end());
    for (const Group& group : groups_) group.Add(text_of(group.source), candidates);
    if (groups_.size() + !always_.empty() > 1) Sort(candidates);
  }

  // The condition of a route that holds when Find gives it; nullptr for one without.
  const Mappings::Condition* indexed(uint32_t route) const { return indexed_[route]; }

 private:
  // The routes under one value, which is in small letters. None: a free slot.
  struct Slot {
    std::string value;
    std::vector<uint32_t> routes;
  };
  struct Group {
    ExpressionId source;
    size_t longest = 0;
    std::vector<Slot> slots;  // open addressing, a power of two, at most half full

    // The place of a value, or the free one where it belongs.
    size_t PlaceOf(std::string_view value) const;
    void Add(std::string_view text, std::vector<uint32_t>* candidates) const;
  };

  static void Sort(std::vector<uint32_t>* candidates);
  Group& GroupOf(ExpressionId source, size_t values);

  std::vector<Group> groups_;
  std::vector<uint32_t> always_;                     // routes without a condition on values
  std::vector<const Mappings::Condition*> indexed_;  // by route
};

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_ROUTE_INDEX_H_
