#include "etw/value_map.h"

#include <gtest/gtest.h>

namespace nuthatch {
namespace {

std::string NameOf(const ValueMap& map, uint64_t value) {
  std::string name;
  return map.Append(value, &name) ? name : "-";
}

TEST(ValueMap, AValueHasItsName) {
  const ValueMap map = {false, {{0, "Static"}, {1, "Dynamic"}}};
  EXPECT_EQ(NameOf(map, 0), "Static");
  EXPECT_EQ(NameOf(map, 1), "Dynamic");
  EXPECT_EQ(NameOf(map, 2), "-");
}

TEST(ValueMap, BitsHaveTheirNamesAndTheOthersAreANumber) {
  const ValueMap map = {true, {{1, "Read"}, {2, "Write"}, {3, "Both"}, {0x30, "Pair"}}};
  EXPECT_EQ(NameOf(map, 1), "Read");
  EXPECT_EQ(NameOf(map, 3), "Read|Write");
  EXPECT_EQ(NameOf(map, 0x71), "Read|Pair|0x40");
  EXPECT_EQ(NameOf(map, 0x10), "-");
  EXPECT_EQ(NameOf(map, 0), "-");
  EXPECT_EQ(NameOf({true, {{0, "None"}, {1, "Read"}}}, 0), "None");
}

constexpr Guid kProvider = ParseGuid("12345678-1234-1234-1234-123456789abc");

TEST(ValueMaps, AMapIsWhereItWasReferredTo) {
  ValueMaps maps;
  const ValueMap* map = maps.Get(kProvider, "Kind");
  ASSERT_NE(map, nullptr);
  EXPECT_EQ(NameOf(*map, 1), "-");
  maps.Learn(kProvider, "Kind", {false, {{1, "One"}}});
  maps.Learn(kProvider, "Kind", {false, {{1, "Another"}}});
  EXPECT_EQ(NameOf(*map, 1), "One");
  EXPECT_NE(maps.Get({}, "Kind"), map);
}

TEST(ValueMaps, TheirMemoryIsBounded) {
  ValueMaps maps;
  size_t kept = 0;
  while (maps.Get(kProvider, std::to_string(kept)) != nullptr) ++kept;
  EXPECT_GT(kept, 1000u);
  EXPECT_LT(kept, ValueMaps::kMaxBytes / sizeof(ValueMap));
  maps.Learn(kProvider, "0", {false, {{1, "One"}}});
  EXPECT_EQ(NameOf(*maps.Get(kProvider, "0"), 1), "-");
}

}  // namespace
}  // namespace nuthatch
