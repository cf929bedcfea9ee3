// Which event a record is of.
#ifndef NUTHATCH_ETW_EVENT_KEY_H_
#define NUTHATCH_ETW_EVENT_KEY_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/guid.h"
#include "base/sip_hash.h"
#include "etw/record.h"

namespace nuthatch {

// What the number of an event is: a kernel or classic event's type, an event's id, a message's
// number.
enum class EventForm : uint8_t { kType, kId, kMessage };

struct EventKey {
  Guid provider;
  uint16_t number;
  uint16_t version;
  uint8_t group;  // tells groups of the kernel's without a known class apart
  EventForm form;

  friend bool operator==(const EventKey&, const EventKey&) = default;
};

EventKey KeyOf(const EtwRecord& record);

// Keyed at random: whoever writes a trace cannot choose keys that collide.
struct EventKeyHash {
  static EventKeyHash Random();
  SipKey key;
  size_t operator()(const EventKey& event) const;
};

// Values of the events that were asked for lately, in front of a table that is keyed at random:
// where events collide here, which whoever writes a trace can bring about, the table is asked.
template <typename Value>
class EventCache {
 public:
  // nullptr when it is not known.
  const Value* Find(const EventKey& event) const {
    const Entry& entry = entries_[PlaceOf(event)];
    return entry.known && entry.event == event ? &entry.value : nullptr;
  }
  void Put(const EventKey& event, const Value& value) {
    entries_[PlaceOf(event)] = {event, value, true};
  }
  void Clear() { entries_.fill({}); }

 private:
  static constexpr unsigned kBits = 7;

  struct Entry {
    EventKey event{};
    Value value{};
    bool known = false;
  };

  // Fibonacci hashing: Knuth, TAOCP 3, 6.4.
  static size_t PlaceOf(const EventKey& event) {
    return ((event.provider.low ^ event.provider.high ^ event.number) * 0x9E3779B97F4A7C15) >>
           (64 - kBits);
  }

  std::array<Entry, size_t{1} << kBits> entries_{};
};

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_EVENT_KEY_H_
