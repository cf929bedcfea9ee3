#ifndef NUTHATCH_ETW_UNDECODED_EVENTS_H_
#define NUTHATCH_ETW_UNDECODED_EVENTS_H_

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "etw/decoded_event.h"
#include "etw/event_key.h"

namespace nuthatch {

struct UndecodedCount {
  uint64_t raw = 0;         // records without a schema
  uint64_t incomplete = 0;  // records whose payload does not fit their schema
};

// What could not be decoded, or not to the end, by event.
class UndecodedEvents {
 public:
  using Counts = std::unordered_map<EventKey, UndecodedCount, EventKeyHash>;
  // Further ones are only in the total.
  static constexpr size_t kMaxEvents = size_t{1} << 14;

  UndecodedEvents();
  void Add(const DecodedEvent& event);
  const UndecodedCount& total() const { return total_; }
  const Counts& events() const { return events_; }

 private:
  UndecodedCount total_;
  Counts events_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_UNDECODED_EVENTS_H_
