// Wires the stages: lines in, detections or standard events out, on any number of threads.
//
// Blocks are cut into slices, numbered in the order of the stream. A thread reads a slice, waits
// for the turn of its number, publishes its process starts and counts its lines, passes the turn
// on, and evaluates. Results are handed over in order, so they do not depend on the number of
// threads.
#ifndef NUTHATCH_PIPELINE_PIPELINE_H_
#define NUTHATCH_PIPELINE_PIPELINE_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "enrich/process_table.h"
#include "evaluate/cost_meter.h"
#include "pipeline/block_result.h"
#include "pipeline/cache_news.h"
#include "pipeline/parked_events.h"
#include "pipeline/program.h"
#include "pipeline/worker.h"

namespace nuthatch {

// How signatures are verified that no record tells.
struct SignatureOptions {
  VerifierPool::MakeVerify make_verify;
  SignatureCacheOptions cache;
  // That an event waits. None, for recorded input: until the answer is there; what there is no room
  // for waits to be read, and a file's own time begins when its turn comes. So how fast the machine
  // is decides nothing.
  std::optional<std::chrono::milliseconds> deadline = std::chrono::seconds(30);
  ParkingRoom room = {};
};

struct PipelineOptions {
  size_t threads = 1;
  bool stop_at_malformed = false;  // a block ends at its first malformed record
  size_t max_record_bytes = size_t{16} << 20;
  size_t process_table_capacity = size_t{1} << 16;  // 0: nothing is joined
  // A slice and what it keeps from its lines fit in a core's cache together.
  size_t slice_bytes = size_t{256} << 10;
  std::optional<SignatureOptions> signatures = {};  // none: none is verified
};

class Pipeline {
 public:
  // `deliver` is called once for each block, in the order of submission, by a thread of the
  // pipeline with its lock held: it must be quick and must not call the pipeline. A block for which
  // there is no memory is delivered as failed, and so are those after it. `news`, if any, is called
  // when events wait no more for signatures, by a thread of the pipeline; what has become of them
  // comes with the next block, or by Flush.
  Pipeline(std::shared_ptr<const Program> program, const PipelineOptions& options,
           std::function<void(BlockResult)> deliver, std::function<void()> news = nullptr);
  // As Close.
  ~Pipeline();

  // Returns the source's number; its lines are counted from 1.
  uint32_t AddSource(std::string name);
  // `lines` are whole lines (a last newline may be missing) and stay until their result is
  // delivered.
  void Submit(uint32_t source, std::string_view lines);
  // The lines that begin in [begin, end) of a file, which the threads read themselves. The parts of
  // a file are submitted in order, without gaps.
  void Submit(uint32_t source, std::shared_ptr<ByteSource> file, uint64_t begin, uint64_t end);
  // Events of a trace; `bytes` of its file are counted with them.
  void Submit(uint32_t source, std::shared_ptr<const TraceBlock> trace, uint64_t bytes);
  // Counts a line that the caller has passed over because it was too long.
  void SkipLine(uint32_t source, uint64_t bytes);
  // Delivers, as a block of no lines, what has become of events that waited for a signature.
  void Flush() { AddEmpty(/*settles=*/false); }
  // The same, once none waits any more.
  void Settle() { AddEmpty(/*settles=*/true); }
  // No event waits for a signature any more: those that do, or would, are undecided at once. Any
  // thread.
  void StopWaiting();
  // Waits until everything submitted is delivered, and ends the threads. Nothing may be submitted
  // after it.
  void Close();
  // As Close, but blocks that no thread has begun are dropped.
  void Abort();
  // For news of files that do not come with a trace's blocks; not after this.
  CacheNews files() const { return {*program_, cache_.get()}; }
  // Events that wait for a signature. Any thread.
  size_t waiting() const;
  // What evaluating has cost, on all threads; to be asked for after Close.
  const CostMeter& costs() const { return costs_; }
  // Nothing when none is verified.
  std::optional<SignatureCacheStatistics> signatures() const;

 private:
  struct Source {
    uint32_t number;
    std::string name;
    uint64_t lines = 0;
    bool begun = false;
  };
  // A block as it was submitted.
  struct Job {
    Source* source;
    uint64_t bytes;
    std::string_view text = {};
    std::shared_ptr<ByteSource> file = nullptr;         // instead of text
    uint64_t begin = 0;                                 // of the part of it
    std::shared_ptr<const TraceBlock> trace = nullptr;  // instead of text: one slice
    bool skipped = false;                               // a line too long; text is empty
    bool settles = false;                               // what is parked; text is empty
    size_t cut = 0;                                     // bytes that are in slices
    size_t done = 0;                                    // slices
    bool all_cut = false;
    bool stopped = false;  // at a malformed record, by a slice whose turn has passed
    std::vector<BlockResult> results = {};  // by slice
  };
  // A slice on its way.
  struct Task {
    Job* job;
    size_t index;  // in the job
    uint64_t number;
    Slice slice;
    bool turn_passed = false;
  };

  using Lock = std::unique_lock<std::mutex>;

  static constexpr ProcessTable::Ordinal kIdle = UINT64_MAX;

  void Run(size_t thread);
  void RunTask(size_t thread, Worker* worker, Task* task);
  void Fail(Task* task);
  std::optional<Task> NextTask();
  void Add(std::unique_ptr<Job> job, Lock* lock);
  void AddEmpty(bool settles);
  void CutSlice(Job* job, Slice* slice) const;
  ProcessTable::Ordinal TakeTurn(size_t thread, Worker* worker, Task* task);
  void PassTurn(Task* task);
  void AwaitParked(const Task& task);
  void Finish(size_t thread, Task* task);
  void DeliverInOrder();
  BlockResult ResultOf(Job* job);
  void End(bool drop);
  void DropJobs();
  ProcessTable::Ordinal OldestOrdinal() const;

  const std::shared_ptr<const Program> program_;
  const PipelineOptions options_;
  const std::unique_ptr<ProcessTable> processes_;  // nullptr when nothing is joined
  const std::function<void(BlockResult)> deliver_;
  // nullptr when no signatures are verified. The cache tells the events, which ask it: it is closed
  // before they end.
  std::unique_ptr<SignatureCache> cache_;
  std::unique_ptr<ParkedEvents> parked_;

  std::atomic<bool> failed_ = false;  // for want of memory: what is left is not evaluated
  std::mutex mutex_;                  // of all below
  std::condition_variable work_;
  std::condition_variable turn_;
  std::deque<Source> sources_;
  std::deque<std::unique_ptr<Job>> jobs_;     // not yet delivered
  size_t next_job_ = 0;                       // the first in jobs_ that is not all cut
  uint64_t slices_ = 0;                       // cut so far
  uint64_t whose_turn_ = 0;                   // a slice's number
  std::vector<ProcessTable::Ordinal> as_of_;  // by thread: the least it may ask as of, or kIdle
  bool closing_ = false;
  CostMeter costs_;  // of threads that have ended
  std::vector<std::thread> threads_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_PIPELINE_H_
