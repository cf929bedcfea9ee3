#include "pipeline/trace_blocks.h"

#include <utility>

namespace nuthatch {

std::shared_ptr<TraceBlock> TraceBlockPool::Take() {
  std::unique_ptr<TraceBlock> block;
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      block = std::move(free_.back());
      free_.pop_back();
    }
  }
  if (block == nullptr) block = std::make_unique<TraceBlock>();
  return {block.release(), [pool = shared_from_this()](TraceBlock* read) {
            pool->Return(std::unique_ptr<TraceBlock>(read));
          }};
}

void TraceBlockPool::Return(std::unique_ptr<TraceBlock> block) {
  block->Clear();
  const std::lock_guard lock(mutex_);
  if (free_.size() < kMostFree) free_.push_back(std::move(block));
}

Status TraceBlocks::Next(std::shared_ptr<const TraceBlock>* block, bool* done) {
  const std::shared_ptr<TraceBlock> next = pool_->Take();
  next->records_before = events_.records();
  values_.SetBlock(next.get());
  Status status = events_.Next(&values_, done);
  next->records = events_.records() - next->records_before;
  *block = next;
  return status;
}

}  // namespace nuthatch
