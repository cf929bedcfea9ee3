// Time that only ever goes on.
#ifndef NUTHATCH_BASE_CLOCK_H_
#define NUTHATCH_BASE_CLOCK_H_

#include <chrono>
#include <cstdint>

namespace nuthatch {

// Nanoseconds since some moment.
inline int64_t ClockNanoseconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

inline std::chrono::steady_clock::time_point MomentOf(int64_t nanoseconds) {
  return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(nanoseconds));
}

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_CLOCK_H_
