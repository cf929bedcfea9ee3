#include "etw/trace_statistics.h"

#include <algorithm>

#include "etw/provider_traits.h"

namespace nuthatch {
TraceStatistics::TraceStatistics() : events(/*bucket_count=*/64, EventKeyHash::Random()) {}

void TraceStatistics::Add(const EtwRecord& record) {
  first_time = records == 0 ? record.time : std::min(first_time, record.time);
  last_time = std::max(last_time, record.time);
  ++records;
  payload_bytes += record.payload.size();
  EventCount* const event = CountOf(record);
  if (event == nullptr) {
    ++other_records;
    return;
  }
  ++event->records;
  event->payload_bytes += record.payload.size();
  timeline.Add(event->lane, record.time);
}

// nullptr for events beyond kMaxEvents.
EventCount* TraceStatistics::CountOf(const EtwRecord& record) {
  const EventKey key = KeyOf(record);
  if (EventCount* const* const recent = recent_.Find(key)) return *recent;
  auto event = events.find(key);
  if (event == events.end()) {
    if (events.size() == kMaxEvents) return nullptr;
    event = events.try_emplace(key).first;
    event->second.provider_name = ProviderNameIn(record.extended).substr(0, kMaxNameSize);
    event->second.lane = timeline.LaneOf(key.provider, key.group);
  }
  recent_.Put(key, &event->second);
  return &event->second;
}

TraceStatistics CollectStatistics(TraceReader* reader, const std::atomic<bool>& stop) {
  TraceStatistics statistics;
  EtwRecord record;
  while (!stop.load(std::memory_order_relaxed) && reader->Next(&record)) statistics.Add(record);
  return statistics;
}

}  // namespace nuthatch
