// Has the kernel tell again what runs: of what was lost some may have been of it.
#ifndef NUTHATCH_LIVE_RUNDOWN_H_
#define NUTHATCH_LIVE_RUNDOWN_H_

#include <atomic>
#include <chrono>
#include <memory>

#include "live/etw_system.h"
#include "live/record_queue.h"
#include "live/trace_consumer.h"
#include "live/trace_session.h"

namespace nuthatch {

// The kernel tells it to a logger that starts: so a second one is started, and stopped soon.
class Rundown {
 public:
  using Clock = std::chrono::steady_clock;

  // So long it may take the kernel to tell it, and us to read it.
  static constexpr Clock::duration kTime = std::chrono::seconds(1);
  // From one to the next, at least; where losses go on, longer and longer.
  static constexpr Clock::duration kFirstPause = std::chrono::seconds(5);
  static constexpr Clock::duration kLongestPause = std::chrono::minutes(1);

  // Both outlive this. `clock` is the performance counter's.
  Rundown(EtwSystem* system, const TraceClock& clock, RecordQueue* queue)
      : system_(system), clock_(clock), queue_(queue) {}

  // What runs is to be told, when it is time. Any thread.
  void Ask() { asked_ = true; }
  // For one thread, as all below. Whether it is time; then it has been taken care of.
  bool TakeDue(Clock::time_point now);
  // Starts the logger. Fails with NUTHATCH_LIVE_RUNDOWN.
  Status Begin(Clock::time_point now);
  bool is_over(Clock::time_point now) const { return session_ != nullptr && now >= until_; }
  // Stops the logger, if it runs. Returns what it has lost.
  SessionLosses End();

 private:
  EtwSystem* const system_;
  const TraceClock clock_;
  RecordQueue* const queue_;
  std::atomic<bool> asked_ = false;
  Clock::time_point next_;
  Clock::duration pause_{0};
  Clock::time_point until_;
  std::unique_ptr<TraceSession> session_;
  std::unique_ptr<TraceConsumer> consumer_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_LIVE_RUNDOWN_H_
