// Events whose outcome hangs on a signature that is being verified: each waits until that is known,
// or for as long as it may. They are kept in standard form, so that nothing else waits for them.
#ifndef NUTHATCH_PIPELINE_PARKED_EVENTS_H_
#define NUTHATCH_PIPELINE_PARKED_EVENTS_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "evaluate/plan.h"
#include "pipeline/block_result.h"
#include "pipeline/program.h"
#include "trust/signature_cache.h"

namespace nuthatch {

class Worker;

struct ParkedEvent {
  uint64_t flight = 0;      // the check that it waits for
  std::string_view source;  // its name, which outlives the event
  uint64_t line = 0;
  std::string text;                   // in standard form
  std::vector<DetectorId> undecided;  // those that hang on it; ascending
  std::chrono::steady_clock::time_point deadline;
};

class ParkedEvents {
 public:
  // What may wait; for more there is no room.
  static constexpr size_t kMostEvents = size_t{1} << 16;
  static constexpr size_t kMostBytes = size_t{64} << 20;

  // Both must outlive this.
  ParkedEvents(const Program& program, SignatureCache* signatures,
               std::chrono::milliseconds deadline);
  ~ParkedEvents();
  ParkedEvents(const ParkedEvents&) = delete;
  ParkedEvents& operator=(const ParkedEvents&) = delete;

  // All that follow may be called by any thread.
  // False when there is no room for it.
  bool Park(ParkedEvent event);
  // What Find promised with this flight can be found.
  void Answered(uint64_t flight);
  // What has become of events since it was last asked for.
  BlockResult Take();
  // Waits until none is left, and all are in what Take gives.
  void Settle();
  // None waits any more: those that are left are undecided, and there is no room for others.
  void Stop();

 private:
  using Waiting = std::list<ParkedEvent>;  // in the order of their deadlines

  void Run();
  void Work();
  void EvaluateDue(std::list<ParkedEvent> arrived, const std::vector<uint64_t>& answered,
                   Worker* worker);
  void Drop();
  void Evaluate(Waiting::iterator event, bool last_time, Worker* worker);
  void Expire(Worker* worker);

  const Program& program_;
  SignatureCache* const signatures_;
  const std::chrono::milliseconds deadline_;

  std::mutex mutex_;  // of all to the next empty line
  std::condition_variable work_;
  std::condition_variable settled_;
  std::list<ParkedEvent> arrived_;
  std::vector<uint64_t> answered_;
  BlockResult result_;
  size_t events_ = 0;  // arrived or waiting
  size_t bytes_ = 0;
  std::atomic<bool> stopped_ = false;  // written with it held

  // Of the thread.
  Waiting waiting_;
  std::unordered_multimap<uint64_t, Waiting::iterator> by_flight_;

  std::thread thread_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_PARKED_EVENTS_H_
