// The events of a trace that are asked for, decoded and joined, in steps.
#ifndef NUTHATCH_PIPELINE_TRACE_EVENTS_H_
#define NUTHATCH_PIPELINE_TRACE_EVENTS_H_

#include <atomic>
#include <memory>
#include <utility>

#include "etw/trace_reader.h"
#include "pipeline/record_stage.h"

namespace nuthatch {

// Goes through the trace twice: for the schemas in it and what else may come late, then for its
// events; where there are call stacks that are asked for, once more between, for images. What is
// told of files comes before the events that it comes with, and of images that run before all.
class TraceEvents {
 public:
  // That a step reads at most: some milliseconds.
  static constexpr size_t kStepRecords = size_t{1} << 15;

  // `open` gives the trace anew each time. Once `stop` is set, which outlives this, steps end soon,
  // as at the trace's end.
  TraceEvents(OpenSource open, EventFilter filter, const std::atomic<bool>* stop = nullptr)
      : open_(std::move(open)), stop_(stop), stage_(std::move(filter)) {}

  // A step: gives some events to `output`, or none. After the last, `done` is true.
  Status Next(TraceOutput* output, bool* done);
  // Ends it before that, between two steps. The trace is closed, as it is after the last step; what
  // has been found out stays.
  void Close();

  TraceJoiner* joiner() { return stage_.joiner(); }
  // Of the second pass.
  const RecordStage& stage() const { return stage_; }
  // Bytes of the trace that are done with, as if all passes were one.
  uint64_t bytes_done() const;
  // Bytes whose events have been given out.
  uint64_t bytes_given() const;
  // Of the second pass; nullptr where there is none.
  const TraceReader* reader() const { return reader_.get(); }

 private:
  enum class Phase : uint8_t { kBegin, kLearning, kMapping, kGiving, kDone };

  // Starts the next pass.
  Status Begin(Phase phase);
  bool Learn();
  Status EndLearning(TraceOutput* output);
  bool Give(TraceOutput* output);
  double progress() const;

  const OpenSource open_;
  const std::atomic<bool>* const stop_;
  RecordStage stage_;
  Phase phase_ = Phase::kBegin;
  std::unique_ptr<TraceReader> reader_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_TRACE_EVENTS_H_
