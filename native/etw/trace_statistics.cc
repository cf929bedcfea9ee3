#include "etw/trace_statistics.h"

#include <algorithm>
#include <string_view>

#include "platform/random.h"

namespace nuthatch {
namespace {

EventKey KeyOf(const EtwRecord& record) {
  switch (record.kind) {
    case HeaderKind::kEvent:
      return {record.provider, record.id, record.version, record.group, EventForm::kId};
    case HeaderKind::kMessage:
      return {record.provider, record.id, 0, record.group, EventForm::kMessage};
    default:
      return {record.provider, record.opcode, record.version, record.group, EventForm::kType};
  }
}

// Traits: u16 size of all, the provider's name in UTF-8 and its NUL, more.
std::string NameInTraits(ExtendedItems items) {
  ExtendedItem item;
  while (items.Next(&item)) {
    if (item.type != ExtendedType::kProviderTraits || item.data.size() < 2) continue;
    const std::string_view text(reinterpret_cast<const char*>(item.data.data()) + 2,
                                item.data.size() - 2);
    return std::string(text.substr(0, std::min(text.find('\0'), TraceStatistics::kMaxNameSize)));
  }
  return {};
}

}  // namespace

size_t EventKeyHash::operator()(const EventKey& event) const {
  const uint64_t words[] = {event.provider.low, event.provider.high,
                            uint64_t{event.number} << 32 | uint64_t{event.version} << 16 |
                                uint64_t{event.group} << 8 | static_cast<uint64_t>(event.form)};
  return SipHash(key, {reinterpret_cast<const char*>(words), sizeof(words)});
}

TraceStatistics::TraceStatistics()
    : events(/*bucket_count=*/64, EventKeyHash{{RandomWord(), RandomWord()}}) {}

void TraceStatistics::Add(const EtwRecord& record) {
  first_time = records == 0 ? record.time : std::min(first_time, record.time);
  last_time = std::max(last_time, record.time);
  ++records;
  payload_bytes += record.payload.size();
  const EventKey key = KeyOf(record);
  auto event = events.find(key);
  if (event == events.end()) {
    if (events.size() == kMaxEvents) {
      ++other_records;
      return;
    }
    event = events.try_emplace(key).first;
    event->second.provider_name = NameInTraits(record.extended);
  }
  ++event->second.records;
  event->second.payload_bytes += record.payload.size();
}

TraceStatistics CollectStatistics(TraceReader* reader, const std::atomic<bool>& stop) {
  TraceStatistics statistics;
  EtwRecord record;
  while (!stop.load(std::memory_order_relaxed) && reader->Next(&record)) statistics.Add(record);
  return statistics;
}

}  // namespace nuthatch
