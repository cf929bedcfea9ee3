// Events whose outcome hangs on a signature that is being verified: each waits until that is known,
// or for as long as it may. They are kept in standard form, so that nothing else waits for them.
// Without a deadline, which is for input that can wait, what decides is the answer alone: who
// brings more of them than there is room for is held back until there is some.
#ifndef NUTHATCH_PIPELINE_PARKED_EVENTS_H_
#define NUTHATCH_PIPELINE_PARKED_EVENTS_H_

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
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
  uint64_t flight = 0;  // the check that it waits for
  // As EventSource has them. What was promised it gets from the promise, and asks for it no more:
  // an answer may be gone from the cache by the time that it is evaluated.
  std::array<SignatureCache::Found, 2> signatures;
  size_t bytes = 0;         // that it counts for
  std::string_view source;  // its name, which outlives the event
  uint64_t line = 0;
  std::string text;                   // in standard form
  std::vector<DetectorId> undecided;  // those that hang on it; ascending
  std::chrono::steady_clock::time_point deadline;
};

// What may wait.
struct ParkingRoom {
  size_t events = size_t{1} << 16;
  size_t bytes = size_t{64} << 20;
};

class ParkedEvents {
 public:
  // `news` is called when some wait no more, by a thread of this and without a lock.
  // What is referred to must outlive this.
  ParkedEvents(const Program& program, SignatureCache* signatures,
               std::optional<std::chrono::milliseconds> deadline, const ParkingRoom& room,
               std::function<void()> news);
  ~ParkedEvents();
  ParkedEvents(const ParkedEvents&) = delete;
  ParkedEvents& operator=(const ParkedEvents&) = delete;

  // All that follow may be called by any thread.
  // False when there is no room for it. Waits for that where there is no deadline.
  bool Park(ParkedEvent event);
  // What Find promised with this flight has been kept.
  void Answered(uint64_t flight);
  // What has become of events since it was last asked for.
  BlockResult Take();
  // Waits until none is left, and all are in what Take gives.
  void Settle();
  // None waits any more: those that are left are undecided, and there is no room for others.
  void Stop();
  // As Stop; afterwards `news` is not called.
  void Close();
  size_t waiting() const;

 private:
  using Waiting = std::list<ParkedEvent>;  // in the order of their deadlines

  bool HasRoomFor(size_t bytes) const;
  void Run();
  void Work();
  void EvaluateDue(std::list<ParkedEvent> arrived, const std::vector<uint64_t>& answered,
                   Worker* worker);
  void Drop();
  void Evaluate(Waiting::iterator event, bool last_time, Worker* worker);
  void Expire(Worker* worker);

  const Program& program_;
  SignatureCache* const signatures_;
  const std::optional<std::chrono::milliseconds> deadline_;
  const ParkingRoom room_;
  const std::function<void()> news_;

  mutable std::mutex mutex_;  // of all to the next empty line
  std::condition_variable work_;
  std::condition_variable left_;  // some have gone, or none may wait
  std::list<ParkedEvent> arrived_;
  std::vector<uint64_t> answered_;
  BlockResult result_;
  size_t events_ = 0;  // arrived or waiting
  size_t bytes_ = 0;
  std::atomic<bool> stopped_ = false;  // written with it held

  // Of the thread.
  Waiting waiting_;
  bool has_news_ = false;
  std::unordered_multimap<uint64_t, Waiting::iterator> by_flight_;

  std::thread thread_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_PARKED_EVENTS_H_
