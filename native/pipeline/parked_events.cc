#include "pipeline/parked_events.h"

#include <utility>

#include "pipeline/worker.h"

namespace nuthatch {
namespace {

using Clock = std::chrono::steady_clock;

size_t BytesOf(const ParkedEvent& event) {
  size_t bytes =
      sizeof(event) + event.text.capacity() + event.undecided.capacity() * sizeof(DetectorId);
  // As if nobody else held them.
  for (const SignatureCache::Found& found : event.signatures) {
    if (found.promise) bytes += sizeof(CachedSignature) + found.promise->path.capacity();
    if (found.verdict) bytes += sizeof(SignatureVerdict) + found.verdict->bytes();
  }
  return bytes;
}

}  // namespace

ParkedEvents::ParkedEvents(const Program& program, SignatureCache* signatures,
                           std::optional<std::chrono::milliseconds> deadline,
                           const ParkingRoom& room, std::function<void()> news)
    : program_(program),
      signatures_(signatures),
      deadline_(deadline),
      room_(room),
      news_(std::move(news)),
      thread_([this] { Run(); }) {}

ParkedEvents::~ParkedEvents() { Close(); }

void ParkedEvents::Close() {
  Stop();
  if (thread_.joinable()) thread_.join();
}

size_t ParkedEvents::waiting() const {
  const std::lock_guard lock(mutex_);
  return events_;
}

bool ParkedEvents::HasRoomFor(size_t bytes) const {
  return events_ == 0 || (events_ < room_.events && bytes_ + bytes <= room_.bytes);
}

bool ParkedEvents::Park(ParkedEvent event) {
  if (deadline_) event.deadline = Clock::now() + *deadline_;
  const size_t bytes = event.bytes = BytesOf(event);
  std::unique_lock lock(mutex_);
  if (!deadline_) left_.wait(lock, [&] { return stopped_ || HasRoomFor(bytes); });
  if (stopped_ || !HasRoomFor(bytes)) return false;
  ++events_;
  bytes_ += bytes;
  arrived_.push_back(std::move(event));
  work_.notify_one();
  return true;
}

void ParkedEvents::Answered(uint64_t flight) {
  const std::lock_guard lock(mutex_);
  if (events_ == 0) return;  // whoever parks one later looks at the promise first
  answered_.push_back(flight);
  work_.notify_one();
}

BlockResult ParkedEvents::Take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(result_, BlockResult());
}

void ParkedEvents::Settle() {
  std::unique_lock lock(mutex_);
  left_.wait(lock, [&] { return events_ == 0; });
}

void ParkedEvents::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  work_.notify_all();
  left_.notify_all();
}

void ParkedEvents::Run() {
  try {
    Work();
  } catch (const std::exception&) {  // std::bad_alloc
    const std::lock_guard lock(mutex_);
    result_.failed = true;
    stopped_ = true;
  }
  Drop();
  if (news_) news_();
}

void ParkedEvents::Drop() {
  const std::lock_guard lock(mutex_);
  for (const std::list<ParkedEvent>* events : {&waiting_, &arrived_})
    for (const ParkedEvent& event : *events) result_.undecided += event.undecided.size();
  by_flight_.clear();
  waiting_.clear();
  arrived_.clear();
  events_ = 0;
  bytes_ = 0;
  left_.notify_all();
}

void ParkedEvents::Work() {
  const WorkerOptions options{.max_record_bytes = JsonSlice::kMaxLength};
  Worker worker(program_, nullptr, options, {signatures_, nullptr});
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto due = [&] { return stopped_ || !arrived_.empty() || !answered_.empty(); };
    if (waiting_.empty() || !deadline_) {
      work_.wait(lock, due);
    } else {
      work_.wait_until(lock, waiting_.front().deadline, due);
    }
    if (stopped_) return;
    const std::vector<uint64_t> answered = std::exchange(answered_, {});
    std::list<ParkedEvent> arrived = std::exchange(arrived_, {});
    lock.unlock();
    EvaluateDue(std::move(arrived), answered, &worker);
    if (deadline_) Expire(&worker);
    if (has_news_ && news_) news_();
    has_news_ = false;
    lock.lock();
  }
}

// Those that arrived look at their promises first: one that was kept before is seen, and one that
// is kept after is told.
void ParkedEvents::EvaluateDue(std::list<ParkedEvent> arrived,
                               const std::vector<uint64_t>& answered, Worker* worker) {
  while (!arrived.empty() && !stopped_) {
    waiting_.splice(waiting_.end(), arrived, arrived.begin());
    Evaluate(std::prev(waiting_.end()), /*last_time=*/false, worker);
  }
  waiting_.splice(waiting_.end(), arrived);
  for (const uint64_t flight : answered) {
    if (stopped_) return;
    std::vector<Waiting::iterator> events;
    const auto [begin, end] = by_flight_.equal_range(flight);
    for (auto it = begin; it != end; ++it) events.push_back(it->second);
    by_flight_.erase(begin, end);
    for (const Waiting::iterator event : events) Evaluate(event, /*last_time=*/false, worker);
  }
}

void ParkedEvents::Expire(Worker* worker) {
  while (!stopped_ && !waiting_.empty() && waiting_.front().deadline <= Clock::now()) {
    const Waiting::iterator event = waiting_.begin();
    const auto [begin, end] = by_flight_.equal_range(event->flight);
    for (auto it = begin; it != end; ++it) {
      if (it->second != event) continue;
      by_flight_.erase(it);
      break;
    }
    Evaluate(event, /*last_time=*/true, worker);
  }
}

void ParkedEvents::Evaluate(Waiting::iterator event, bool last_time, Worker* worker) {
  Slice slice;
  slice.source_name = event->source;
  slice.lines_before = event->line - 1;
  slice.text = event->text;
  slice.parked = &*event;
  worker->Read(&slice);
  event->flight = 0;
  worker->Evaluate(0, &slice);
  if (event->flight != 0 && !last_time) {
    by_flight_.emplace(event->flight, event);
    return;
  }
  const size_t bytes = event->bytes;
  const size_t undecided = event->undecided.size();
  waiting_.erase(event);
  has_news_ = true;
  const std::lock_guard lock(mutex_);
  result_.output += slice.result.output;
  result_.detections += slice.result.detections;
  result_.undecided += slice.result.undecided;
  if (slice.result.malformed > 0) result_.undecided += undecided;  // too long to be read
  bytes_ -= bytes;
  --events_;
  left_.notify_all();
}

}  // namespace nuthatch
