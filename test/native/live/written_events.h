// Events as Windows gives them to a callback.
#ifndef NUTHATCH_TEST_LIVE_WRITTEN_EVENTS_H_
#define NUTHATCH_TEST_LIVE_WRITTEN_EVENTS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "live/etw_structures.h"

namespace nuthatch {

inline WinEventRecord WrittenEvent(uint16_t id, std::span<const uint8_t> payload = {}) {
  WinEventRecord event{};
  event.header.id = id;
  event.payload = payload.data();
  event.payload_size = static_cast<uint16_t>(payload.size());
  return event;
}

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_LIVE_WRITTEN_EVENTS_H_
