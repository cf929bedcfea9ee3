#include "enrich/recent_names.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "support/allocations.h"

namespace nuthatch {
namespace {

TEST(RecentNames, ANameIsReplacedAndItsNoteStays) {
  RecentNames names(10, 10'000);
  names.Put(1, "a").note = 5;
  names.PutIfAbsent(1, "b");
  EXPECT_EQ(names.Find(1)->text(), "a");
  EXPECT_EQ(names.Put(1, "c").note, 5u);
  EXPECT_EQ(names.Find(1)->text(), "c");
  names.Erase(1);
  EXPECT_EQ(names.Find(1), nullptr);
  EXPECT_EQ(names.Put(1, "d").note, 0u);
}

TEST(RecentNames, WhatWasPutLongestAgoGoes) {
  RecentNames names(2, 10'000);
  names.Put(1, "a");
  names.Put(2, "b");
  names.Put(1, "c");
  names.Put(3, "d");
  EXPECT_EQ(names.Find(2), nullptr);
  EXPECT_EQ(names.Find(1)->text(), "c");
  EXPECT_EQ(names.Find(3)->text(), "d");
}

TEST(RecentNames, KeepsItsBudgetWhateverIsPut) {
  constexpr size_t kBudget = 100'000;
  RecentNames names(1000, kBudget);
  for (uint64_t i = 0; i < 20'000; ++i) {
    const size_t size = i % 100 == 0 ? 30'000 : i % 200;
    names.Put(i * i % 5000, std::string(size, 'x'));
    if (i % 3 == 0) names.Erase(i);
    ASSERT_LE(names.bytes(), kBudget);
  }
  EXPECT_GT(names.size(), 100u);
}

TEST(RecentNames, ATextThatWouldDriveOutAllOthersIsNotKept) {
  RecentNames names(10, 10'000);
  names.Put(1, "a");
  names.Put(2, std::string(8000, 'x')).note = 1;
  EXPECT_EQ(names.Find(1)->text(), "a");
  EXPECT_EQ(names.Find(2)->text(), "");
}

// However it is that names are erased, replaced and moved together.
TEST(RecentNames, WhatIsThereIsWhatWasPutLast) {
  std::mt19937_64 random(20);
  RecentNames names(5000, 4'000'000);  // more than all of them need
  std::map<uint64_t, std::string> model;
  for (int i = 0; i < 200'000; ++i) {
    const uint64_t key = random() % 4000;
    if (random() % 3 == 0) {
      names.Erase(key);
      model.erase(key);
    } else {
      const std::string text(random() % 300, static_cast<char>('a' + key % 26));
      names.Put(key, text);
      model[key] = text;
    }
    ASSERT_EQ(names.size(), model.size());
  }
  for (uint64_t key = 0; key < 4000; ++key) {
    const RecentNames::Name* name = names.Find(key);
    const auto known = model.find(key);
    ASSERT_EQ(name != nullptr, known != model.end()) << key;
    if (name != nullptr) {
      ASSERT_EQ(name->text(), known->second);
    }
  }
}

TEST(RecentNames, OpeningAndClosingAllocatesNothing) {
  RecentNames names(1000, 1'000'000);
  const std::string name(80, 'x');
  const size_t before = Allocations();
  for (uint64_t i = 0; i < 100'000; ++i) {
    names.Put(i, name);
    names.Erase(i);
  }
  EXPECT_EQ(Allocations(), before);
}

}  // namespace
}  // namespace nuthatch
