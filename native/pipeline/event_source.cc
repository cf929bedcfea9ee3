#include "pipeline/event_source.h"

#include "enrich/derived.h"
#include "pipeline/program.h"

namespace nuthatch {

void EventSource::Begin(const char* base, std::span<const FoundValue> found, RouteId route,
                        ProcessTable::Ordinal as_of, Event* event) {
  found_process_ = false;
  found_parent_ = false;
  as_of_ = as_of;
  event->Reset(standardizer_.type(route), this);
  record_.Begin(base, found, &event->arena());
  record_.SetRoute(route);
}

Value EventSource::Resolve(Event* event, PropertyId id) {
  const Value value = record_.Property(id);
  if (value.state() != ValueState::kMissing) return value;
  if (PropertyIsDerived(id)) return DeriveProperty(event, id);
  if (processes_ != nullptr && PropertyIsJoined(id)) return Join(event, id);
  return value;
}

Value EventSource::Join(Event* event, PropertyId id) {
  if (event->type() != EventType::kProcessStart) {
    const Value fact = Find(PropertyId::kProcessGuid, event, &process_, &found_process_).Fact(id);
    if (fact.present()) return fact;
  }
  const auto of_parent = FactOfParent(id);
  if (!of_parent) return Value::Missing();
  return Find(PropertyId::kParentGuid, event, &parent_, &found_parent_).Fact(*of_parent);
}

ProcessStart& EventSource::Find(PropertyId guid, Event* event, ProcessStart* process, bool* found) {
  if (*found) return *process;
  *found = true;
  const Value& id = event->Get(guid);
  const bool known = id.present() && id.kind() == ValueKind::kString;
  process->Begin(known ? processes_->Find(id.strings()[0], as_of_) : std::nullopt, &event->arena());
  return *process;
}

}  // namespace nuthatch
