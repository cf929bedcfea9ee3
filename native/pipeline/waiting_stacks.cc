#include "pipeline/waiting_stacks.h"

namespace nuthatch {

bool WaitingStacks::Add(const DecodedEvent& event, const JoinedEvent& joined) {
  if (joiner_.stacks() == nullptr) return false;  // the trace has none
  const StackKey& key = joined.stack;
  const bool is_anyones = key.pid == kNoId && key.tid == kNoId;
  if (is_anyones || TraceKindOf(*event.record).event == TraceEvent::kStack) return false;
  if (!MayCome(event, joined)) return false;
  joiner_.stacks()->Await(key, event.record->time);
  events_.push_back({key.time, SystemCallOf(event, joined)});
  return true;
}

// Windows puts stacks of what providers write into the event's record, or a number there by which
// the rest follows; those of the kernel's events are records that come later.
bool WaitingStacks::MayCome(const DecodedEvent& event, const JoinedEvent& joined) const {
  if (!asked_) return true;
  if (event.record->kind == HeaderKind::kEvent) return HasStack(*event.record);
  return joined.happened && (*asked_)[static_cast<size_t>(*joined.happened)];
}

const CallStack* WaitingStacks::Next(uint64_t time, bool now) {
  if (events_.empty()) return nullptr;
  StackMatcher& matcher = *joiner_.stacks();
  if (!now && !matcher.is_full() && !matcher.IsDone(time)) return nullptr;
  const Event event = events_.front();
  events_.pop_front();
  return &reader_.Read(matcher.TakeFirst(time), event.time, event.call);
}

}  // namespace nuthatch
