#ifndef NUTHATCH_PIPELINE_TRACE_BLOCKS_H_
#define NUTHATCH_PIPELINE_TRACE_BLOCKS_H_

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

// A trace as blocks for a pipeline with the same mappings as `program`.
class TraceBlocks {
 public:
  TraceBlocks(TraceEvents::OpenSource open, EventFilter filter,
              std::shared_ptr<const Program> program)
      : program_(std::move(program)),
        events_(std::move(open), std::move(filter)),
        values_(program_->reporter.paths(), events_.joiner()) {
    if (program_->asks_image_signatures || program_->asks_process_signatures)
      events_.joiner()->FollowImages();
  }

  // A step: a block, which may have no records, but news of files. After the last, `done` is true.
  Status Next(std::shared_ptr<const TraceBlock>* block, bool* done);

  const TraceEvents& events() const { return events_; }

 private:
  const std::shared_ptr<const Program> program_;
  const std::shared_ptr<TraceBlockPool> pool_ = std::make_shared<TraceBlockPool>();
  TraceEvents events_;
  TraceValues values_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_TRACE_BLOCKS_H_
