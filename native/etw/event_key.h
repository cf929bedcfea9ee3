// Which event a record is of.
#ifndef NUTHATCH_ETW_EVENT_KEY_H_
#define NUTHATCH_ETW_EVENT_KEY_H_

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

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_EVENT_KEY_H_
