#ifndef NUTHATCH_ETW_EVENT_INFO_H_
#define NUTHATCH_ETW_EVENT_INFO_H_

#include <cstdint>
#include <span>

#include "etw/event_key.h"
#include "etw/event_schema.h"

namespace nuthatch {

// Reads a TRACE_EVENT_INFO of tdh.h, as merging a trace writes one for each event of a manifest.
// False when it is malformed, or has a field that nobody could decode.
bool ReadEventInfo(std::span<const uint8_t> bytes, EventKey* key, EventSchema* schema);

// From TDH_OUTTYPE_… of tdh.h.
OutType FromTdhOutType(uint16_t out);

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_EVENT_INFO_H_
