#ifndef NUTHATCH_PIPELINE_TRACE_TEXT_H_
#define NUTHATCH_PIPELINE_TRACE_TEXT_H_

#include <string>

#include "pipeline/joined_json.h"
#include "pipeline/trace_events.h"

namespace nuthatch {

// Events as lines of JSON.
class TraceText final : public TraceOutput {
 public:
  // Enough of them.
  static constexpr size_t kBlockBytes = size_t{256} << 10;

  // `joiner` outlives this.
  explicit TraceText(TraceJoiner* joiner) : joined_json_(joiner) {}

  // Forgets what is there, and keeps its memory.
  void Clear() { text_.clear(); }
  const std::string& text() const { return text_; }

  void Add(const DecodedEvent& event, const JoinedEvent& joined, uint64_t record) override;
  bool full() const override { return text_.size() >= kBlockBytes; }

 private:
  JoinedJson joined_json_;
  std::string text_;
  std::string scratch_;
  std::string members_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_TRACE_TEXT_H_
