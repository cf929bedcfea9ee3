#include "pipeline/trace_text.h"

#include "pipeline/event_json.h"

namespace nuthatch {

void TraceText::Add(const DecodedEvent& event, const JoinedEvent& joined, uint64_t record) {
  members_.clear();
  joined_json_.Append(joined, &members_);
  AppendEventJson(event, record, members_, &scratch_, &text_);
}

}  // namespace nuthatch
