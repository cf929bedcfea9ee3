#include "live/spilled_chunks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "live/written_events.h"

namespace nuthatch {
namespace {

// In memory; fails when it is told to.
class MemoryFile final : public TemporaryFile {
 public:
  bool Write(uint64_t position, std::span<const uint8_t> bytes) override {
    if (fails) return false;
    if (contents.size() < position + bytes.size()) contents.resize(position + bytes.size());
    std::copy(bytes.begin(), bytes.end(), contents.begin() + static_cast<ptrdiff_t>(position));
    return true;
  }
  bool Read(uint64_t position, std::span<uint8_t> out) override {
    if (fails || contents.size() < position + out.size()) return false;
    std::copy_n(contents.begin() + static_cast<ptrdiff_t>(position), out.size(), out.begin());
    return true;
  }

  bool fails = false;
  std::vector<uint8_t> contents;
};

RecordChunk ChunkOf(std::initializer_list<uint16_t> ids) {
  RecordChunk chunk;
  for (const uint16_t id : ids) chunk.Add(WrittenEvent(id), id);
  return chunk;
}

const uint64_t kRecordBytes = ChunkOf({1}).bytes().size();

class SpilledChunksTest : public testing::Test {
 protected:
  // Room for four records.
  SpilledChunks Open() {
    auto file = std::make_unique<MemoryFile>();
    file_ = file.get();
    return SpilledChunks(std::move(file), 4 * kRecordBytes);
  }

  // The records of the first one; none where the disk fails.
  std::vector<uint16_t> Pop(SpilledChunks* spilled) {
    RecordChunk chunk;
    is_read_ = spilled->Pop(&chunk, &told_);
    EXPECT_EQ(chunk.records(), is_read_ ? told_ : 0);
    std::vector<uint16_t> ids;
    EtwRecord record;
    for (uint32_t at = 0; at < chunk.bytes().size();) {
      at = chunk.Read(at, &record);
      ids.push_back(record.id);
    }
    return ids;
  }

  MemoryFile* file_ = nullptr;
  bool is_read_ = false;
  uint32_t told_ = 0;
};

using Ids = std::vector<uint16_t>;

TEST_F(SpilledChunksTest, ComeBackInTheirOrder) {
  SpilledChunks spilled = Open();
  EXPECT_TRUE(spilled.Push(ChunkOf({1, 2})));
  EXPECT_TRUE(spilled.Push(ChunkOf({3})));
  EXPECT_EQ(spilled.size(), 2u);
  EXPECT_EQ(Pop(&spilled), (Ids{1, 2}));
  EXPECT_EQ(Pop(&spilled), Ids{3});
  EXPECT_EQ(spilled.size(), 0u);
}

TEST_F(SpilledChunksTest, TakeNoMoreOfTheDiskThanTheyMay) {
  SpilledChunks spilled = Open();
  EXPECT_TRUE(spilled.Push(ChunkOf({1, 2, 3})));
  EXPECT_FALSE(spilled.Push(ChunkOf({4, 5})));
  EXPECT_EQ(file_->contents.size(), 3 * kRecordBytes) << "nothing of what is refused";
  EXPECT_TRUE(spilled.Push(ChunkOf({6})));
  EXPECT_FALSE(spilled.Push(ChunkOf({7})));
  EXPECT_EQ(spilled.size(), 2u);
  EXPECT_EQ(file_->contents.size(), 4 * kRecordBytes);
}

TEST_F(SpilledChunksTest, OnceAllHaveBeenTakenThereIsRoomAgain) {
  SpilledChunks spilled = Open();
  EXPECT_TRUE(spilled.Push(ChunkOf({1, 2, 3, 4})));
  EXPECT_EQ(Pop(&spilled), (Ids{1, 2, 3, 4}));
  EXPECT_TRUE(spilled.Push(ChunkOf({5, 6, 7, 8})));
  EXPECT_EQ(file_->contents.size(), 4 * kRecordBytes);
  EXPECT_EQ(Pop(&spilled), (Ids{5, 6, 7, 8}));
}

TEST_F(SpilledChunksTest, TheRoomOfThoseThatHaveBeenTakenIsUsedWhileOthersWait) {
  SpilledChunks spilled = Open();
  EXPECT_TRUE(spilled.Push(ChunkOf({1, 2})));
  EXPECT_TRUE(spilled.Push(ChunkOf({3})));
  EXPECT_FALSE(spilled.Push(ChunkOf({4, 5}))) << "one fits at the end, and none at the beginning";
  EXPECT_EQ(Pop(&spilled), (Ids{1, 2}));
  EXPECT_TRUE(spilled.Push(ChunkOf({4, 5})));
  EXPECT_FALSE(spilled.Push(ChunkOf({6}))) << "not over the third";
  EXPECT_EQ(Pop(&spilled), Ids{3});
  EXPECT_TRUE(spilled.Push(ChunkOf({6, 7})));
  EXPECT_EQ(Pop(&spilled), (Ids{4, 5}));
  EXPECT_TRUE(spilled.Push(ChunkOf({8, 9}))) << "after it had gone round once";
  EXPECT_EQ(Pop(&spilled), (Ids{6, 7}));
  EXPECT_EQ(Pop(&spilled), (Ids{8, 9}));
  EXPECT_EQ(file_->contents.size(), 4 * kRecordBytes);
}

TEST_F(SpilledChunksTest, WhatCannotBeWrittenIsRefused) {
  SpilledChunks spilled = Open();
  file_->fails = true;
  EXPECT_FALSE(spilled.Push(ChunkOf({1})));
  EXPECT_EQ(spilled.size(), 0u);
}

TEST_F(SpilledChunksTest, OfWhatCannotBeReadTheNumberOfRecordsIsTold) {
  SpilledChunks spilled = Open();
  EXPECT_TRUE(spilled.Push(ChunkOf({1, 2})));
  EXPECT_TRUE(spilled.Push(ChunkOf({3})));
  file_->fails = true;
  EXPECT_EQ(Pop(&spilled), Ids());
  EXPECT_FALSE(is_read_);
  EXPECT_EQ(told_, 2u);
  file_->fails = false;
  EXPECT_EQ(Pop(&spilled), Ids{3});
}

}  // namespace
}  // namespace nuthatch
