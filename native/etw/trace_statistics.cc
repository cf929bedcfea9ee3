#include "etw/trace_statistics.h"

#include <algorithm>

#include "etw/event_decoder.h"
#include "etw/provider_traits.h"

namespace nuthatch {
namespace {

// When the session of a trace was. Where it never ended, as far as its buffers begin, and as long
// again.
void SetSession(const EtlFile& file, Timeline* timeline) {
  const TraceHeader& header = file.header();
  const auto& buffers = file.buffers();
  uint64_t end = header.end_time;
  if (end == 0 && !buffers.empty())
    end = 2 * header.Clock().ToFileTime(buffers.back().first_time) - header.start_time;
  if (end > header.start_time) timeline->SetSession(header.start_time, end);
}

}  // namespace

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

void TraceStatistics::NameProviders(const std::map<Guid, std::string_view>& names) {
  for (auto& [key, count] : events) {
    const auto name = names.find(key.provider);
    if (count.provider_name.empty() && name != names.end())
      count.provider_name = name->second.substr(0, kMaxNameSize);
  }
}

TraceStatistics CollectStatistics(TraceReader* reader, const std::atomic<bool>& stop) {
  TraceStatistics statistics;
  SetSession(reader->file(), &statistics.timeline);
  EventDecoder decoder;
  EtwRecord record;
  while (!stop.load(std::memory_order_relaxed) && reader->Next(&record)) {
    statistics.Add(record);
    decoder.LearnSchemas(record);
  }
  statistics.NameProviders(decoder.ProviderNames());
  return statistics;
}

}  // namespace nuthatch
