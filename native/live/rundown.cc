#include "live/rundown.h"

#include <algorithm>
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

Status Rundown::Begin(Clock::time_point now) {
  constexpr uint32_t kWhatRuns = 0x7;  // EVENT_TRACE_FLAG_PROCESS, THREAD and IMAGE_LOAD
  SessionRequest request;
  request.name = SessionName(system_, "rundown");
  request.kernel_flags = kWhatRuns;
  std::vector<Status> problems;
  Status status = TraceSession::Start(system_, request, &problems, &session_);
  if (status.ok())
    status = TraceConsumer::Open(
        system_, *session_, clock_, TraceConsumer::Takes::kRundown, queue_, [](uint32_t) {},
        &consumer_);
  until_ = now + kTime;
  if (status.ok()) return {};
  End();
  return Status::Error(
      "NUTHATCH_LIVE_RUNDOWN",
      "after losses the kernel does not tell again what runs: " + status.message());
}

// Nobody reads it any more when it stops, and the kernel tells all of it once more.
SessionLosses Rundown::End() {
  SessionLosses lost;
  consumer_.reset();
  if (session_ != nullptr) session_->Stop(&lost);
  session_.reset();
  return lost;
}

}  // namespace nuthatch
