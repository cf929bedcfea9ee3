// The sessions of a live trace, kept running, and their records in one queue.
#ifndef NUTHATCH_LIVE_LIVE_SOURCE_H_
#define NUTHATCH_LIVE_LIVE_SOURCE_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "live/etw_system.h"
#include "live/record_queue.h"
#include "live/rundown.h"
#include "live/trace_consumer.h"
#include "live/trace_session.h"

namespace nuthatch {

struct LiveSourceOptions {
  std::vector<SessionRequest> sessions;  // that are ours; of their names, what they are for
  std::string attach;                    // instead of them, somebody else's
  RecordQueueOptions queue;
  // Sessions that have ended by themselves are started anew, at longer and longer intervals where
  // that happens often. Else all end with the first.
  bool restart = false;
  // Between restarts, at most; one that has run so long is started anew at once.
  std::chrono::steady_clock::duration longest_pause = std::chrono::seconds(30);
};

struct LiveCounts {
  RecordQueue::Counts queue;
  uint64_t events_lost = 0;       // by ETW, as are these: their session had no buffer free
  uint64_t buffers_lost = 0;      // before anybody read them
  uint64_t lost_of_rundowns = 0;  // of both
  uint64_t too_large = 0;         // records that no event is as large as
  uint64_t restarts = 0;
  uint64_t orphans = 0;  // sessions of ours that had been left behind, stopped

  // Records and buffers after whose loss what runs is to be told again. A rundown's own are none:
  // it would go on for ever.
  uint64_t LostOfSessions() const {
    return events_lost + buffers_lost + queue.dropped - lost_of_rundowns;
  }
};

class LiveSource {
 public:
  LiveSource(std::shared_ptr<EtwSystem> system, LiveSourceOptions options);
  // As Abort and Join.
  ~LiveSource();
  LiveSource(const LiveSource&) = delete;
  LiveSource& operator=(const LiveSource&) = delete;

  // Once. Fails as TraceSession and TraceConsumer do, and with NUTHATCH_LIVE_PROVIDER when all that
  // there are are refused; then nothing is left behind. `on_problem` is
  // called on any thread when there is something to take, and must be quick.
  Status Start(std::function<void()> on_problem);
  // Ends the sessions; what they have written still comes. Any thread.
  void Stop();
  // As Stop, but nobody waits for what they have written. Any thread.
  void Abort();
  // Waits for what Stop or Abort has begun. For one thread at a time.
  void Join();
  // As Abort: there was no memory for what is done with its records. Any thread.
  void OutOfMemory();
  // Some of what runs may have been lost: it is told again, soon, if the sessions are ours. Any
  // thread.
  void RunDown() { rundown_.Ask(); }
  // Closed when no more comes.
  RecordQueue* queue() { return &queue_; }
  LiveCounts counts() const;
  // What went wrong since they were taken last, though records come. Any thread.
  std::vector<Status> TakeProblems();

 private:
  using Clock = std::chrono::steady_clock;

  struct Running {
    std::unique_ptr<TraceSession> session;
    std::unique_ptr<TraceConsumer> consumer;
    SessionLosses lost;         // of this session so far
    SessionLosses lost_before;  // of those that it takes the place of
    uint64_t too_large_before = 0;
    std::optional<uint32_t> ended;  // with this error no more of its records come
    // By the supervisor alone:
    std::optional<Clock::time_point> gone;  // since when the system does not know it
    size_t unanswered = 0;                  // questions for its losses, one after the other
    Clock::time_point began;
    Clock::time_point restart_at;
    Clock::duration restart_after{0};
  };

  Status Begin(size_t at);
  Status AnyTells();
  Status OpenConsumer(size_t at);
  void Supervise();
  void LookAfterAll();
  uint32_t QueryLosses(Running* running);
  void NoteAnswer(uint32_t error, Running* running);
  std::optional<uint32_t> ErrorOfEnd(Running* running);
  void LookAfter(size_t at);
  void Restart(size_t at);
  void End(size_t at);
  void Finish();
  void LookAfterRundown();
  void TellNames();
  void NoteLosses(const SessionLosses& lost);
  void AddProblem(Status problem);

  const std::shared_ptr<EtwSystem> system_;
  const LiveSourceOptions options_;
  // One reading for all sessions, one after the other too: when somebody sets the system's clock
  // meanwhile, times go on without a jump.
  const TraceClock clock_;
  RecordQueue queue_;
  Rundown rundown_;
  std::function<void()> on_problem_;

  mutable std::mutex mutex_;  // of all below, but for sessions and consumers themselves, which only
                              // the supervisor touches once it runs
  std::condition_variable changed_;
  std::vector<Running> running_;
  std::vector<Status> problems_;
  SessionLosses lost_of_rundowns_;
  uint64_t restarts_ = 0;
  uint64_t orphans_ = 0;
  bool stopping_ = false;
  bool aborted_ = false;
  std::thread supervisor_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_LIVE_LIVE_SOURCE_H_
