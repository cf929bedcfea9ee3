// Records in the order of their time, though the system gives them CPU by CPU and session by
// session: each waits a moment for those that are older.
#ifndef NUTHATCH_LIVE_TIME_ORDER_H_
#define NUTHATCH_LIVE_TIME_ORDER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "live/record_chunk.h"
#include "live/record_queue.h"

namespace nuthatch {

// For one thread. Memory is bounded: beyond `most_bytes` the moment is cut short.
class TimeOrder {
 public:
  // Records of a chunk are given out when it arrived so long ago, in nanoseconds: whatever comes
  // within that is in order. One that has the time of a clock that has been set back since waits
  // for no more than twice that, though newer ones have earlier times.
  TimeOrder(RecordQueue* queue, int64_t within, size_t most_bytes = size_t{32} << 20)
      : queue_(queue), within_(within), most_bytes_(most_bytes) {}

  void Add(RecordQueue::Chunk chunk);
  // The next record, if it is due by `now`; what its spans point to stays until the next call.
  bool Next(int64_t now, EtwRecord* record);
  // All that are left are due.
  void Finish() { within_ = 0; }

  bool empty() const { return heap_.empty(); }
  bool is_full() const { return bytes_ > most_bytes_; }
  // When the next record is due; of those that there are.
  int64_t due() const {
    return std::min(heap_.front().chunk->chunk->arrived + within_,
                    held_.front()->chunk->arrived + 2 * within_);
  }
  // When the oldest of the chunk of what was given last had arrived.
  int64_t arrived() const { return arrived_; }
  // Records given after one with a later time.
  uint64_t out_of_order() const { return out_of_order_; }

 private:
  struct Held {
    RecordQueue::Chunk chunk;
    size_t runs;   // not at their end
    size_t bytes;  // with the cursors of all its runs
  };
  struct Cursor {
    uint64_t time;
    uint64_t sequence;  // among equal times what came earlier goes first
    Held* chunk;
    uint32_t at;
    uint32_t end;
  };

  static bool Later(const Cursor& a, const Cursor& b) {
    return a.time != b.time ? a.time > b.time : a.sequence > b.sequence;
  }
  void Advance();
  void Release(Held* held);

  RecordQueue* const queue_;
  int64_t within_;
  const size_t most_bytes_;
  size_t bytes_ = 0;
  std::vector<Cursor> heap_;
  std::vector<std::unique_ptr<Held>> held_;  // as they arrived
  std::vector<std::unique_ptr<Held>> free_;
  uint64_t sequence_ = 0;
  bool given_ = false;  // the first cursor's record, which is still in use
  uint32_t next_at_ = 0;
  uint64_t last_time_ = 0;
  int64_t arrived_ = 0;
  uint64_t out_of_order_ = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_LIVE_TIME_ORDER_H_
