#include "live/time_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <numeric>
#include <random>

#include "live/written_events.h"

namespace nuthatch {
namespace {

class TimeOrderTest : public testing::Test {
 protected:
  RecordQueue::Chunk ChunkOf(int64_t arrived, const std::vector<uint64_t>& times) {
    RecordQueue::Chunk chunk = queue_.TakeEmpty();
    chunk->arrived = arrived;
    for (const uint64_t time : times) chunk->Add(WrittenEvent(0), time);
    return chunk;
  }

  static std::vector<uint64_t> Due(TimeOrder* order, int64_t now) {
    std::vector<uint64_t> times;
    for (EtwRecord record; order->Next(now, &record);) times.push_back(record.time);
    return times;
  }

  RecordQueue queue_{{}};
};

TEST_F(TimeOrderTest, PutsTheBuffersOfSeveralProcessorsInOrder) {
  TimeOrder order(&queue_, /*within=*/10);
  order.Add(ChunkOf(0, {10, 20, 30, 40}));
  order.Add(ChunkOf(1, {5, 25, 35, 60}));
  order.Add(ChunkOf(2, {1, 2, 3, 50}));
  EXPECT_TRUE(Due(&order, 9).empty());
  EXPECT_EQ(order.due(), 12) << "the first to come is the last chunk's";
  EXPECT_EQ(Due(&order, 12), (std::vector<uint64_t>{1, 2, 3, 5, 10, 20, 25, 30, 35, 40, 50, 60}));
  EXPECT_EQ(order.out_of_order(), 0u);
  EXPECT_TRUE(order.empty());
}

TEST_F(TimeOrderTest, ARecordThatIsDueWaitsForOlderOnes) {
  TimeOrder order(&queue_, 10);
  order.Add(ChunkOf(0, {10, 20}));
  order.Add(ChunkOf(8, {15}));
  EXPECT_EQ(Due(&order, 10), std::vector<uint64_t>{10});
  EXPECT_EQ(Due(&order, 18), (std::vector<uint64_t>{15, 20}));
}

TEST_F(TimeOrderTest, WhatComesLaterThanTheMomentIsOutOfOrder) {
  TimeOrder order(&queue_, 10);
  order.Add(ChunkOf(0, {10, 20}));
  EXPECT_EQ(Due(&order, 10).size(), 2u);
  order.Add(ChunkOf(20, {15, 30}));
  EXPECT_EQ(Due(&order, 30), (std::vector<uint64_t>{15, 30}));
  EXPECT_EQ(order.out_of_order(), 1u);
}

TEST_F(TimeOrderTest, AClockThatJumpsBackHoldsNothingUp) {
  TimeOrder order(&queue_, 10);
  order.Add(ChunkOf(0, {1'000'000}));
  EXPECT_EQ(Due(&order, 10).size(), 1u);
  order.Add(ChunkOf(11, {5, 6, 7}));
  EXPECT_EQ(Due(&order, 21), (std::vector<uint64_t>{5, 6, 7}));
  EXPECT_EQ(order.out_of_order(), 3u);
}

TEST_F(TimeOrderTest, WhatWaitsWhenTheClockJumpsBackDoesNotWaitForTheRest) {
  TimeOrder order(&queue_, 20);
  order.Add(ChunkOf(0, {1'000'000}));
  for (int64_t now = 10; now < 40; now += 10) order.Add(ChunkOf(now, {static_cast<uint64_t>(now)}));
  EXPECT_EQ(Due(&order, 39), std::vector<uint64_t>{10});
  EXPECT_EQ(order.due(), 40) << "twice as long";
  EXPECT_EQ(Due(&order, 40), (std::vector<uint64_t>{20, 30, 1'000'000}));
}

TEST_F(TimeOrderTest, WithTooMuchWaitingTheMomentIsCutShort) {
  TimeOrder order(&queue_, 10, /*most_bytes=*/3 * RecordChunk::kBytes - 1);
  for (uint64_t i = 0; i < 3; ++i) order.Add(ChunkOf(0, {i, i + 10}));
  EXPECT_TRUE(order.is_full());
  EXPECT_EQ(Due(&order, 0), (std::vector<uint64_t>{0, 1, 2, 10})) << "until two chunks are left";
}

TEST_F(TimeOrderTest, WhatItTakesToPutAChunkInOrderCountsToo) {
  constexpr size_t kRecords = 1000;
  constexpr size_t kCursor = 40;  // at least, of each run
  const auto is_full = [&](bool backwards) {
    std::vector<uint64_t> times(kRecords);
    std::iota(times.begin(), times.end(), uint64_t{1});
    if (backwards) std::reverse(times.begin(), times.end());
    TimeOrder order(&queue_, 10, RecordChunk::kBytes + kRecords * kCursor);
    RecordQueue::Chunk chunk = std::make_unique<RecordChunk>();
    for (const uint64_t time : times) EXPECT_TRUE(chunk->Add(WrittenEvent(0), time));
    order.Add(std::move(chunk));
    const bool full = order.is_full();
    Due(&order, 10);
    EXPECT_FALSE(order.is_full()) << "once it has been given";
    return full;
  };
  EXPECT_FALSE(is_full(false));
  EXPECT_TRUE(is_full(true)) << "each record is a run";
}

TEST_F(TimeOrderTest, AtTheEndAllIsDue) {
  TimeOrder order(&queue_, 1'000'000);
  order.Add(ChunkOf(0, {3, 1, 2}));
  order.Finish();
  EXPECT_EQ(Due(&order, 0), (std::vector<uint64_t>{1, 2, 3}));
}

TEST_F(TimeOrderTest, AChunkIsDueAfterItsLastRecordCameAndHasWaitedSinceItsFirst) {
  TimeOrder order(&queue_, 10);
  RecordQueue::Chunk chunk = ChunkOf(/*arrived=*/7, {1, 2});
  chunk->first_arrived = 5;
  order.Add(std::move(chunk));
  EXPECT_EQ(order.due(), 17);
  EtwRecord record;
  EXPECT_FALSE(order.Next(16, &record));
  EXPECT_TRUE(order.Next(17, &record));
  EXPECT_EQ(order.arrived(), 5);
}

TEST_F(TimeOrderTest, EqualTimesComeAsTheyArrived) {
  TimeOrder order(&queue_, 0);
  RecordQueue::Chunk first = queue_.TakeEmpty();
  first->Add(WrittenEvent(1), 5);
  first->Add(WrittenEvent(2), 5);
  RecordQueue::Chunk second = queue_.TakeEmpty();
  second->Add(WrittenEvent(3), 5);
  order.Add(std::move(first));
  order.Add(std::move(second));
  std::vector<uint16_t> ids;
  for (EtwRecord record; order.Next(0, &record);) ids.push_back(record.id);
  EXPECT_EQ(ids, (std::vector<uint16_t>{1, 2, 3}));
}

TEST_F(TimeOrderTest, RandomChunksComeAsSortingThemWouldHaveThem) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    TimeOrder order(&queue_, 0);
    std::vector<uint64_t> all;
    for (size_t i = 0; i < 1 + random() % 8; ++i) {
      std::vector<uint64_t> times(random() % 20);
      for (uint64_t& time : times) time = random() % 100;
      if (random() % 2 == 0) std::sort(times.begin(), times.end());
      all.insert(all.end(), times.begin(), times.end());
      if (!times.empty()) order.Add(ChunkOf(0, times));
    }
    std::sort(all.begin(), all.end());
    EXPECT_EQ(Due(&order, 0), all);
  }
}

}  // namespace
}  // namespace nuthatch
