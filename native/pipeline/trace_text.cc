#include "pipeline/trace_text.h"

#include <limits>
#include <string_view>

#include "pipeline/event_json.h"

namespace nuthatch {
namespace {

constexpr std::string_view kEndOfLine = "}\n";

}  // namespace

void TraceText::Add(const DecodedEvent& event, const JoinedEvent& joined, uint64_t record) {
  members_.clear();
  joined_json_.Append(joined, &members_);
  if (!stacks_) return AppendEventJson(event, record, members_, &scratch_, &text_);
  Line& line = lines_.emplace_back();
  AppendEventJson(event, record, members_, &scratch_, &line.text);
  line.waits = stacks_->Add(event, joined);
  held_ += line.text.size();
  FinishStacks(event.record->time, /*end=*/false);
  while (held_ > kMostHeld) WriteFirst(event.record->time, /*now=*/true);
}

void TraceText::FinishStacks(uint64_t time, bool end) {
  if (end) time = std::numeric_limits<uint64_t>::max();
  while (!lines_.empty() && WriteFirst(time, end)) {
  }
}

// False when it waits.
bool TraceText::WriteFirst(uint64_t time, bool now) {
  Line& line = lines_.front();
  const CallStack* stack = nullptr;
  if (line.waits && (stack = stacks_->Next(time, now)) == nullptr) return false;
  held_ -= line.text.size();
  if (stack != nullptr && !stack->frames.empty()) {
    line.text.resize(line.text.size() - kEndOfLine.size());
    line.text += ",\"callstack\":{";
    AppendCallStackJson(*stack, &line.text);
    line.text.append("}").append(kEndOfLine);
  }
  text_ += line.text;
  lines_.pop_front();
  return true;
}

}  // namespace nuthatch
