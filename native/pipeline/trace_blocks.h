#ifndef NUTHATCH_PIPELINE_TRACE_BLOCKS_H_
#define NUTHATCH_PIPELINE_TRACE_BLOCKS_H_

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "pipeline/program.h"
#include "pipeline/trace_block.h"
#include "pipeline/trace_events.h"
#include "pipeline/trace_values.h"

namespace nuthatch {

// Blocks whose memory is used again when nobody reads them any more. For any threads.
class TraceBlockPool : public std::enable_shared_from_this<TraceBlockPool> {
 public:
  TraceBlockPool() { free_.reserve(kMostFree); }
  // An empty one.
  std::shared_ptr<TraceBlock> Take();

 private:
  static constexpr size_t kMostFree = 4;

  void Return(std::unique_ptr<TraceBlock> block);

  std::mutex mutex_;
  std::vector<std::unique_ptr<TraceBlock>> free_;
};

// Blocks that are written, in their order, until none of their events waits for its call stack.
class HeldBlocks {
 public:
  // Beyond it the first is not waited for any longer.
  static constexpr size_t kMostBytes = size_t{16} << 20;

  void Push(std::shared_ptr<TraceBlock> block);
  // As of the time of the last record; nullptr where the first one waits. `end`: none comes any
  // more.
  std::shared_ptr<const TraceBlock> Pop(TraceValues* values, uint64_t time, bool end);
  bool empty() const { return blocks_.empty(); }

 private:
  struct Held {
    std::shared_ptr<TraceBlock> block;
    size_t bytes;  // as it was pushed: stacks are added
  };

  std::deque<Held> blocks_;
  size_t bytes_ = 0;
};

// A trace as blocks for a pipeline with the same mappings as `program`; `stop` as of TraceEvents.
class TraceBlocks {
 public:
  TraceBlocks(OpenSource open, EventFilter filter, std::shared_ptr<const Program> program,
              const std::atomic<bool>* stop = nullptr);

  // Events have their call stacks: as TraceValues::FollowStacks.
  void FollowStacks(SymbolSource* symbols) { values_.FollowStacks(symbols); }

  // A step: a block, which may have no records, but news of files. After the last, `done` is true.
  Status Next(std::shared_ptr<const TraceBlock>* block, bool* done);
  // As TraceEvents::Close.
  void Close() { events_.Close(); }

  const TraceEvents& events() const { return events_; }

 private:
  const std::shared_ptr<const Program> program_;
  const std::shared_ptr<TraceBlockPool> pool_ = std::make_shared<TraceBlockPool>();
  TraceEvents events_;
  TraceValues values_;
  HeldBlocks held_;
  bool read_all_ = false;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_TRACE_BLOCKS_H_
