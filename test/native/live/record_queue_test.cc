#include "live/record_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <memory>
#include <numeric>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "live/written_events.h"
#include "support/allocations.h"

namespace nuthatch {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// So large that three of them fit in a chunk.
const std::vector<uint8_t> kLarge(0xFFF0);

std::vector<uint16_t> IdsIn(RecordQueue* queue) {
  std::vector<uint16_t> ids;
  while (RecordQueue::Chunk chunk = queue->Take(Clock::now())) {
    EtwRecord record;
    for (uint32_t at = 0; at < chunk->bytes().size();) {
      at = chunk->Read(at, &record);
      ids.push_back(record.id);
    }
    queue->Return(std::move(chunk));
  }
  return ids;
}

// `last` records of a chunk each but for the last.
void Write(uint16_t first, uint16_t last, RecordQueue* queue) {
  RecordWriter writer(queue);
  for (uint16_t id = first; id <= last; ++id) {
    EXPECT_TRUE(writer.Add(WrittenEvent(id, kLarge), id));
    if (id % 3 == 0) writer.Flush();
  }
  writer.Flush();
}

TEST(RecordQueue, GivesCopiesInTheOrderInWhichTheyCame) {
  RecordQueue queue({});
  RecordWriter writer(&queue);
  std::vector<uint8_t> payload = {1, 2, 3};
  EXPECT_TRUE(writer.Add(WrittenEvent(1, payload), 77));
  payload[0] = 9;
  EXPECT_TRUE(writer.Add(WrittenEvent(2), 78));
  EXPECT_EQ(queue.Take(Clock::now()), nullptr) << "nothing has been handed over";
  writer.Flush();
  const RecordQueue::Chunk chunk = queue.Take(Clock::now());
  ASSERT_NE(chunk, nullptr);
  EtwRecord record;
  const uint32_t next = chunk->Read(0, &record);
  EXPECT_EQ(record.time, 77u);
  EXPECT_EQ(std::vector(record.payload.begin(), record.payload.end()),
            (std::vector<uint8_t>{1, 2, 3}));
  chunk->Read(next, &record);
  EXPECT_EQ(record.id, 2);
  EXPECT_EQ(queue.counts().queued, 2u);
}

TEST(RecordQueue, PutsSmallChunksTogetherWhileNobodyTakesThem) {
  RecordQueue queue({.bytes = 2 * RecordChunk::kBytes});
  RecordWriter writer(&queue);
  for (uint16_t id = 1; id <= 100; ++id) {
    writer.Add(WrittenEvent(id), id);
    writer.Flush();
  }
  EXPECT_EQ(queue.counts().dropped, 0u);
  EXPECT_EQ(IdsIn(&queue).size(), 100u);
}

// How long records have waited is counted from the oldest on, whatever comes after it.
TEST(RecordQueue, TellsWhenTheFirstRecordOfAChunkCameAndWhenTheLast) {
  RecordQueue queue({});
  RecordWriter writer(&queue);
  const auto put = [&](uint16_t id) {
    writer.Add(WrittenEvent(id), id);
    writer.Flush();
    std::this_thread::sleep_for(1ms);
    return ClockNanoseconds();
  };
  const int64_t after_first = put(1);
  put(2);
  const RecordQueue::Chunk chunk = queue.Take(Clock::now());
  EXPECT_EQ(chunk->records(), 2u);
  EXPECT_LT(chunk->first_arrived, after_first);
  EXPECT_GT(chunk->arrived, after_first);
}

TEST(RecordQueue, WithoutRoomDropsTheOldest) {
  RecordQueue queue({.bytes = 2 * RecordChunk::kBytes, .overflow = Overflow::kDropOldest});
  Write(1, 12, &queue);
  EXPECT_EQ(IdsIn(&queue), (std::vector<uint16_t>{7, 8, 9, 10, 11, 12}));
  EXPECT_EQ(queue.counts().queued, 12u);
  EXPECT_EQ(queue.counts().dropped, 6u);
  EXPECT_EQ(queue.counts().most_bytes, 2 * RecordChunk::kBytes);
}

TEST(RecordQueue, OrTheNewest) {
  RecordQueue queue({.bytes = 2 * RecordChunk::kBytes, .overflow = Overflow::kDropNewest});
  Write(1, 12, &queue);
  EXPECT_EQ(IdsIn(&queue), (std::vector<uint16_t>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(queue.counts().dropped, 6u);
}

RecordQueueOptions Spilling(uint64_t spill_bytes = uint64_t{1} << 30) {
  return {.bytes = 2 * RecordChunk::kBytes,
          .overflow = Overflow::kSpill,
          .spill_folder = std::filesystem::temp_directory_path().string(),
          .spill_bytes = spill_bytes};
}

TEST(RecordQueue, OrSpillsThemToADiskAndGivesThemInTheirOrder) {
  RecordQueue queue(Spilling());
  ASSERT_TRUE(queue.Open().ok());
  std::vector<uint16_t> ids;
  // The second time from the beginning of the file.
  for (uint16_t first : {1, 61}) {
    Write(first, static_cast<uint16_t>(first + 59), &queue);
    // Who takes what is on its way to the disk is faster than the disk.
    while (queue.counts().spilled == 0) std::this_thread::sleep_for(1ms);
    while (ids.size() < first + 59u) {
      for (const uint16_t id : IdsIn(&queue)) ids.push_back(id);
    }
  }
  std::vector<uint16_t> expected(120);
  std::iota(expected.begin(), expected.end(), uint16_t{1});
  EXPECT_EQ(ids, expected);
  EXPECT_EQ(queue.counts().dropped, 0u);
  EXPECT_GT(queue.counts().spilled, 0u);
}

TEST(RecordQueue, WhatWasOnTheDiskHasWaitedAsLong) {
  RecordQueue queue(Spilling());
  ASSERT_TRUE(queue.Open().ok());
  Write(1, 60, &queue);
  while (queue.counts().spilled == 0) std::this_thread::sleep_for(1ms);
  const int64_t written = ClockNanoseconds();
  for (size_t taken = 0; taken < 60;) {
    RecordQueue::Chunk chunk = queue.Take(Clock::now() + 1s);
    ASSERT_NE(chunk, nullptr);
    taken += chunk->records();
    EXPECT_LT(chunk->first_arrived, written);
    queue.Return(std::move(chunk));
  }
}

TEST(RecordQueue, DropsWhatTheDiskHasNoRoomFor) {
  RecordQueue queue(Spilling(3 * RecordChunk::kBytes));
  ASSERT_TRUE(queue.Open().ok());
  Write(1, 300, &queue);
  size_t taken = 0;
  while (taken + queue.counts().dropped < 300) taken += IdsIn(&queue).size();
  EXPECT_GT(queue.counts().dropped, 100u);
  EXPECT_GE(taken, 12u) << "two chunks in memory, and two or three on the disk";
}

TEST(RecordQueue, WhatIsOnItsWayToTheDiskComesThoughTheQueueIsClosed) {
  RecordQueue queue(Spilling());
  ASSERT_TRUE(queue.Open().ok());
  Write(1, 60, &queue);
  queue.Close();
  size_t taken = 0;
  while (!queue.is_done()) taken += IdsIn(&queue).size();
  EXPECT_EQ(taken, 60u);
}

// A disk that takes its time.
class SlowFile final : public TemporaryFile {
 public:
  bool Write(uint64_t position, std::span<const uint8_t> bytes) override {
    begun.set_value();
    may_go_on_.wait();
    if (contents_.size() < position + bytes.size()) contents_.resize(position + bytes.size());
    std::copy(bytes.begin(), bytes.end(), contents_.begin() + static_cast<ptrdiff_t>(position));
    return true;
  }
  bool Read(uint64_t position, std::span<uint8_t> out) override {
    std::copy_n(contents_.begin() + static_cast<ptrdiff_t>(position), out.size(), out.begin());
    return true;
  }

  std::promise<void> begun;
  void GoOn() {
    if (!std::exchange(goes_on_, true)) go_on_.set_value();
  }

 private:
  std::promise<void> go_on_;
  const std::future<void> may_go_on_ = go_on_.get_future();
  bool goes_on_ = false;
  std::vector<uint8_t> contents_;
};

class SlowDiskTest : public testing::Test {
 protected:
  // Two chunks in memory are taken; the third is with the disk, which has begun with it.
  void SetUp() override {
    auto file = std::make_unique<SlowFile>();
    file_ = file.get();
    queue_.Open(std::move(file));
    Write(1, 9, &queue_);
    // Only a fault takes a minute.
    ASSERT_EQ(file_->begun.get_future().wait_for(1min), std::future_status::ready);
    ASSERT_EQ(IdsIn(&queue_), (std::vector<uint16_t>{1, 2, 3, 4, 5, 6}));
  }
  // Whatever has failed: the queue waits for the disk.
  void TearDown() override { file_->GoOn(); }
  // What a taker gets who waits while the disk is at work.
  RecordQueue::Chunk TakeMeanwhile() {
    std::future<RecordQueue::Chunk> taken =
        std::async(std::launch::async, [this] { return queue_.Take(begun_ + kLong); });
    std::this_thread::sleep_for(50ms);  // it would not have waited so long
    file_->GoOn();
    return taken.get();
  }

  static constexpr auto kLong = 1min;
  const Clock::time_point begun_ = Clock::now();
  RecordQueue queue_{Spilling()};
  SlowFile* file_ = nullptr;
};

TEST_F(SlowDiskTest, ATakerIsWokenWhenItIsDone) {
  const RecordQueue::Chunk chunk = TakeMeanwhile();
  ASSERT_NE(chunk, nullptr);
  EXPECT_EQ(chunk->records(), 3u);
  EXPECT_LT(Clock::now(), begun_ + kLong);
}

TEST_F(SlowDiskTest, ATakerOfManyIsContentWithWhatIsThere) {
  file_->GoOn();
  EXPECT_NE(queue_.Take(begun_ + kLong, 3), nullptr);
  EXPECT_LT(Clock::now(), begun_ + kLong);
}

TEST_F(SlowDiskTest, ATakerWaitsForItThoughTheQueueIsClosed) {
  queue_.Close();
  EXPECT_FALSE(queue_.is_done());
  const RecordQueue::Chunk chunk = TakeMeanwhile();
  ASSERT_NE(chunk, nullptr);
  EXPECT_EQ(chunk->records(), 3u);
  EXPECT_TRUE(queue_.is_done());
}

TEST_F(SlowDiskTest, WhatThereIsNoMemoryForIsDroppedAndCounted) {
  const AllocationLimit limit(RecordChunk::kBytes / 2);  // less than what the file is to hold
  file_->GoOn();
  while (queue_.counts().dropped == 0) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(queue_.counts().dropped, 3u);
  queue_.Close();
  EXPECT_EQ(queue_.Take(begun_ + kLong), nullptr);
}

TEST(RecordQueue, CannotSpillToAFolderThatThereIsNot) {
  RecordQueueOptions options = Spilling();
  options.spill_folder = "no such folder";
  RecordQueue queue(options);
  EXPECT_STREQ(queue.Open().code(), "NUTHATCH_LIVE_SPILL");
}

TEST(RecordQueue, RefusesARecordLargerThanAnyMayBe) {
  RecordQueue queue({});
  RecordWriter writer(&queue);
  const std::vector<uint8_t> data(0xFFF8);
  const std::vector<WinExtendedItem> items(8, {0, 10, 0, 0xFFF8, data.data()});
  WinEventRecord event = WrittenEvent(1);
  event.items = items.data();
  event.item_count = 8;
  EXPECT_FALSE(writer.Add(event, 1));
  EXPECT_TRUE(writer.Add(WrittenEvent(2), 2));
  writer.Flush();
  EXPECT_EQ(IdsIn(&queue), std::vector<uint16_t>{2});
}

TEST(RecordQueue, OnceItHasChunksARecordAllocatesNothing) {
  RecordQueue queue({.bytes = 4 * RecordChunk::kBytes});
  Write(1, 12, &queue);
  IdsIn(&queue);
  RecordWriter writer(&queue);
  const auto write = [&] {
    for (uint16_t id = 1; id <= 1000; ++id) writer.Add(WrittenEvent(id), id);
    writer.Flush();
  };
  write();
  queue.Return(queue.Take(Clock::now()));
  const size_t before = Allocations();
  write();
  EXPECT_EQ(Allocations() - before, 0u);
}

TEST(RecordQueue, WithoutMemoryDropsAndCountsAndGoesOnOnceThereIsSome) {
  RecordQueue queue({});
  RecordWriter first(&queue);
  LimitAllocations(RecordChunk::kBytes - 1);
  RecordWriter second(&queue);  // which has no chunk at all
  const auto write = [](RecordWriter* writer, uint16_t id, const std::vector<uint8_t>& payload) {
    EXPECT_TRUE(writer->Add(WrittenEvent(id, payload), id));
  };
  for (uint16_t id = 1; id <= 4; ++id) write(&first, id, kLarge);  // a chunk and one more
  write(&second, 5, {});
  EXPECT_EQ(queue.counts().dropped, 4u);
  first.Flush();
  EXPECT_EQ(queue.counts().dropped, 5u);
  LimitAllocations(SIZE_MAX);
  write(&first, 6, {});
  write(&second, 7, {});
  first.Flush();
  second.Flush();
  EXPECT_EQ(IdsIn(&queue), (std::vector<uint16_t>{6, 7}));
  EXPECT_EQ(queue.counts().queued, 7u);
  EXPECT_EQ(queue.counts().dropped, 5u);
}

TEST(RecordQueue, ATakerWaitsUntilSomethingComesOrNothingWill) {
  RecordQueue queue({});
  std::thread writing([&] {
    RecordWriter writer(&queue);
    writer.Add(WrittenEvent(1), 1);
    writer.Flush();
  });
  EXPECT_NE(queue.Take(Clock::now() + 1h), nullptr);
  writing.join();
  std::thread closing([&] { queue.Close(); });
  EXPECT_EQ(queue.Take(Clock::now() + 1h), nullptr);
  closing.join();
  EXPECT_TRUE(queue.is_done());
}

TEST(RecordQueue, ATakerOfManyWaitsForThem) {
  RecordQueue queue({});
  std::thread writing([&] { Write(1, 9, &queue); });
  const RecordQueue::Chunk chunk = queue.Take(Clock::now() + 1h, 3);
  EXPECT_EQ(queue.counts().queued, 9u);
  writing.join();
  ASSERT_NE(chunk, nullptr);
  EXPECT_EQ(IdsIn(&queue), (std::vector<uint16_t>{4, 5, 6, 7, 8, 9}));
}

TEST(RecordQueue, ATakerOfManyGetsWhatThereIsInTime) {
  RecordQueue queue({});
  Write(1, 3, &queue);
  EXPECT_NE(queue.Take(Clock::now() + 1ms, 3), nullptr);
}

TEST(RecordQueue, ATakerOfManyWaitsForNoMoreThanThereIsRoomBeside) {
  RecordQueue queue({.bytes = 4 * RecordChunk::kBytes});
  Write(1, 6, &queue);
  EXPECT_NE(queue.Take(Clock::now() + 1h, 100), nullptr);
}

TEST(RecordQueue, ATakerOfManyIsWokenByWhatIsUrgent) {
  RecordQueue queue({});
  RecordWriter writer(&queue);
  std::thread writing([&] {
    writer.Add(WrittenEvent(1), 1);
    writer.Flush();
    writer.Add(WrittenEvent(2), 2);
    writer.Hurry();
    writer.Flush();
  });
  const RecordQueue::Chunk chunk = queue.Take(Clock::now() + 1h, 3);
  writing.join();
  ASSERT_NE(chunk, nullptr);
  EXPECT_EQ(chunk->records(), 2u);
  writer.Add(WrittenEvent(3), 3);
  writer.Flush();
  const auto until = Clock::now() + 1ms;
  EXPECT_NE(queue.Take(until, 3), nullptr);
  EXPECT_GE(Clock::now(), until) << "what came after it is not urgent";
}

TEST(RecordQueue, NothingIsLostBetweenThreadsThatIsNotCounted) {
  constexpr uint16_t kEach = 5000;
  RecordQueue queue({.bytes = 2 * RecordChunk::kBytes});
  const auto write = [&](uint16_t writer_number) {
    RecordWriter writer(&queue);
    for (uint16_t i = 0; i < kEach; ++i) {
      writer.Add(WrittenEvent(writer_number, std::span(kLarge).first(i % 2000)), i);
      if (i % 100 == 0) writer.Flush();
    }
    writer.Flush();
  };
  std::thread one(write, uint16_t{1});
  std::thread two(write, uint16_t{2});
  uint64_t taken = 0;
  std::thread reading([&] {
    while (RecordQueue::Chunk chunk = queue.Take(Clock::now() + 1h)) {
      taken += chunk->records();
      queue.Return(std::move(chunk));
    }
  });
  one.join();
  two.join();
  queue.Close();
  reading.join();
  EXPECT_EQ(queue.counts().queued, 2u * kEach);
  EXPECT_EQ(taken + queue.counts().dropped, 2u * kEach);
}

}  // namespace
}  // namespace nuthatch
