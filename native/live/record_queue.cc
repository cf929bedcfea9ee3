#include "live/record_queue.h"

#include <algorithm>
#include <new>
#include <system_error>
#include <utility>

#include "base/clock.h"

namespace nuthatch {
namespace {

// Of the chunks in memory so many may be on their way to the disk besides.
constexpr size_t kMostOnTheWay = 32;

}  // namespace

RecordQueue::RecordQueue(const RecordQueueOptions& options)
    : options_(options), most_(std::max<size_t>(2, options.bytes / RecordChunk::kBytes)) {
  empty_.reserve(most_ + kMostOnTheWay);
}

RecordQueue::~RecordQueue() {
  Close();
  if (thread_.joinable()) thread_.join();
}

Status RecordQueue::Open() {
  if (options_.overflow != Overflow::kSpill) return {};
  std::unique_ptr<TemporaryFile> file = TemporaryFile::Create(options_.spill_folder);
  try {
    if (file != nullptr) Open(std::move(file));
  } catch (const std::system_error&) {
    spilled_.reset();
  }
  if (spilled_) return {};
  return Status::Error("NUTHATCH_LIVE_SPILL", "there can be no file to spill to in " +
                                                  options_.spill_folder +
                                                  "; name another folder, or another overflow");
}

void RecordQueue::Open(std::unique_ptr<TemporaryFile> file) {
  spilled_.emplace(std::move(file), options_.spill_bytes);
  thread_ = std::thread([this] { Spill(); });
}

RecordQueue::Chunk RecordQueue::TakeEmpty() {
  {
    const std::lock_guard lock(mutex_);
    if (!empty_.empty()) {
      Chunk chunk = std::move(empty_.back());
      empty_.pop_back();
      return chunk;
    }
  }
  try {
    return std::make_unique<RecordChunk>();
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

// Who is woken finds the lock free.
void RecordQueue::Put(Chunk* chunk) {
  if (PutAll(chunk)) filled_.notify_one();
}

// For the thread of the system, through which nothing may be thrown. Whether the reader has what it
// waits for.
bool RecordQueue::PutAll(Chunk* chunk) {
  Chunk next = TakeEmpty();
  const std::lock_guard lock(mutex_);
  const uint32_t records = (*chunk)->records();
  counts_.queued += records;
  is_urgent_ = is_urgent_ || (*chunk)->is_urgent;
  try {
    const int64_t now = ClockNanoseconds();
    if (Merge(**chunk, now)) {
      (*chunk)->Clear();
      if (next != nullptr) empty_.push_back(std::move(next));
    } else if (next != nullptr) {
      (*chunk)->arrived = (*chunk)->first_arrived = now;
      PutNext(chunk, std::move(next));
    } else {
      throw std::bad_alloc();
    }
  } catch (const std::bad_alloc&) {
    counts_.dropped += records;
    (*chunk)->Clear();
  }
  return HasWanted();
}

// Small chunks, of which there are many while little happens, are put together as long as nobody
// has taken them.
bool RecordQueue::Merge(const RecordChunk& chunk, int64_t now) {
  const std::deque<Chunk>& last = spilled_ && IsSpilling() ? tail_ : chunks_;
  if (last.empty() || !last.back()->Append(chunk)) return false;
  last.back()->arrived = now;
  return true;
}

void RecordQueue::PutNext(Chunk* chunk, Chunk next) {
  if ((spilled_ && IsSpilling()) || chunks_.size() == most_) {
    PutWithoutRoom(chunk);
  } else {
    chunks_.push_back(std::move(*chunk));
  }
  const uint64_t bytes = (chunks_.size() + tail_.size()) * RecordChunk::kBytes;
  counts_.most_bytes = std::max(counts_.most_bytes, bytes);
  *chunk = std::move(next);
}

void RecordQueue::DropOne() {
  const std::lock_guard lock(mutex_);
  ++counts_.queued;
  ++counts_.dropped;
}

void RecordQueue::PutWithoutRoom(Chunk* chunk) {
  switch (options_.overflow) {
    case Overflow::kDropNewest:
      return Drop(chunk);
    case Overflow::kDropOldest:
      Drop(&chunks_.front());
      chunks_.pop_front();
      return chunks_.push_back(std::move(*chunk));
    case Overflow::kSpill:
      if (tail_.size() == kMostOnTheWay) return Drop(chunk);
      tail_.push_back(std::move(*chunk));
      spill_.notify_one();
      return;
  }
}

void RecordQueue::Drop(Chunk* chunk) {
  counts_.dropped += (*chunk)->records();
  (*chunk)->Clear();
  empty_.push_back(std::move(*chunk));
}

// False where there is no room or memory, or the disk fails.
bool RecordQueue::Keep(const RecordChunk& chunk) {
  try {
    return spilled_->Push(chunk);
  } catch (const std::bad_alloc&) {
    return false;
  }
}

// The thread of the disk: the first of the tail goes there, unless it has been taken by then.
void RecordQueue::Spill() {
  Lock lock(mutex_);
  for (;;) {
    spill_.wait(lock, [this] { return closed_ || !tail_.empty(); });
    if (closed_) return;  // the rest is read from the tail
    Chunk chunk = std::move(tail_.front());
    tail_.pop_front();
    is_spilling_ = true;
    lock.unlock();
    const bool is_kept = Keep(*chunk);
    lock.lock();
    is_spilling_ = false;
    (is_kept ? counts_.spilled : counts_.dropped) += chunk->records();
    chunk->Clear();
    empty_.push_back(std::move(chunk));
    filled_.notify_one();
  }
}

bool RecordQueue::HasNext() const {
  if (!chunks_.empty()) return true;
  if (!spilled_) return false;
  return spilled_->size() > 0 || (!is_spilling_ && !tail_.empty());
}

// Of what has been spilled there is enough.
bool RecordQueue::HasWanted() const {
  return HasNext() && (is_urgent_ || chunks_.size() >= wanted_ || (spilled_ && IsSpilling()));
}

RecordQueue::Chunk RecordQueue::Take(std::chrono::steady_clock::time_point until, size_t many) {
  Lock lock(mutex_);
  wanted_ = std::clamp<size_t>(many, 1, most_ / 2);
  filled_.wait_until(lock, until,
                     [this] { return HasWanted() || woken_ || (closed_ && !is_spilling_); });
  woken_ = is_urgent_ = false;
  if (!HasNext()) return nullptr;
  if (chunks_.empty() && spilled_->size() > 0) return TakeSpilled(&lock);
  std::deque<Chunk>& from = chunks_.empty() ? tail_ : chunks_;
  Chunk chunk = std::move(from.front());
  from.pop_front();
  return chunk;
}

// nullptr where the disk fails: then its records are lost, and counted.
RecordQueue::Chunk RecordQueue::TakeSpilled(Lock* lock) {
  lock->unlock();
  Chunk chunk = TakeEmpty();
  if (chunk == nullptr) return nullptr;
  uint32_t records = 0;
  const bool is_read = spilled_->Pop(chunk.get(), &records);
  chunk->arrived = ClockNanoseconds();
  if (is_read) return chunk;
  Return(std::move(chunk));
  lock->lock();
  counts_.dropped += records;
  return nullptr;
}

void RecordQueue::Return(Chunk chunk) {
  chunk->Clear();
  const std::lock_guard lock(mutex_);
  if (empty_.size() < most_) empty_.push_back(std::move(chunk));
}

void RecordQueue::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  filled_.notify_all();
  spill_.notify_all();
}

bool RecordQueue::is_done() const {
  const std::lock_guard lock(mutex_);
  return closed_ && !is_spilling_ && !HasNext();
}

void RecordQueue::Wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  filled_.notify_all();
}

RecordQueue::Counts RecordQueue::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

bool RecordWriter::Add(const WinEventRecord& event, uint64_t time) {
  try {
    if (chunk_ == nullptr) chunk_ = queue_->TakeEmpty();
    if (chunk_ == nullptr) throw std::bad_alloc();
    if (chunk_->Add(event, time)) return true;
    Flush();
    return chunk_->Add(event, time);
  } catch (const std::bad_alloc&) {
    queue_->DropOne();
    return true;
  }
}

void RecordWriter::Flush() {
  if (chunk_ != nullptr && chunk_->records() > 0) queue_->Put(&chunk_);
}

}  // namespace nuthatch
