#include "pipeline/live_results.h"

#include <gtest/gtest.h>

#include <string>

#include "support/allocations.h"

namespace nuthatch {
namespace {

BlockResult ResultOf(std::string output) {
  BlockResult result;
  result.output = std::move(output);
  result.events = 1;
  return result;
}

TEST(LiveResults, AreTakenAsOne) {
  LiveResults results([] {});
  EXPECT_FALSE(results.Take().has_value());
  results.Add(ResultOf("a"));
  results.Add(ResultOf("b"));
  const std::optional<BlockResult> all = results.Take();
  ASSERT_TRUE(all.has_value());
  EXPECT_EQ(all->output, "ab");
  EXPECT_EQ(all->events, 2u);
  EXPECT_FALSE(results.Take().has_value());
}

TEST(LiveResults, WakeOnceUntilTheyAreTaken) {
  int wakes = 0;
  LiveResults results([&] { ++wakes; });
  results.Add(ResultOf("a"));
  results.Add(ResultOf("b"));
  EXPECT_EQ(wakes, 1);
  results.Take();
  results.Add(ResultOf("c"));
  EXPECT_EQ(wakes, 2);
}

TEST(LiveResults, OfCountsAloneWakeNowAndThen) {
  static int64_t now;
  now = 1;
  int wakes = 0;
  LiveResults results([&] { ++wakes; }, [] { return now; });
  results.Add(ResultOf(""));
  EXPECT_EQ(wakes, 1) << "the first";
  results.Take();
  now += LiveResults::kCountsEvery - 1;
  results.Add(ResultOf(""));
  EXPECT_EQ(wakes, 1);
  ++now;
  results.Add(ResultOf(""));
  EXPECT_EQ(wakes, 2);
  EXPECT_EQ(results.Take()->events, 2u);
  results.Add(ResultOf(""));
  results.Add(ResultOf("a"));
  EXPECT_EQ(wakes, 3) << "what is found is told at once";
  EXPECT_EQ(results.Take()->events, 2u);
}

TEST(LiveResults, WakeAtOnceForWhatWentWrong) {
  int wakes = 0;
  LiveResults results([&] { ++wakes; }, [] { return int64_t{1}; });
  const auto add = [&](BlockResult result) {
    results.Add(std::move(result));
    results.Take();
  };
  add({});
  BlockResult failed;
  failed.failed = true;
  add(std::move(failed));
  BlockResult malformed;
  malformed.malformed = 1;
  add(std::move(malformed));
  EXPECT_EQ(wakes, 3);
  results.AddNews();
  EXPECT_EQ(wakes, 4) << "to be asked for elsewhere";
}

TEST(LiveResults, OfCountsThatHaveWaitedLongEnoughWakeWhenNothingFollows) {
  static int64_t now;
  now = 1;
  int wakes = 0;
  LiveResults results([&] { ++wakes; }, [] { return now; });
  EXPECT_EQ(results.due(), INT64_MAX) << "there is nothing";
  results.Add(ResultOf("a"));
  EXPECT_EQ(results.due(), INT64_MAX) << "somebody has been woken";
  results.Take();
  results.Add(ResultOf(""));
  EXPECT_EQ(results.due(), 1 + LiveResults::kCountsEvery);
  now = LiveResults::kCountsEvery;
  results.WakeIfDue();
  EXPECT_EQ(wakes, 1);
  ++now;
  results.WakeIfDue();
  EXPECT_EQ(wakes, 2);
  EXPECT_EQ(results.due(), INT64_MAX);
  EXPECT_EQ(results.Take()->events, 1u);
}

TEST(LiveResults, WithoutMemoryFailAndWake) {
  int wakes = 0;
  LiveResults results([&] { ++wakes; }, [] { return int64_t{1}; });
  results.Add(ResultOf(""));
  results.Take();
  results.Add(ResultOf(std::string(8 << 20, 'a')));
  results.Take();
  results.Add(ResultOf(std::string(8 << 20, 'a')));
  BlockResult more = ResultOf("b");
  {
    const AllocationLimit limit(8 << 20);
    results.Add(std::move(more));
  }
  EXPECT_EQ(wakes, 3);
  const std::optional<BlockResult> all = results.Take();
  EXPECT_TRUE(all->failed);
  EXPECT_EQ(all->events, 0u);
}

TEST(LiveResults, HaveRoomForSoMuchThatNobodyHasTaken) {
  LiveResults results([] {});
  EXPECT_TRUE(results.HasRoom());
  results.Add(ResultOf(std::string(LiveResults::kMostBytes - 1, 'a')));
  EXPECT_TRUE(results.HasRoom());
  results.Add(ResultOf("b"));
  EXPECT_FALSE(results.HasRoom());
  EXPECT_FALSE(LiveResults::HasRoomBeside(*results.Take()));
  EXPECT_TRUE(results.HasRoom());
}

}  // namespace
}  // namespace nuthatch
