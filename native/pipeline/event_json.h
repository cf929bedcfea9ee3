#ifndef NUTHATCH_PIPELINE_EVENT_JSON_H_
#define NUTHATCH_PIPELINE_EVENT_JSON_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "etw/decoded_event.h"

namespace nuthatch {

// Appends a decoded event of a trace as a line of JSON; docs/etw.md says what is in it. `number` is
// that of its record in the trace; `joined` are more members, as JoinedJson writes them. `scratch`
// is overwritten, and keeps its memory.
void AppendEventJson(const DecodedEvent& event, uint64_t number, std::string_view joined,
                     std::string* scratch, std::string* out);

// Appends the value of a field, which is event.fields[at], as JSON.
void AppendFieldJson(const DecodedEvent& event, size_t at, std::string* scratch, std::string* out);

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_EVENT_JSON_H_
