// How many records there are over time, for each provider: the data of a picture.
#ifndef NUTHATCH_ETW_TIMELINE_H_
#define NUTHATCH_ETW_TIMELINE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/guid.h"
#include "etw/record.h"

namespace nuthatch {

// The span of a trace is known only at its end, so parts of it begin as short as can be, and double
// whenever a record lies beyond the last one. One wrong time must not make all parts useless: what
// is outside of the session counts as of the time of the record before.
class Timeline {
 public:
  static constexpr size_t kParts = 512;
  static constexpr size_t kMaxLanes = 64;  // the last is of all further providers
  using Lane = uint8_t;

  struct LaneCounts {
    Guid provider;
    uint8_t group = kNoGroup;  // tells the kernel's groups without a class apart
    std::array<uint64_t, kParts> records{};
  };

  // When the session was, in FILETIMEs; without it any time has its place. Rundown comes after the
  // end.
  void SetSession(uint64_t begin, uint64_t end) {
    earliest_ = begin - std::min(begin, kSlack);
    latest_ = end + std::min(UINT64_MAX - end, kSlack);
    last_ = begin;
  }
  // The lane of a provider, from now on.
  Lane LaneOf(const Guid& provider, uint8_t group);
  // `time` is a FILETIME. What is earlier than the first record counts as of its time.
  void Add(Lane lane, uint64_t time) {
    if (time < earliest_ || time > latest_) time = last_;
    last_ = time;
    if (!begun_) Begin(time);
    const uint64_t after = time > begin_ ? time - begin_ : 0;
    while (after >> shift_ >= kParts) Double();
    ++lanes_[lane].records[after >> shift_];
  }

  uint64_t begin() const { return begin_; }
  uint64_t part() const { return uint64_t{1} << shift_; }  // units of 100 ns
  const std::vector<LaneCounts>& lanes() const { return lanes_; }
  // Whether there were more providers than lanes.
  bool last_is_other() const { return last_is_other_; }

 private:
  static constexpr uint64_t kSlack = uint64_t{60} * 10'000'000;  // 60 s

  void Begin(uint64_t time);
  void Double();

  bool begun_ = false;
  bool last_is_other_ = false;
  uint64_t earliest_ = 0;
  uint64_t latest_ = UINT64_MAX;
  uint64_t last_ = 0;
  uint64_t begin_ = 0;
  unsigned shift_ = 0;
  std::vector<LaneCounts> lanes_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_TIMELINE_H_
