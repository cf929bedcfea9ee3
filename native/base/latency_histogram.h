// How long things took, in buckets of which each is a quarter wider than the one before; any
// thread, without locks.
#ifndef NUTHATCH_BASE_LATENCY_HISTOGRAM_H_
#define NUTHATCH_BASE_LATENCY_HISTOGRAM_H_

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace nuthatch {

class LatencyHistogram {
 public:
  void Add(uint64_t microseconds) {
    buckets_[BucketOf(microseconds)].fetch_add(1, std::memory_order_relaxed);
  }

  uint64_t count() const {
    uint64_t sum = 0;
    for (const auto& bucket : buckets_) sum += bucket.load(std::memory_order_relaxed);
    return sum;
  }

  // Microseconds that `share` of all took no longer than, to within a quarter; 0 without any.
  uint64_t Percentile(double share) const {
    const auto wanted = share * static_cast<double>(count());
    uint64_t sum = 0;
    for (size_t i = 0; i < kBuckets; ++i) {
      sum += buckets_[i].load(std::memory_order_relaxed);
      if (sum > 0 && static_cast<double>(sum) >= wanted) return LastOf(i);
    }
    return 0;
  }

 private:
  // Four to each power of two: the two bits after the highest one say which.
  static constexpr size_t kBuckets = 40 * 4;

  static size_t BucketOf(uint64_t value) {
    if (value < 4) return static_cast<size_t>(value);
    const auto power = static_cast<size_t>(std::bit_width(value)) - 1;
    const size_t bucket = (power - 1) * 4 + (value >> (power - 2) & 3);
    return bucket < kBuckets ? bucket : kBuckets - 1;
  }
  static uint64_t LastOf(size_t bucket) {
    if (bucket < 4) return bucket;
    const size_t shift = bucket / 4 - 1;
    return ((4 + bucket % 4 + 1) << shift) - 1;
  }

  std::array<std::atomic<uint64_t>, kBuckets> buckets_{};
};

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_LATENCY_HISTOGRAM_H_
