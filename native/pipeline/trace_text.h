#ifndef NUTHATCH_PIPELINE_TRACE_TEXT_H_
#define NUTHATCH_PIPELINE_TRACE_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "pipeline/joined_json.h"
#include "pipeline/trace_events.h"
#include "pipeline/waiting_stacks.h"

namespace nuthatch {

// Events as lines of JSON.
class TraceText final : public TraceOutput {
 public:
  // Enough of them.
  static constexpr size_t kBlockBytes = size_t{256} << 10;
  // Of lines that wait for their events' stacks: beyond it the first waits no longer.
  static constexpr size_t kMostHeld = size_t{48} << 20;

  // `joiner` outlives this.
  explicit TraceText(TraceJoiner* joiner) : joiner_(*joiner), joined_json_(joiner) {}

  // From now on lines have their events' call stacks, and wait for them; to be said before the
  // first.
  void FollowStacks(SymbolSource* symbols) { stacks_.emplace(&joiner_, symbols); }

  // Forgets what is there, and keeps its memory. Lines that wait stay.
  void Clear() { text_.clear(); }
  const std::string& text() const { return text_; }
  // Writes lines that wait no more at the time of the last record; `end`: all of them.
  void FinishStacks(uint64_t time, bool end);

  void Add(const DecodedEvent& event, const JoinedEvent& joined, uint64_t record) override;
  bool full() const override { return text_.size() >= kBlockBytes; }

 private:
  struct Line {
    std::string text;
    bool waits = false;
  };

  bool WriteFirst(uint64_t time, bool now);

  TraceJoiner& joiner_;
  JoinedJson joined_json_;
  std::optional<WaitingStacks> stacks_;
  std::deque<Line> lines_;
  size_t held_ = 0;  // bytes of lines
  std::string text_;
  std::string scratch_;
  std::string members_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_TRACE_TEXT_H_
