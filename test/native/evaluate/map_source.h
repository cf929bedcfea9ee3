// An event's properties from a map, for tests.
#ifndef NUTHATCH_TEST_EVALUATE_MAP_SOURCE_H_
#define NUTHATCH_TEST_EVALUATE_MAP_SOURCE_H_

#include <map>
#include <set>

#include "model/event.h"

namespace nuthatch {

struct MapSource : PropertySource {
  std::map<PropertyId, Value> values;  // absent: missing
  std::set<PropertyId> asked;

  Value Resolve(Event*, PropertyId id) override {
    asked.insert(id);
    const auto found = values.find(id);
    return found == values.end() ? Value::Missing() : found->second;
  }
};

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_EVALUATE_MAP_SOURCE_H_
