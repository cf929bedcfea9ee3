#include "enrich/recent_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <map>
#include <random>

#include "support/allocations.h"

namespace nuthatch {
namespace {

TEST(RecentMap, WhatWasPutLongestAgoGoes) {
  RecentMap<int> map(2);
  bool added = false;
  map.Put(1, &added) = 10;
  map.Put(2, &added) = 20;
  map.Put(1, &added);
  EXPECT_FALSE(added);
  map.Put(3, &added) = 30;
  EXPECT_TRUE(added);
  EXPECT_EQ(map.Find(2), nullptr);
  EXPECT_EQ(*map.Find(1), 10);
  EXPECT_EQ(*map.Find(3), 30);
}

// The same in the plainest way.
class Model {
 public:
  explicit Model(size_t capacity) : capacity_(capacity) {}
  void Put(uint64_t key, int value) {
    order_.remove(key);
    if (!values_.contains(key) && values_.size() == capacity_) {
      values_.erase(order_.front());
      order_.pop_front();
    }
    order_.push_back(key);
    values_[key] = value;
  }
  void Erase(uint64_t key) {
    order_.remove(key);
    values_.erase(key);
  }
  const std::map<uint64_t, int>& values() const { return values_; }

 private:
  size_t capacity_;
  std::list<uint64_t> order_;
  std::map<uint64_t, int> values_;
};

TEST(RecentMap, IsWhatAPlainOneIsAfterAnyOperations) {
  std::mt19937 random(1);
  for (const size_t capacity : {1, 2, 7, 40}) {
    RecentMap<int> map(capacity);
    Model model(capacity);
    for (int i = 0; i < 5000; ++i) {
      const uint64_t key = random() % 64;
      if (random() % 3 == 0) {
        map.Erase(key);
        model.Erase(key);
      } else {
        bool added = false;
        const bool expected = !model.values().contains(key);
        map.Put(key, &added) = i;
        model.Put(key, i);
        ASSERT_EQ(added, expected);
      }
      ASSERT_EQ(map.size(), model.values().size());
      for (uint64_t each = 0; each < 64; ++each) {
        const auto found = model.values().find(each);
        const int* value = map.Find(each);
        ASSERT_EQ(value != nullptr, found != model.values().end());
        if (value != nullptr) {
          ASSERT_EQ(*value, found->second);
        }
      }
    }
  }
}

TEST(RecentMap, AllocatesNothingOnceItHasGrown) {
  RecentMap<int> map(1000);
  bool added = false;
  for (uint64_t i = 0; i < 1000; ++i) map.Put(i, &added);
  const size_t before = Allocations();
  for (uint64_t i = 0; i < 10'000; ++i) {
    map.Put(i * 7919, &added);
    map.Erase(i * 31);
  }
  EXPECT_EQ(Allocations(), before);
}

}  // namespace
}  // namespace nuthatch
