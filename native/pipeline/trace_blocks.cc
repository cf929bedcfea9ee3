#include "pipeline/trace_blocks.h"

#include <limits>
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

void HeldBlocks::Push(std::shared_ptr<TraceBlock> block) {
  const size_t bytes = block->bytes();
  bytes_ += bytes;
  blocks_.push_back({std::move(block), bytes});
}

std::shared_ptr<const TraceBlock> HeldBlocks::Pop(TraceValues* values, uint64_t time, bool end) {
  if (blocks_.empty()) return nullptr;
  if (end) time = std::numeric_limits<uint64_t>::max();
  values->FinishStacks(time);
  const std::shared_ptr<TraceBlock>& first = blocks_.front().block;
  if (first->waiting > 0 && (end || bytes_ > kMostBytes)) values->FinishStacks(time, first.get());
  if (first->waiting > 0) return nullptr;
  std::shared_ptr<const TraceBlock> block = std::move(blocks_.front().block);
  bytes_ -= blocks_.front().bytes;
  blocks_.pop_front();
  return block;
}

TraceBlocks::TraceBlocks(OpenSource open, EventFilter filter,
                         std::shared_ptr<const Program> program, const std::atomic<bool>* stop)
    : program_(std::move(program)),
      events_(std::move(open), std::move(filter), stop),
      values_(program_->reporter.paths(), events_.joiner()) {
  if (program_->asks_signatures()) events_.joiner()->FollowImages(/*loads=*/false);
}

Status TraceBlocks::Next(std::shared_ptr<const TraceBlock>* block, bool* done) {
  Status status;
  *block = held_.Pop(&values_, events_.stage().time(), read_all_);
  if (*block == nullptr && !read_all_) {
    const std::shared_ptr<TraceBlock> next = pool_->Take();
    next->records_before = events_.stage().records();
    values_.SetBlock(next.get());
    status = events_.Next(&values_, &read_all_);
    next->records = events_.stage().records() - next->records_before;
    held_.Push(next);
    *block = held_.Pop(&values_, events_.stage().time(), read_all_);
  }
  if (*block == nullptr) *block = pool_->Take();
  *done = read_all_ && held_.empty();
  return status;
}

}  // namespace nuthatch
