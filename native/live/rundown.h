// Has the kernel tell what files and keys are called that were open before; and, again, what runs:
// of what was lost some may have been of it.
#ifndef NUTHATCH_LIVE_RUNDOWN_H_
#define NUTHATCH_LIVE_RUNDOWN_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

#include "live/etw_system.h"
#include "live/record_queue.h"
#include "live/trace_consumer.h"
#include "live/trace_session.h"

namespace nuthatch {

// The kernel tells what runs to a logger that starts, and names to one that ends: so a second one
// is started, stopped soon, and read to its end.
class Rundown {
 public:
  using Clock = std::chrono::steady_clock;

  // So long it may take the kernel to tell it, and us to read it; and names.
  static constexpr Clock::duration kTime = std::chrono::seconds(1);
  static constexpr Clock::duration kNamesWithin = std::chrono::seconds(5);
  // From one to the next, at least; where losses go on, longer and longer.
  static constexpr Clock::duration kFirstPause = std::chrono::seconds(5);
  static constexpr Clock::duration kLongestPause = std::chrono::minutes(1);

  // The flags of the kernel's logger with which it tells names: of files, of keys.
  static constexpr uint32_t kNames = 0x20200;  // EVENT_TRACE_FLAG_DISK_FILE_IO, REGISTRY

  // Both outlive this. `clock` is the performance counter's. `names`: the flags of those that are
  // to be told; 0: none.
  Rundown(EtwSystem* system, const TraceClock& clock, RecordQueue* queue, uint32_t names)
      : system_(system), clock_(clock), queue_(queue), names_(names) {}

  // What runs is to be told, when it is time. Any thread.
  void Ask() { asked_ = true; }
  // Nobody wants names any more. Any thread.
  void Abort();
  // For one thread, as all below. Whether it is time; then it has been taken care of.
  bool TakeDue(Clock::time_point now);
  // Starts the logger. Fails with NUTHATCH_LIVE_RUNDOWN.
  Status Begin(Clock::time_point now);
  // True when End is to be called. Before that it stops the logger, if there are names to be told.
  bool IsOver(Clock::time_point now);
  // Stops the logger, if it runs. Returns what it has lost.
  SessionLosses End();
  // If there are names: has them told, and waits until they have been read, unless it is aborted.
  // `lost` as End returns. Fails with NUTHATCH_LIVE_RUNDOWN.
  Status TellNames(SessionLosses* lost);

 private:
  Status Start(uint32_t flags);
  void Stop();

  EtwSystem* const system_;
  const TraceClock clock_;
  RecordQueue* const queue_;
  const uint32_t names_;
  std::atomic<bool> asked_ = false;
  Clock::time_point next_;
  Clock::duration pause_{0};
  Clock::time_point until_;
  bool is_stopped_ = false;
  SessionLosses lost_;
  std::mutex mutex_;  // of has_ended_ and is_aborted_
  std::condition_variable changed_;
  bool has_ended_ = false;  // all that it told has been read
  bool is_aborted_ = false;
  std::unique_ptr<TraceSession> session_;
  std::unique_ptr<TraceConsumer> consumer_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_LIVE_RUNDOWN_H_
