#include "base/latency_histogram.h"

#include <gtest/gtest.h>

namespace nuthatch {
namespace {

TEST(LatencyHistogram, KnowsEachShareToWithinAQuarter) {
  LatencyHistogram histogram;
  EXPECT_EQ(histogram.Percentile(0.5), 0u);
  for (uint64_t i = 1; i <= 10000; ++i) histogram.Add(i);
  for (const double share : {0.001, 0.1, 0.5, 0.9, 0.99, 1.0}) {
    const double exact = share * 10000;
    EXPECT_GE(static_cast<double>(histogram.Percentile(share)), exact);
    EXPECT_LE(static_cast<double>(histogram.Percentile(share)), exact * 1.25);
  }
  EXPECT_EQ(histogram.count(), 10000u);
}

TEST(LatencyHistogram, HasABucketForWhateverTime) {
  LatencyHistogram histogram;
  histogram.Add(UINT64_MAX);
  histogram.Add(0);
  EXPECT_EQ(histogram.Percentile(0.5), 0u);
  EXPECT_GT(histogram.Percentile(1), uint64_t{1} << 39);
}

}  // namespace
}  // namespace nuthatch
