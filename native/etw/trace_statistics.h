// What is in a trace, counted: of payloads only those are read that name providers.
#ifndef NUTHATCH_ETW_TRACE_STATISTICS_H_
#define NUTHATCH_ETW_TRACE_STATISTICS_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "etw/event_key.h"
#include "etw/timeline.h"
#include "etw/trace_reader.h"

namespace nuthatch {

struct EventCount {
  uint64_t records = 0;
  uint64_t payload_bytes = 0;
  std::string provider_name;  // as its first record says it, or the trace
  Timeline::Lane lane = 0;
};

using EventCounts = std::unordered_map<EventKey, EventCount, EventKeyHash>;

struct TraceStatistics {
  static constexpr size_t kMaxEvents = size_t{1} << 14;
  static constexpr size_t kMaxNameSize = 256;

  TraceStatistics();
  TraceStatistics(TraceStatistics&&) = default;
  TraceStatistics& operator=(TraceStatistics&&) = default;
  void Add(const EtwRecord& record);
  // Those that do not name themselves.
  void NameProviders(const std::map<Guid, std::string_view>& names);

  uint64_t records = 0;
  uint64_t payload_bytes = 0;
  uint64_t first_time = 0;  // FILETIME
  uint64_t last_time = 0;
  EventCounts events;
  uint64_t other_records = 0;  // of events beyond kMaxEvents, which are not in the timeline
  Timeline timeline;

 private:
  EventCount* CountOf(const EtwRecord& record);

  EventCache<EventCount*> recent_;  // in `events`, whose values stay where they are
};

// Reads all records, until `stop` says otherwise.
TraceStatistics CollectStatistics(TraceReader* reader, const std::atomic<bool>& stop);

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_TRACE_STATISTICS_H_
