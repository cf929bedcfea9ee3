#include "pipeline/live_results.h"

#include <gtest/gtest.h>

#include <string>

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

TEST(LiveResults, HaveRoomForSoMuchThatNobodyHasTaken) {
  LiveResults results([] {});
  EXPECT_TRUE(results.HasRoom());
  results.Add(ResultOf(std::string(LiveResults::kMostBytes - 1, 'a')));
  EXPECT_TRUE(results.HasRoom());
  results.Add(ResultOf("b"));
  EXPECT_FALSE(results.HasRoom());
  results.Take();
  EXPECT_TRUE(results.HasRoom());
}

}  // namespace
}  // namespace nuthatch
