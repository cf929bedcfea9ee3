// The operations `time` and `zoned_time` of mappings; see lib/standardize/operations.ts.
#ifndef NUTHATCH_TELEMETRY_TIME_OPERATION_H_
#define NUTHATCH_TELEMETRY_TIME_OPERATION_H_

#include <string_view>

#include "base/arena.h"

namespace nuthatch {

// YYYY-MM-DDThh:mm:ss[.digits]Z, the digits as given, for ISO 8601 with or without an offset from
// UTC; empty for other text.
std::string_view UtcTime(std::string_view x, Arena* arena);

// The same, but empty for a time without an offset or Z.
std::string_view ZonedTime(std::string_view x, Arena* arena);

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_TIME_OPERATION_H_
