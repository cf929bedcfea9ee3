// One standard event. Properties are read from their source when first asked for, and kept until
// the next Reset. Not thread-safe: each thread has its own Event and uses it again and again.
#ifndef NUTHATCH_MODEL_EVENT_H_
#define NUTHATCH_MODEL_EVENT_H_

#include <array>
#include <cstdint>

#include "base/arena.h"
#include "model/schema.h"  // generated from lib/schema: EventType, PropertyId, kPropertyCount
#include "model/value.h"

namespace nuthatch {

class Event;

// Where an event's properties come from: a mapped JSON record, an ETW record, a test.
class PropertySource {
 public:
  virtual ~PropertySource() = default;
  // The value of `id`; called at most once per property and event. May call event->Get for other
  // properties and allocate from event->arena().
  virtual Value Resolve(Event* event, PropertyId id) = 0;
};

class Event {
 public:
  // Starts a new event; every Value handed out before becomes invalid.
  void Reset(EventType type, PropertySource* source) {
    type_ = type;
    source_ = source;
    arena_.Reset();
    if (++stamp_ == 0) {
      stamps_.fill(0);
      stamp_ = 1;
    }
  }
  EventType type() const { return type_; }
  Arena& arena() { return arena_; }
  const Value& Get(PropertyId id) {
    const auto i = static_cast<size_t>(id);
    if (stamps_[i] != stamp_) {
      stamps_[i] = stamp_;
      values_[i] = Value::Missing();  // what a property that asks for itself sees
      values_[i] = source_->Resolve(this, id);
    }
    return values_[i];
  }

 private:
  EventType type_ = EventType{};
  PropertySource* source_ = nullptr;
  uint32_t stamp_ = 0;
  std::array<uint32_t, kPropertyCount> stamps_{};
  std::array<Value, kPropertyCount> values_{};
  Arena arena_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_MODEL_EVENT_H_
