#include "etw/event_key.h"

#include <string_view>

#include "platform/random.h"

namespace nuthatch {

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

EventKeyHash EventKeyHash::Random() { return {{RandomWord(), RandomWord()}}; }

size_t EventKeyHash::operator()(const EventKey& event) const {
  const uint64_t words[] = {event.provider.low, event.provider.high,
                            uint64_t{event.number} << 32 | uint64_t{event.version} << 16 |
                                uint64_t{event.group} << 8 | static_cast<uint64_t>(event.form)};
  return SipHash(key, {reinterpret_cast<const char*>(words), sizeof(words)});
}

}  // namespace nuthatch
