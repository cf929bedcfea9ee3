#include <windows.h>

#include <algorithm>
#include <chrono>

#include "platform/thread_time.h"

namespace nuthatch {
namespace {

ULONG64 Cycles() {
  ULONG64 cycles = 0;
  QueryThreadCycleTime(GetCurrentThread(), &cycles);
  return cycles;
}

// GetThreadTimes moves in ticks of 15 ms, so cycles it is; their rate is that of the best of a few
// short spins, in which the thread was left alone. 0 where cycles are not counted, as under Wine.
double NanosecondsACycle() {
  using Clock = std::chrono::steady_clock;
  double best = 1e9;
  for (int spin = 0; spin < 5; ++spin) {
    const Clock::time_point begin = Clock::now();
    const ULONG64 cycles = Cycles();
    std::chrono::duration<double, std::nano> passed{};
    while (passed < std::chrono::microseconds(200)) passed = Clock::now() - begin;
    const ULONG64 counted = Cycles() - cycles;
    if (counted == 0) return 0;
    best = std::min(best, passed.count() / static_cast<double>(counted));
  }
  return best;
}

int64_t Ticks() {
  FILETIME created, exited, kernel, user;
  GetThreadTimes(GetCurrentThread(), &created, &exited, &kernel, &user);
  const auto of = [](const FILETIME& time) {
    return static_cast<int64_t>(uint64_t{time.dwHighDateTime} << 32 | time.dwLowDateTime) * 100;
  };
  return of(kernel) + of(user);
}

}  // namespace

int64_t ThreadNanoseconds() {
  static const double rate = NanosecondsACycle();
  if (rate == 0) return Ticks();
  return static_cast<int64_t>(static_cast<double>(Cycles()) * rate);
}

}  // namespace nuthatch
