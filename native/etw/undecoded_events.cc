#include "etw/undecoded_events.h"

namespace nuthatch {

UndecodedEvents::UndecodedEvents() : events_(/*bucket_count=*/64, EventKeyHash::Random()) {}

void UndecodedEvents::Add(const DecodedEvent& event) {
  const bool raw = event.source == SchemaSource::kNone;
  if (!raw && !event.incomplete) return;
  const auto count = [&](UndecodedCount* in) { ++(raw ? in->raw : in->incomplete); };
  count(&total_);
  const EventKey key = KeyOf(*event.record);
  if (events_.size() < kMaxEvents || events_.contains(key)) count(&events_[key]);
}

}  // namespace nuthatch
