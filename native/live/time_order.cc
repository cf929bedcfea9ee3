#include "live/time_order.h"

#include <algorithm>
#include <utility>

namespace nuthatch {

void TimeOrder::Add(RecordQueue::Chunk chunk) {
  if (free_.empty()) free_.push_back(std::make_unique<Held>());
  held_.push_back(std::move(free_.back()));
  free_.pop_back();
  Held* const held = held_.back().get();
  held->runs = chunk->runs().size();
  held->bytes = chunk->memory() + held->runs * sizeof(Cursor);
  bytes_ += held->bytes;
  held->chunk = std::move(chunk);
  if (given_) Advance();
  for (const RecordChunk::Run& run : held->chunk->runs()) {
    heap_.push_back({held->chunk->TimeAt(run.begin), sequence_++, held, run.begin, run.end});
    std::push_heap(heap_.begin(), heap_.end(), Later);
  }
}

bool TimeOrder::Next(int64_t now, EtwRecord* record) {
  if (given_) Advance();
  if (heap_.empty()) return false;
  if (due() > now && !is_full()) return false;
  const Cursor& first = heap_.front();
  next_at_ = first.chunk->chunk->Read(first.at, record);
  arrived_ = first.chunk->chunk->first_arrived;
  if (record->time < last_time_) ++out_of_order_;
  last_time_ = std::max(last_time_, record->time);
  given_ = true;
  return true;
}

// Past the record that was given.
void TimeOrder::Advance() {
  given_ = false;
  Cursor& first = heap_.front();
  first.at = next_at_;
  if (first.at == first.end) {
    Held* const held = first.chunk;
    std::pop_heap(heap_.begin(), heap_.end(), Later);
    heap_.pop_back();
    if (--held->runs == 0) Release(held);
    return;
  }
  first.time = first.chunk->chunk->TimeAt(first.at);
  // Down to its place.
  size_t at = 0;
  for (size_t child = 1; child < heap_.size(); child = 2 * at + 1) {
    if (child + 1 < heap_.size() && Later(heap_[child], heap_[child + 1])) ++child;
    if (!Later(heap_[at], heap_[child])) return;
    std::swap(heap_[at], heap_[child]);
    at = child;
  }
}

void TimeOrder::Release(Held* held) {
  bytes_ -= held->bytes;
  queue_->Return(std::move(held->chunk));
  const auto place = std::find_if(held_.begin(), held_.end(),
                                  [held](const auto& each) { return each.get() == held; });
  free_.push_back(std::move(*place));
  held_.erase(place);
}

}  // namespace nuthatch
