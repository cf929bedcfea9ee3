#include "enrich/recent_names.h"

#include <gtest/gtest.h>

#include "support/allocations.h"

namespace nuthatch {
namespace {

TEST(RecentNames, ANameIsReplacedAndItsNoteStays) {
  RecentNames names(10, 10'000);
  names.Put(1, "a").note = 5;
  names.PutIfAbsent(1, "b");
  EXPECT_EQ(names.Find(1)->text, "a");
  EXPECT_EQ(names.Put(1, "c").note, 5u);
  EXPECT_EQ(names.Find(1)->text, "c");
  names.Erase(1);
  EXPECT_EQ(names.Find(1), nullptr);
  EXPECT_EQ(names.Put(1, "d").note, 0u);
}

TEST(RecentNames, KeepsItsBudgetWhateverIsPut) {
  constexpr size_t kBudget = 100'000;
  RecentNames names(1000, kBudget);
  for (uint64_t i = 0; i < 20'000; ++i) {
    const size_t size = i % 100 == 0 ? 60'000 : i % 200;
    names.Put(i * i % 5000, std::string(size, 'x'));
    if (i % 3 == 0) names.Erase(i);
    ASSERT_TRUE(names.bytes() <= kBudget || names.size() == 1) << names.bytes();
  }
  EXPECT_GT(names.size(), 0u);
}

TEST(RecentNames, OpeningAndClosingAllocatesNothing) {
  RecentNames names(1000, 1'000'000);
  const std::string name(80, 'x');
  names.Put(1, name);
  names.Erase(1);
  const size_t before = Allocations();
  for (uint64_t i = 0; i < 1000; ++i) {
    names.Put(i, name);
    names.Erase(i);
  }
  EXPECT_EQ(Allocations(), before);
}

}  // namespace
}  // namespace nuthatch
