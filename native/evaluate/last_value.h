// The last value of a property, as logs often have the same one event after event. Where they do
// not, it looks only now and then, and costs next to nothing.
#ifndef NUTHATCH_EVALUATE_LAST_VALUE_H_
#define NUTHATCH_EVALUATE_LAST_VALUE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "model/value.h"

namespace nuthatch {

// Of fixed size, whatever values come; and they are compared, so that none passes for another.
class LastValue {
 public:
  // Whether `value` is the one kept, for the same matcher. If not, nothing is kept any more.
  bool Is(const void* matcher, const Value& value) {
    if (rest_ == 0) return Compare(matcher, value);
    --rest_;
    return false;
  }

  void Keep(const void* matcher, const Value& value) {
    if (rest_ == 0) Copy(matcher, value);
  }

  // For benchmarks: as if of the next 2^32 values each were new.
  void Disable() { rest_ = UINT32_MAX; }

 private:
  static constexpr size_t kLongest = 256;
  static constexpr uint32_t kMostMisses = 4;  // one after the other
  static constexpr uint32_t kRest = 128;      // values after these that are not looked at

  bool Compare(const void* matcher, const Value& value);
  void Copy(const void* matcher, const Value& value);

  uint32_t rest_ = 0;
  uint32_t misses_ = 0;
  const void* matcher_ = nullptr;  // nullptr: nothing is kept
  std::string text_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_LAST_VALUE_H_
