#include "etw/timeline.h"

#include <gtest/gtest.h>

#include <numeric>

namespace nuthatch {
namespace {

constexpr Guid kA = {1, 1};
constexpr Guid kB = {2, 2};

uint64_t Total(const Timeline::LaneCounts& lane) {
  return std::accumulate(lane.records.begin(), lane.records.end(), uint64_t{0});
}

TEST(Timeline, PartsDoubleUntilAllFit) {
  Timeline timeline;
  const Timeline::Lane a = timeline.LaneOf(kA, kNoGroup);
  timeline.Add(a, 1000);
  timeline.Add(a, 1000 + Timeline::kParts - 1);
  EXPECT_EQ(timeline.begin(), 1000u);
  EXPECT_EQ(timeline.part(), 1u);
  timeline.Add(a, 1000 + Timeline::kParts);
  EXPECT_EQ(timeline.part(), 2u);
  const auto& records = timeline.lanes()[a].records;
  EXPECT_EQ(records[0], 1u);
  EXPECT_EQ(records[Timeline::kParts / 2 - 1], 1u);
  EXPECT_EQ(records[Timeline::kParts / 2], 1u);
  EXPECT_EQ(Total(timeline.lanes()[a]), 3u);
}

TEST(Timeline, AnyTimeHasItsPlace) {
  Timeline timeline;
  const Timeline::Lane a = timeline.LaneOf(kA, kNoGroup);
  for (const uint64_t time : {uint64_t{5}, uint64_t{0}, UINT64_MAX, UINT64_MAX / 2})
    timeline.Add(a, time);
  const auto& records = timeline.lanes()[a].records;
  EXPECT_EQ(records[0], 2u) << "what is earlier than the first counts as of its time";
  EXPECT_EQ(records[Timeline::kParts / 2 - 1], 1u);
  EXPECT_EQ(records[Timeline::kParts - 1], 1u);
}

TEST(Timeline, ATimeOutsideOfTheSessionCountsAsThatOfTheRecordBefore) {
  constexpr uint64_t kSecond = 10'000'000;
  constexpr uint64_t kBegin = 1000 * kSecond;
  Timeline timeline;
  timeline.SetSession(kBegin, kBegin + 10 * kSecond);
  const Timeline::Lane a = timeline.LaneOf(kA, kNoGroup);
  for (const uint64_t time : {kBegin, kBegin + 5 * kSecond, UINT64_MAX / 3, kBegin + 10 * kSecond,
                              uint64_t{1}, kBegin + 12 * kSecond})
    timeline.Add(a, time);
  EXPECT_LT(timeline.part(), kSecond / 10);
  const auto& records = timeline.lanes()[a].records;
  const auto at = [&](uint64_t second) { return records[second * kSecond / timeline.part()]; };
  EXPECT_EQ(at(0), 1u);
  EXPECT_EQ(at(5), 2u);
  EXPECT_EQ(at(10), 2u);
  EXPECT_EQ(at(12), 1u) << "rundown after the end";
}

TEST(Timeline, LanesAreOfProvidersAndGroups) {
  Timeline timeline;
  const Timeline::Lane a = timeline.LaneOf(kA, kNoGroup);
  const Timeline::Lane b = timeline.LaneOf(kB, kNoGroup);
  EXPECT_NE(a, b);
  EXPECT_NE(timeline.LaneOf({}, 1), timeline.LaneOf({}, 2));
  EXPECT_EQ(timeline.LaneOf(kA, kNoGroup), a);
  timeline.Add(a, 1);
  timeline.Add(b, 2);
  timeline.Add(b, 3);
  EXPECT_EQ(Total(timeline.lanes()[a]), 1u);
  EXPECT_EQ(Total(timeline.lanes()[b]), 2u);
}

TEST(Timeline, FurtherProvidersShareTheLastLane) {
  Timeline timeline;
  for (uint64_t i = 1; i < Timeline::kMaxLanes; ++i) timeline.LaneOf({i, 0}, kNoGroup);
  EXPECT_FALSE(timeline.last_is_other());
  const Timeline::Lane other = timeline.LaneOf({1000, 0}, kNoGroup);
  EXPECT_TRUE(timeline.last_is_other());
  EXPECT_EQ(timeline.LaneOf({1001, 0}, kNoGroup), other);
  EXPECT_EQ(timeline.lanes().size(), Timeline::kMaxLanes);
  EXPECT_EQ(timeline.LaneOf({1, 0}, kNoGroup), 0);
}

}  // namespace
}  // namespace nuthatch
