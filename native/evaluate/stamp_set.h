// A set of small numbers that is emptied in constant time.
#ifndef NUTHATCH_EVALUATE_STAMP_SET_H_
#define NUTHATCH_EVALUATE_STAMP_SET_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace nuthatch {

class StampSet {
 public:
  // Empties the set and makes room for the numbers below `size`; allocates only when it grows.
  void Reset(size_t size) {
    if (stamps_.size() < size) stamps_.resize(size, 0);
    if (++stamp_ == 0) {
      std::fill(stamps_.begin(), stamps_.end(), 0);
      stamp_ = 1;
    }
  }
  bool Contains(uint32_t number) const { return stamps_[number] == stamp_; }
  // True when `number` was not in the set yet.
  bool Insert(uint32_t number) {
    if (stamps_[number] == stamp_) return false;
    stamps_[number] = stamp_;
    return true;
  }

 private:
  std::vector<uint32_t> stamps_;
  uint32_t stamp_ = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_STAMP_SET_H_
