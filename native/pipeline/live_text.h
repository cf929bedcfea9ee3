#ifndef NUTHATCH_PIPELINE_LIVE_TEXT_H_
#define NUTHATCH_PIPELINE_LIVE_TEXT_H_

#include <cstdint>

#include "pipeline/live_results.h"
#include "pipeline/live_trace.h"
#include "pipeline/trace_text.h"

namespace nuthatch {

// A live trace's events as lines of JSON.
class LiveText final : public LiveOutput {
 public:
  // Both outlive this.
  LiveText(TraceJoiner* joiner, LiveResults* results) : text_(joiner), results_(*results) {}

  TraceOutput* Begin(uint64_t records_before) override {
    text_.Clear();
    records_before_ = records_before;
    return &text_;
  }
  void End(uint64_t records, int64_t /*arrived*/) override {
    BlockResult result;
    result.output = text_.text();
    result.records = result.lines = records - records_before_;
    results_.Add(std::move(result));
  }
  bool HasRoom() const override { return results_.HasRoom(); }
  void Tell() override { results_.Add({}); }
  void Woken() override { results_.WakeIfDue(); }
  int64_t due() const override { return results_.due(); }
  bool asks_accounts() const override { return true; }
  FileOutput* files() override { return &text_; }
  void Finish() override {}

 private:
  TraceText text_;
  LiveResults& results_;
  uint64_t records_before_ = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_LIVE_TEXT_H_
