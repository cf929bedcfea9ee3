// A live trace: its records in the order of their time, decoded and joined, to wherever events go.
//
// The system calls one thread for each session, which copies records into a queue. One thread takes
// them from there, puts them in order and makes events of them. Where those go to may take its
// time: then the queue fills, and gives way as its options say; the system never waits.
#ifndef NUTHATCH_PIPELINE_LIVE_TRACE_H_
#define NUTHATCH_PIPELINE_LIVE_TRACE_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/latency_histogram.h"
#include "live/live_source.h"
#include "live/time_order.h"
#include "pipeline/account_names.h"
#include "pipeline/record_stage.h"

namespace nuthatch {

// Where a live trace's events go. For one thread, but for HasRoom's answer, which others change.
class LiveOutput {
 public:
  virtual ~LiveOutput() = default;
  // Before the trace begins, which does not where this fails. May take long.
  virtual Status Open() { return {}; }
  // Where the events of the records after so many go from now on.
  virtual TraceOutput* Begin(uint64_t records_before) = 0;
  // They are complete: those of the records up to so many. `arrived`: when the oldest did, by
  // ClockNanoseconds.
  virtual void End(uint64_t records, int64_t arrived) = 0;
  // False while what is complete should be taken first.
  virtual bool HasRoom() const = 0;
  // Whether events are to have the names of the accounts that processes run as.
  virtual bool asks_accounts() const { return false; }
  // For what is known of files before their events come.
  virtual FileOutput* files() = 0;
  // Something is to be asked for elsewhere, though no event comes.
  virtual void Tell() {}
  // Between records, when Wake has been called, and at the time of due().
  virtual void Woken() {}
  // By ClockNanoseconds.
  virtual int64_t due() const { return std::numeric_limits<int64_t>::max(); }
  // No more comes.
  virtual void Finish() = 0;
  // Its own threads end; once the trace's has. Any thread.
  virtual void Abort() {}
};

struct LiveTraceOptions {
  LiveSourceOptions source;
  EventFilter filter;
  // Records that reach us within so long of one another come in the order of their time.
  std::chrono::milliseconds in_order_within{20};
  // Events wait so long for parts of their call stacks that are in the cache of their session.
  std::chrono::milliseconds cached_stacks_within{100};
};

struct LiveTraceCounts {
  LiveCounts source;
  uint64_t records = 0;                              // given to the output, with those of no event
  uint64_t out_of_order = 0;                         // of them after one with a later time
  uint64_t raw = 0;                                  // events that nothing says how to decode
  uint64_t incomplete = 0;                           // and whose payload does not fit
  std::optional<StackCounts> stacks = std::nullopt;  // where the output follows them
  std::optional<AccountCounts> accounts = std::nullopt;  // where the output asks for them
  uint64_t unnamed_starts = 0;  // of processes, given while that name was not known
  // How long the oldest record of what was handed on had waited, for its turn, its order and to be
  // decoded: microseconds.
  uint64_t waited_p50 = 0;
  uint64_t waited_p99 = 0;
};

class LiveTrace {
 public:
  using MakeOutput = std::function<std::unique_ptr<LiveOutput>(TraceJoiner*)>;

  LiveTrace(std::shared_ptr<EtwSystem> system, LiveTraceOptions options,
            const MakeOutput& make_output);
  // As Abort.
  ~LiveTrace();
  LiveTrace(const LiveTrace&) = delete;
  LiveTrace& operator=(const LiveTrace&) = delete;

  // `started` hears on another thread whether the output is open and the sessions run; `ended` that
  // the output has been finished, if they did; `on_problem` that there is something to take, on
  // any.
  void Start(const std::function<void(Status)>& started, std::function<void()> ended,
             std::function<void()> on_problem);
  // Ends the sessions; what they have written still comes. Any thread, as all below.
  void Stop() { source_.Stop(); }
  // Nothing more comes; waits for its threads, and its output's. While the system calls one of
  // them, that takes as long as the call.
  void Abort();
  // The output has room again, or something to do.
  void Wake();
  LiveTraceCounts counts() const;
  std::vector<Status> TakeProblems() { return source_.TakeProblems(); }

 private:
  Status Begin(std::function<void()> on_problem);
  void Run();
  void Work();
  void AwaitRoom();
  bool TakeChunks();
  void Learn(const RecordChunk& chunk);
  void GiveDue();
  void AskVolumes();
  void NoteLosses();
  void Hand();
  void Publish();

  const std::shared_ptr<EtwSystem> system_;
  const LiveTraceOptions options_;
  LiveSource source_;
  TimeOrder order_;
  RecordStage stage_;
  const std::unique_ptr<LiveOutput> output_;
  std::optional<AccountNames> accounts_;
  TraceOutput* target_ = nullptr;        // nullptr: none is begun
  uint64_t handed_ = 0;                  // records
  int64_t arrived_ = 0;                  // the oldest that is not handed on
  uint64_t lost_ = 0;                    // records and buffers
  uint64_t restarts_ = 0;                // of sessions
  std::optional<uint64_t> lost_before_;  // so many records have been given
  bool wants_rundown_ = false;           // after them
  bool wants_volumes_ = false;           // some record was on one that is not known
  std::optional<std::chrono::steady_clock::time_point> asked_volumes_;  // last, for that

  std::atomic<bool> aborted_ = false;
  mutable std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  bool woken_ = false;
  LiveTraceCounts counts_;
  LatencyHistogram waited_;
  std::thread thread_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_LIVE_TRACE_H_
