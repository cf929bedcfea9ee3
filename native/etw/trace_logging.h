#ifndef NUTHATCH_ETW_TRACE_LOGGING_H_
#define NUTHATCH_ETW_TRACE_LOGGING_H_

#include <cstdint>
#include <span>

#include "etw/event_schema.h"

namespace nuthatch {

// Reads the item EVENT_SCHEMA_TL of a self-describing event. False when it is malformed.
bool ReadTraceLoggingSchema(std::span<const uint8_t> item, EventSchema* schema);

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_TRACE_LOGGING_H_
