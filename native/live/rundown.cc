#include "live/rundown.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace nuthatch {

bool Rundown::TakeDue(Clock::time_point now) {
  if (!asked_ || session_ != nullptr || now < next_) return false;
  asked_ = false;
  if (now - next_ >= kLongestPause) pause_ = {};
  pause_ = std::clamp(2 * pause_, kFirstPause, kLongestPause);
  next_ = now + pause_;
  return true;
}

Status Rundown::Start(uint32_t flags) {
  SessionRequest request;
  request.name = SessionName(system_, "rundown");
  request.kernel_flags = flags;
  // Names come all at once: some 100,000, of which none is worth a loss.
  if (names_ != 0) {
    request.buffer_kilobytes = 256;
    request.most_buffers = 128;
  }
  is_stopped_ = has_ended_ = false;
  lost_ = {};
  std::vector<Status> problems;
  Status status = TraceSession::Start(system_, request, &problems, &session_);
  if (!status.ok()) return status;
  const auto ended = [this](uint32_t) {
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
    changed_.notify_all();
  };
  status = TraceConsumer::Open(system_, *session_, clock_, TraceConsumer::Takes::kRundown, queue_,
                               ended, &consumer_);
  if (!status.ok()) End();
  return status;
}

Status Rundown::Begin(Clock::time_point now) {
  constexpr uint32_t kWhatRuns = 0x7;  // EVENT_TRACE_FLAG_PROCESS, THREAD and IMAGE_LOAD
  until_ = now + kTime;
  const Status status = Start(kWhatRuns | names_);
  if (status.ok()) return {};
  return Status::Error(
      "NUTHATCH_LIVE_RUNDOWN",
      "after losses the kernel does not tell again what runs: " + status.message());
}

// What runs has been told before, and would come once more.
void Rundown::Stop() {
  is_stopped_ = true;
  consumer_->Take(TraceConsumer::Takes::kNames);
  session_->Stop(&lost_);
}

bool Rundown::IsOver(Clock::time_point now) {
  if (session_ == nullptr) return false;
  if (is_stopped_) {
    const std::lock_guard lock(mutex_);
    return has_ended_ || now >= until_;
  }
  if (now < until_) return false;
  if (names_ == 0) return true;
  Stop();
  until_ = now + kNamesWithin;
  return false;
}

// Nobody reads it any more when it stops: what it tells then is no loss.
SessionLosses Rundown::End() {
  if (session_ != nullptr && !is_stopped_) session_->Query(&lost_);
  consumer_.reset();
  SessionLosses after;
  if (session_ != nullptr && !is_stopped_) session_->Stop(&after);
  session_.reset();
  return std::exchange(lost_, {});
}

void Rundown::Abort() {
  const std::lock_guard lock(mutex_);
  is_aborted_ = true;
  changed_.notify_all();
}

Status Rundown::TellNames(SessionLosses* lost) {
  if (names_ == 0) return {};
  Status status = Start(names_);
  if (status.ok()) {
    Stop();
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, kNamesWithin, [this] { return has_ended_ || is_aborted_; }))
      status = Status::Error("NUTHATCH_LIVE_RUNDOWN", "they do not come to an end");
  }
  *lost = End();
  if (status.ok()) return {};
  return Status::Error(
      "NUTHATCH_LIVE_RUNDOWN",
      "what files and keys are called that were open before is not told: " + status.message());
}

}  // namespace nuthatch
