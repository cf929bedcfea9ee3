#ifndef NUTHATCH_ETW_TRACE_CLOCK_H_
#define NUTHATCH_ETW_TRACE_CLOCK_H_

#include <cstdint>

namespace nuthatch {

// A session's time stamps to FILETIME (100 ns since 1601 in UTC), exactly, rounded down.
class TraceClock {
 public:
  static constexpr uint64_t kFileTimeFrequency = 10'000'000;
  // What r * kFileTimeFrequency needs to stay within 64 bits; no clock ticks faster.
  static constexpr uint64_t kMaxFrequency = UINT64_MAX / kFileTimeFrequency;

  // The session's time stamps are FILETIME already.
  TraceClock() = default;
  // `start` is the FILETIME of time stamp `origin`; 0 < ticks a second <= kMaxFrequency.
  TraceClock(uint64_t start, uint64_t origin, uint64_t frequency)
      : start_(start), origin_(origin), frequency_(frequency) {}

  // Time stamps before `origin` occur in merged files. Results outside of 64 bits wrap around.
  uint64_t ToFileTime(uint64_t time) const {
    if (frequency_ == kFileTimeFrequency) return start_ + (time - origin_);
    const bool before = static_cast<int64_t>(time - origin_) < 0;
    const uint64_t ticks = before ? origin_ - time : time - origin_;
    const uint64_t rest = ticks % frequency_ * kFileTimeFrequency;
    const uint64_t span = ticks / frequency_ * kFileTimeFrequency + rest / frequency_;
    if (!before) return start_ + span;
    return start_ - span - (rest % frequency_ != 0 ? 1 : 0);
  }

 private:
  uint64_t start_ = 0;
  uint64_t origin_ = 0;
  uint64_t frequency_ = kFileTimeFrequency;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_TRACE_CLOCK_H_
