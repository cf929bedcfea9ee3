// The vendors' mappings, made ready for the properties that somebody asks for: which values of a
// record to keep, and which route a record takes. Immutable, shared by threads.
#ifndef NUTHATCH_TELEMETRY_STANDARDIZER_H_
#define NUTHATCH_TELEMETRY_STANDARDIZER_H_

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/schema.h"
#include "telemetry/mappings.h"
#include "telemetry/path_tree.h"
#include "telemetry/route_index.h"

namespace nuthatch {

// By event type, the properties that are asked for.
using PropertySets = std::array<std::bitset<kPropertyCount>, kEventTypeCount>;

using RouteId = uint32_t;  // of all routes of all mappings, in order

// What finding a record's route looks at in a slot.
enum class SlotUse : uint8_t { kNone, kPresence, kText };

class Standardizer {
 public:
  static constexpr ExpressionId kNoExpression = UINT32_MAX;

  // Values that only properties outside of `live` need are not kept.
  Standardizer(std::shared_ptr<const Mappings> mappings, const PropertySets& live);

  const Mappings& mappings() const { return *mappings_; }
  const PathTree& paths() const { return paths_; }
  const RouteIndex& routes_of(size_t mapping) const { return routes_of_mapping_[mapping]; }
  // The slots of a mapping's `recognise`, a list for each alternative.
  std::span<const std::vector<PathTree::Slot>> recognise(size_t mapping) const {
    return recognise_[mapping];
  }
  std::span<const PathTree::Slot> slots(const Mappings::Expression& field) const {
    return std::span(slots_).subspan(field.operands.begin, field.operands.count);
  }
  // The literals after the first argument of a json operation.
  std::span<const std::string> keys(const Mappings::Expression& json) const;

  EventType type(RouteId route) const { return types_[route]; }
  RouteId first_route(size_t mapping) const { return first_route_[mapping]; }
  size_t mapping_of(RouteId route) const { return mapping_of_[route]; }
  // kNoExpression when the route does not set `property`, or nobody asks for it.
  ExpressionId source(RouteId route, PropertyId property) const {
    return sources_[route * kPropertyCount + static_cast<size_t>(property)];
  }
  // By slot, 1 when a property among `properties` of an event of `type` comes from it, else 0.
  std::vector<uint8_t> SlotsOf(EventType type, const std::bitset<kPropertyCount>& properties) const;
  // By slot, what a record's route and label hang on.
  std::vector<SlotUse> UsesOfRouting() const;
  bool live(EventType type, PropertyId property) const {
    return live_[static_cast<size_t>(type)][static_cast<size_t>(property)];
  }

 private:
  void AddRoute(size_t mapping, const Mappings::Route& route);
  void Keep(ExpressionId expression);
  template <typename Callback>
  void ForEachField(ExpressionId expression, Callback callback) const;
  void KeepAll(const std::vector<Mappings::Condition>& conditions);

  const std::shared_ptr<const Mappings> mappings_;
  const PropertySets live_;
  PathTree paths_;
  std::vector<bool> kept_;             // by expression
  std::vector<PathTree::Slot> slots_;  // beside Mappings::paths_of_fields
  std::vector<RouteIndex> routes_of_mapping_;
  std::vector<std::vector<std::vector<PathTree::Slot>>> recognise_;
  std::vector<RouteId> first_route_;  // by mapping
  std::vector<EventType> types_;
  std::vector<size_t> mapping_of_;
  std::vector<ExpressionId> sources_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_STANDARDIZER_H_
