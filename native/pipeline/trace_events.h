// The events of a trace that are asked for, decoded and joined, in steps.
#ifndef NUTHATCH_PIPELINE_TRACE_EVENTS_H_
#define NUTHATCH_PIPELINE_TRACE_EVENTS_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "etw/event_decoder.h"
#include "etw/trace_reader.h"
#include "etw/trace_statistics.h"
#include "etw/undecoded_events.h"
#include "pipeline/trace_block.h"
#include "trace/trace_joiner.h"

namespace nuthatch {

// The events of one provider that become standard events by themselves.
struct StandardEvents {
  Guid provider;
  std::vector<uint16_t> ids;
};

// An empty list lets everything through.
struct EventFilter {
  std::vector<std::string> providers;  // names or GUIDs, in any case
  std::vector<uint32_t> ids;           // of kernel and classic events their types
  std::vector<uint32_t> pids;  // the record's process, the one that a kernel event is of, or acts
  // Only what is to become a standard event: these, and what happened (in the kernel).
  std::optional<std::vector<StandardEvents>> standard = std::nullopt;

  bool Passes(const EtwRecord& record) const;                    // by what needs no decoding
  bool Passes(const DecodedEvent& event, uint32_t actor) const;  // by the rest
  bool IsStandard(const EtwRecord& record) const;                // with `standard`
};

// Where events go.
class TraceOutput {
 public:
  virtual ~TraceOutput() = default;
  // `record` is the number of the event's record in the trace, from 1.
  virtual void Add(const DecodedEvent& event, const JoinedEvent& joined, uint64_t record) = 0;
  // Only where the joiner follows images.
  virtual void AddFile(FileNews, std::string_view /*path*/, const ImageNumbers&) {}
  // A step ends when it has enough.
  virtual bool full() const = 0;
};

// Goes through the trace twice: for the schemas in it and what else may come late, then for its
// events. What is told of files comes before the events that it comes with, and of images that run
// before all.
class TraceEvents {
 public:
  using OpenSource = std::function<Status(std::unique_ptr<ByteSource>*)>;

  // That a step reads at most: some milliseconds.
  static constexpr size_t kStepRecords = size_t{1} << 15;

  // `open` gives the trace anew each time.
  TraceEvents(OpenSource open, EventFilter filter)
      : open_(std::move(open)), filter_(std::move(filter)) {}
  TraceEvents(const TraceEvents&) = delete;  // parts refer to each other
  TraceEvents& operator=(const TraceEvents&) = delete;

  // A step: gives some events to `output`, or none. After the last, `done` is true.
  Status Next(TraceOutput* output, bool* done);

  // What outputs ask for more of what is joined.
  TraceJoiner* joiner() { return &joiner_; }
  // Records that the second pass has read.
  uint64_t records() const { return records_; }
  // Bytes of the trace that are done with, as if both passes were one.
  uint64_t bytes_done() const;
  // Bytes whose events have been given out.
  uint64_t bytes_given() const;
  // Of the events given out.
  const UndecodedEvents& undecoded() const { return undecoded_; }
  // Records left out by the filter `standard`.
  const TraceStatistics& left_out() const { return left_out_; }
  // Of the second pass; nullptr where there is none.
  const TraceReader* reader() const { return reader_.get(); }

 private:
  enum class Phase : uint8_t { kBegin, kLearning, kGiving, kDone };

  Status OpenReader();
  bool Learn();
  void GiveRunningImages(TraceOutput* output);
  bool Give(TraceOutput* output);
  bool GiveRecord(const EtwRecord& record, TraceOutput* output);

  const OpenSource open_;
  const EventFilter filter_;
  Phase phase_ = Phase::kBegin;
  std::unique_ptr<TraceReader> reader_;
  EventDecoder decoder_;
  TraceJoiner joiner_;
  uint64_t records_ = 0;
  UndecodedEvents undecoded_;
  TraceStatistics left_out_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_TRACE_EVENTS_H_
