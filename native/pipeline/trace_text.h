// The events of a trace as text, in steps.
#ifndef NUTHATCH_PIPELINE_TRACE_TEXT_H_
#define NUTHATCH_PIPELINE_TRACE_TEXT_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "etw/event_decoder.h"
#include "etw/trace_reader.h"
#include "etw/trace_statistics.h"
#include "etw/undecoded_events.h"
#include "pipeline/joined_json.h"
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

// Goes through the trace twice: for the schemas in it and what else may come late, then for its
// events. With the filter `standard` a record that is left out is an empty line, so that lines are
// numbered as records are.
class TraceText {
 public:
  using OpenSource = std::function<Status(std::unique_ptr<ByteSource>*)>;

  // A step's text, and the records that it reads at most: some milliseconds.
  static constexpr size_t kBlockBytes = size_t{256} << 10;
  static constexpr size_t kStepRecords = size_t{1} << 15;

  // `open` gives the trace anew each time.
  TraceText(OpenSource open, EventFilter filter)
      : open_(std::move(open)), filter_(std::move(filter)) {}
  TraceText(const TraceText&) = delete;  // parts refer to each other
  TraceText& operator=(const TraceText&) = delete;

  // A step: `text` is replaced by whole lines, or none. After the last, `done` is true.
  Status Next(std::string* text, bool* done);

  // Bytes of the trace that are done with, as if both passes were one.
  uint64_t bytes_done() const;
  // Of the events written.
  const UndecodedEvents& undecoded() const { return undecoded_; }
  // Records left out by the filter `standard`.
  const TraceStatistics& left_out() const { return left_out_; }
  // Of the second pass; nullptr where there is none.
  const TraceReader* reader() const { return reader_.get(); }

 private:
  enum class Phase : uint8_t { kBegin, kLearning, kWriting, kDone };

  Status OpenReader();
  bool Learn();
  bool Write(std::string* text);
  bool WriteRecord(const EtwRecord& record, std::string* text);

  const OpenSource open_;
  const EventFilter filter_;
  Phase phase_ = Phase::kBegin;
  std::unique_ptr<TraceReader> reader_;
  EventDecoder decoder_;
  TraceJoiner joiner_;
  JoinedJson joined_json_{&joiner_};
  std::string scratch_;
  std::string members_;
  uint64_t records_ = 0;
  UndecodedEvents undecoded_;
  TraceStatistics left_out_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_TRACE_TEXT_H_
