#include "live/record_chunk.h"

#include <gtest/gtest.h>

#include <vector>

#include "live/written_events.h"

namespace nuthatch {
namespace {

std::vector<std::vector<uint64_t>> TimesOfRuns(const RecordChunk& chunk) {
  std::vector<std::vector<uint64_t>> runs;
  for (const RecordChunk::Run& run : chunk.runs()) {
    runs.emplace_back();
    EtwRecord record;
    for (uint32_t at = run.begin; at < run.end; runs.back().push_back(record.time))
      at = chunk.Read(at, &record);
  }
  return runs;
}

RecordChunk ChunkOf(std::initializer_list<uint64_t> times) {
  RecordChunk chunk;
  for (const uint64_t time : times) EXPECT_TRUE(chunk.Add(WrittenEvent(1), time));
  return chunk;
}

using Runs = std::vector<std::vector<uint64_t>>;

TEST(RecordChunk, ItsRunsAreEachInTheOrderOfTheirTime) {
  EXPECT_EQ(TimesOfRuns(ChunkOf({1, 3, 2, 2, 5, 4})), (Runs{{1, 3}, {2, 2, 5}, {4}}));
}

TEST(RecordChunk, AlsoOfWhatIsAddedAfterAnotherChunk) {
  RecordChunk chunk = ChunkOf({10});
  ASSERT_TRUE(chunk.Append(ChunkOf({30, 20})));
  ASSERT_TRUE(chunk.Add(WrittenEvent(1), 15));
  ASSERT_TRUE(chunk.Add(WrittenEvent(1), 16));
  EXPECT_EQ(TimesOfRuns(chunk), (Runs{{10}, {30}, {20}, {15, 16}}));
}

TEST(RecordChunk, AndOfOneThatWasPutElsewhere) {
  const RecordChunk chunk = ChunkOf({2, 1});
  RecordChunk restored;
  const std::span<uint8_t> to = restored.Restore(chunk.bytes().size());
  std::copy(chunk.bytes().begin(), chunk.bytes().end(), to.begin());
  restored.Recount();
  EXPECT_EQ(TimesOfRuns(restored), (Runs{{2}, {1}}));
  EXPECT_EQ(restored.records(), 2u);
}

}  // namespace
}  // namespace nuthatch
