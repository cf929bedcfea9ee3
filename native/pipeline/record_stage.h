// Records to events: what a trace of whichever source goes through.
#ifndef NUTHATCH_PIPELINE_RECORD_STAGE_H_
#define NUTHATCH_PIPELINE_RECORD_STAGE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "etw/event_decoder.h"
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

// Where news of files go, if the joiner follows images.
class FileOutput {
 public:
  virtual ~FileOutput() = default;
  virtual void AddFile(FileNews, std::string_view /*path*/, const ImageNumbers&) {}
};

// Where events go.
class TraceOutput : public FileOutput {
 public:
  // `record` is the number of the event's record in the trace, from 1.
  virtual void Add(const DecodedEvent& event, const JoinedEvent& joined, uint64_t record) = 0;
  // A step ends when it has enough.
  virtual bool full() const = 0;
};

// Takes a trace's records in the order of their time, one by one: decodes and joins those that are
// asked for, and gives their events to an output. For one thread at a time.
class RecordStage {
 public:
  explicit RecordStage(EventFilter filter) : filter_(std::move(filter)) {}
  RecordStage(const RecordStage&) = delete;  // outputs refer to its joiner
  RecordStage& operator=(const RecordStage&) = delete;

  // Keeps of a record what others hang on that come before it: of a file in a pass over all of it
  // before the one in which records are given; in a live session when it arrives, a moment before
  // it is given.
  void Learn(const EtwRecord& record);
  // In a pass between these two, where the joiner needs it.
  void Map(const EtwRecord& record) {
    if (joiner_.ObserveToMap(record)) joiner_.Learn(decoder_.Decode(record));
  }
  // Images that run, as far as has been learned since it was asked before.
  void GiveRunningImages(FileOutput* output);
  // `output` may be given the record's event, or news of files.
  void Give(const EtwRecord& record, TraceOutput* output);

  // What is left out by the names that the trace has for its providers.
  void NameLeftOut() { left_out_.NameProviders(decoder_.ProviderNames()); }

  EventDecoder* decoder() { return &decoder_; }
  // What outputs ask for more of what is joined.
  TraceJoiner* joiner() { return &joiner_; }
  // Of call stacks, where the output follows them and the trace has some; else nullptr.
  const StackCounts* stacks() const {
    const StackMatcher* const stacks = joiner_.stacks();
    return stacks == nullptr ? nullptr : &stacks->counts();
  }
  // In a live session: parts of stacks that the session has cached are waited for so long, 100 ns.
  void ExpectCachedStacks(uint64_t longest) {
    if (joiner_.stacks() != nullptr) joiner_.stacks()->ExpectFrom(&decoder_.stacks(), longest);
  }
  // That were given.
  uint64_t records() const { return records_; }
  // Of the last one.
  uint64_t time() const { return joiner_.time(); }
  // Of the events given out.
  const UndecodedEvents& undecoded() const { return undecoded_; }
  // Records left out by the filter `standard`.
  const TraceStatistics& left_out() const { return left_out_; }

 private:
  bool GiveEvent(const EtwRecord& record, TraceOutput* output);
  void GiveWindowsVolume(FileOutput* output);

  const EventFilter filter_;
  EventDecoder decoder_;
  TraceJoiner joiner_;
  uint64_t records_ = 0;
  uint64_t given_volumes_ = 0;  // their revision
  UndecodedEvents undecoded_;
  TraceStatistics left_out_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_RECORD_STAGE_H_
