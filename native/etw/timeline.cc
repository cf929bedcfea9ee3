#include "etw/timeline.h"

#include <algorithm>

namespace nuthatch {

Timeline::Lane Timeline::LaneOf(const Guid& provider, uint8_t group) {
  for (size_t i = 0; i < lanes_.size(); ++i) {
    if (lanes_[i].provider == provider && lanes_[i].group == group) return static_cast<Lane>(i);
  }
  if (lanes_.size() < kMaxLanes - 1) {
    lanes_.push_back({provider, group});
  } else if (!last_is_other_) {
    lanes_.emplace_back();
    last_is_other_ = true;
  }
  return static_cast<Lane>(lanes_.size() - 1);
}

void Timeline::Begin(uint64_t time) {
  begun_ = true;
  begin_ = time;
}

void Timeline::Double() {
  ++shift_;
  for (LaneCounts& lane : lanes_) {
    for (size_t i = 0; i < kParts / 2; ++i) {
      lane.records[i] = lane.records[2 * i] + lane.records[2 * i + 1];
    }
    std::fill(lane.records.begin() + kParts / 2, lane.records.end(), 0);
  }
}

}  // namespace nuthatch
