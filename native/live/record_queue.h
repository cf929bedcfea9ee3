// Records between the threads that the system calls and the one that decodes: bounded, and nobody
// who writes ever waits for who reads.
#ifndef NUTHATCH_LIVE_RECORD_QUEUE_H_
#define NUTHATCH_LIVE_RECORD_QUEUE_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/status.h"
#include "live/record_chunk.h"
#include "live/spilled_chunks.h"

namespace nuthatch {

// What happens when there is no room.
enum class Overflow : uint8_t {
  kDropOldest,
  kDropNewest,
  kSpill,  // a thread of the queue puts the newest on a disk, or drops them: it may be full, or
           // slow
};

struct RecordQueueOptions {
  size_t bytes = size_t{64} << 20;
  Overflow overflow = Overflow::kDropOldest;
  std::string spill_folder = {};
  uint64_t spill_bytes = uint64_t{4} << 30;
};

class RecordQueue {
 public:
  using Chunk = std::unique_ptr<RecordChunk>;

  struct Counts {
    uint64_t queued = 0;      // ever, whatever has become of them
    uint64_t dropped = 0;     // of those, for want of room or memory
    uint64_t spilled = 0;     // of those, to the disk
    uint64_t most_bytes = 0;  // that were waiting in memory at a time
  };

  explicit RecordQueue(const RecordQueueOptions& options);
  ~RecordQueue();
  RecordQueue(const RecordQueue&) = delete;
  RecordQueue& operator=(const RecordQueue&) = delete;

  // To be called once, before anything is put. Fails with NUTHATCH_LIVE_SPILL where there can be no
  // file to spill to.
  Status Open();
  // The same, with a file to spill to. Fails with std::system_error where there is no thread.
  void Open(std::unique_ptr<TemporaryFile> file);

  // An empty one; nullptr when there is no memory. Any thread, as all here.
  Chunk TakeEmpty();
  // Hands over what a writer has, and gives it an empty one in return. What there is no memory for
  // is dropped.
  void Put(Chunk* chunk);
  // Counts a record that a writer has no chunk for.
  void DropOne();
  // The oldest, once there are so many or one of them was urgent, or by `until` if there is any; at
  // once when the queue is closed, or woken. nullptr where there is none. One thread. Who can wait
  // for many is woken less.
  Chunk Take(std::chrono::steady_clock::time_point until, size_t many = 1);
  void Return(Chunk chunk);
  // Nothing is put after it.
  void Close();
  // That nothing is put any more, and all has been taken.
  bool is_done() const;
  // Wakes who waits in Take.
  void Wake();
  Counts counts() const;

 private:
  using Lock = std::unique_lock<std::mutex>;

  bool IsSpilling() const { return is_spilling_ || !tail_.empty() || spilled_->size() > 0; }
  bool HasNext() const;
  bool HasWanted() const;
  bool Merge(const RecordChunk& chunk, int64_t now);
  void PutNext(Chunk* chunk, Chunk next);
  bool PutAll(Chunk* chunk);
  void Drop(Chunk* chunk);
  void PutWithoutRoom(Chunk* chunk);
  Chunk TakeSpilled(Lock* lock);
  bool Keep(const RecordChunk& chunk);
  void Spill();

  const RecordQueueOptions options_;
  const size_t most_;

  mutable std::mutex mutex_;  // of all below: held a moment, once for a chunk
  std::condition_variable filled_;
  std::condition_variable spill_;
  std::deque<Chunk> chunks_;
  std::optional<SpilledChunks> spilled_;  // after those
  std::deque<Chunk> tail_;                // after these, on their way to the disk
  bool is_spilling_ = false;              // the first of the tail, which is with the disk's thread
  std::vector<Chunk> empty_;
  Counts counts_;
  size_t wanted_ = 1;       // chunks, by who waits in Take
  bool is_urgent_ = false;  // one that has been put since something was taken
  bool closed_ = false;
  bool woken_ = false;
  std::thread thread_;  // that spills
};

// What one writer, a session's callback, writes to. For one thread at a time.
class RecordWriter {
 public:
  explicit RecordWriter(RecordQueue* queue) : queue_(queue), chunk_(queue->TakeEmpty()) {}

  // A copy, or counted as dropped where there is no memory at all; false when it is larger than any
  // event may be.
  bool Add(const WinEventRecord& event, uint64_t time);
  // What has been added last should be learnt from as soon as it can be read.
  void Hurry() {
    if (chunk_ != nullptr) chunk_->is_urgent = true;
  }
  // What has been added can be read from now on.
  void Flush();

 private:
  RecordQueue* const queue_;
  RecordQueue::Chunk chunk_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_LIVE_RECORD_QUEUE_H_
