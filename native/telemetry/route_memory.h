// Remembers the routes of records: logs have few kinds of events, so that what decides a record's
// route, its channel and number for example, mostly has been seen before.
#ifndef NUTHATCH_TELEMETRY_ROUTE_MEMORY_H_
#define NUTHATCH_TELEMETRY_ROUTE_MEMORY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "telemetry/record_reader.h"
#include "telemetry/standardizer.h"

namespace nuthatch {

// Of fixed size, whatever records come: a kind takes another's place. All that decides is compared,
// so that none passes for another. One thread at a time.
class RouteMemory {
 public:
  struct Outcome {
    std::optional<RouteId> route;
    std::string label;  // of a record without a route
  };

  explicit RouteMemory(const Standardizer& standardizer)
      : uses_(standardizer.UsesOfRouting()), entries_(kPlaces) {}

  // What came of a record like this, of which `found` is as for MappedRecord::Begin; nullptr when
  // it is not known.
  const Outcome* Find(const char* base, std::span<const FoundValue> found);
  // What comes of the record that Find has not known. Stays until the next call.
  const Outcome& Remember(std::optional<RouteId> route, std::string_view label);

 private:
  static constexpr size_t kPlaces = 256;  // a power of two
  // Of eight bytes, that one record is compared by; one with longer texts is not remembered.
  static constexpr size_t kMostWords = 32;

  struct Key {
    size_t size = 0;  // in words; 0: none
    std::array<uint64_t, kMostWords> words;
  };
  struct Entry {
    Key key;
    Outcome outcome;
  };

  // Makes key_ the record's, and returns its hash.
  uint64_t MakeKey(const char* base, std::span<const FoundValue> found);

  const std::vector<SlotUse> uses_;
  std::vector<Entry> entries_;
  Entry other_;  // of the last record that cannot be remembered
  Key key_;
  Entry* place_ = nullptr;  // for key_
};

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_ROUTE_MEMORY_H_
