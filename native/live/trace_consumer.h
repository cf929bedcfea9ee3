// Takes the records of a session that runs, on a thread that the system calls.
#ifndef NUTHATCH_LIVE_TRACE_CONSUMER_H_
#define NUTHATCH_LIVE_TRACE_CONSUMER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "etw/trace_clock.h"
#include "live/etw_system.h"
#include "live/record_queue.h"
#include "live/trace_session.h"

namespace nuthatch {

class TraceConsumer {
 public:
  // Of what the session gives. Of a rundown nothing else is taken, for another session has that:
  // what runs and what files and keys are called; or those names alone.
  enum class Takes : uint8_t { kAll, kRundown, kNames };

  // Records go to `queue`, which outlives this, with their times by `clock` where the session's
  // are of the performance counter. `ended` is called once on a thread of this, when the system
  // gives no more of them, with its error. Fails with NUTHATCH_LIVE_SESSION.
  static Status Open(EtwSystem* system, const TraceSession& session, const TraceClock& clock,
                     Takes takes, RecordQueue* queue, std::function<void(uint32_t)> ended,
                     std::unique_ptr<TraceConsumer>* out);
  // Ends it: no record comes after. Those that the system still has of a session of ours are
  // dropped, and counted if all are taken: of a rundown they are told again whenever that matters.
  ~TraceConsumer();
  TraceConsumer(const TraceConsumer&) = delete;
  TraceConsumer& operator=(const TraceConsumer&) = delete;

  // From now on. Any thread.
  void Take(Takes takes) { takes_.store(takes, std::memory_order_relaxed); }
  // Records larger than any may be.
  uint64_t too_large() const { return too_large_.load(std::memory_order_relaxed); }

 private:
  TraceConsumer(EtwSystem* system, const TraceSession& session, Takes takes, RecordQueue* queue)
      : system_(system),
        session_(session.name()),
        is_ours_(session.is_ours()),
        takes_(takes),
        queue_(queue),
        writer_(queue) {}

  static void OnEvent(WinEventRecord* event);
  static uint32_t OnBuffer(WinTraceFile* file);

  EtwSystem* const system_;
  std::u16string session_;
  const bool is_ours_;
  std::atomic<Takes> takes_;
  RecordQueue* const queue_;
  RecordWriter writer_;
  WinTraceFile file_;
  TraceClock clock_;
  uint64_t trace_ = EtwSystem::kNoTrace;
  std::atomic<bool> stopping_ = false;
  std::atomic<uint64_t> too_large_ = 0;
  std::thread thread_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_LIVE_TRACE_CONSUMER_H_
