// A recorded trace's records as the system gives them.
#ifndef NUTHATCH_LIVE_TRACE_PLAYER_H_
#define NUTHATCH_LIVE_TRACE_PLAYER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "live/played_etw.h"
#include "live/record_chunk.h"

namespace nuthatch {

// One call of ProcessTrace.
class PlayedEtw::Player {
 public:
  Player(PlayedEtw* system, Trace* trace)
      : system_(*system), script_(system->script_), trace_(*trace), session_(*trace->session) {}

  // False when somebody has ended it before.
  bool Play();

 private:
  using Clock = std::chrono::steady_clock;

  bool OpenReader() { return system_.OpenReader(&reader_).ok(); }
  bool AwaitAll();
  bool Runs() const { return !trace_.closed && session_.runs; }
  bool PlayRundown();
  bool EndEarly();
  bool PlayNames();
  bool Step(const EtwRecord& record, uint64_t number);
  bool AwaitOthers(uint64_t time);
  bool AwaitTime(uint64_t time);
  bool Hold(const EtwRecord& record, uint64_t time);
  bool GiveHeld();
  bool Give(const EtwRecord& record, uint64_t time);
  bool HasStack(const EtwRecord& record) const;
  bool EndBuffer();
  void Lose(uint64_t number);
  bool IsKilled(uint64_t number);

  PlayedEtw& system_;
  const PlayScript& script_;
  Trace& trace_;
  Session& session_;
  std::unique_ptr<TraceReader> reader_;
  std::vector<RecordChunk> held_;
  size_t filled_ = 0;
  uint64_t last_time_ = 0;
  uint64_t next_wait_ = 0;
  uint64_t first_time_ = 0;
  Clock::time_point begun_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_LIVE_TRACE_PLAYER_H_
