#include "etw/stack_cache.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/byte_sink.h"

namespace nuthatch {
namespace {

constexpr uint8_t kCreate = 0x22;
constexpr uint8_t kDelete = 0x23;
constexpr uint8_t kRundown = 0x24;
constexpr uint8_t kKernel = 0x25;
constexpr uint8_t kUser = 0x26;

struct Walk {
  ByteSink payload;
  EtwRecord record;

  Walk(uint8_t type, uint64_t time, uint8_t pointer_size) {
    record.group = 0x18;
    record.opcode = type;
    record.raw_time = time;
    record.pointer_size = pointer_size;
  }
  EtwRecord& Record() {
    record.payload = payload.bytes();
    return record;
  }
};

class StackCacheOfWidth : public testing::TestWithParam<uint8_t> {
 protected:
  void Say(uint8_t type, uint64_t time, uint64_t key, const std::vector<uint64_t>& frames) {
    Walk walk(type, time, GetParam());
    walk.payload.Put(key, GetParam());
    for (const uint64_t frame : frames) walk.payload.Put(frame, GetParam());
    cache_.Learn(walk.Record());
  }
  std::vector<uint64_t> StackOf(uint8_t type, uint64_t time, uint64_t key) {
    Walk walk(type, time, GetParam());
    for (int i = 0; i < 4; ++i) walk.payload.U32(7);
    walk.payload.Put(key, GetParam());
    const StackFrames stack = cache_.Find(walk.Record());
    std::vector<uint64_t> frames;
    for (size_t i = 0; i < stack.count(); ++i) frames.push_back(stack[i]);
    return frames;
  }
  using Frames = std::vector<uint64_t>;
  StackCache cache_;
};
INSTANTIATE_TEST_SUITE_P(Pointers, StackCacheOfWidth, testing::Values(4, 8));

TEST_P(StackCacheOfWidth, FramesComeWithTheEndOfTheirKey) {
  Say(kDelete, 200, 0xA, {1, 2});
  Say(kRundown, 900, 0xB, {3});
  EXPECT_EQ(StackOf(kKernel, 100, 0xA), Frames({1, 2}));
  EXPECT_EQ(StackOf(kUser, 800, 0xB), Frames({3}));
  EXPECT_EQ(StackOf(kKernel, 100, 0xC), Frames());
}

TEST_P(StackCacheOfWidth, AKeyThatIsUsedAnewHasAnotherStack) {
  Say(kDelete, 200, 0xA, {1});
  Say(kDelete, 400, 0xA, {2});
  Say(kRundown, 900, 0xA, {3});
  EXPECT_EQ(StackOf(kKernel, 200, 0xA), Frames({1}));
  EXPECT_EQ(StackOf(kUser, 201, 0xA), Frames({2}));
  EXPECT_EQ(StackOf(kKernel, 500, 0xA), Frames({3}));
  EXPECT_EQ(StackOf(kKernel, 901, 0xA), Frames());
}

TEST_P(StackCacheOfWidth, AKeyWhoseEndIsNotThereHasTheStackOfItsBeginning) {
  Say(kCreate, 100, 0xA, {1});
  Say(kCreate, 300, 0xA, {2});
  EXPECT_EQ(StackOf(kKernel, 50, 0xA), Frames());
  EXPECT_EQ(StackOf(kKernel, 200, 0xA), Frames({1}));
  EXPECT_EQ(StackOf(kKernel, 400, 0xA), Frames({2}));
}

TEST_P(StackCacheOfWidth, WhatIsLearnedAnotherTimeChangesNothing) {
  for (int i = 0; i < 2; ++i) Say(kDelete, 200, 0xA, {1});
  EXPECT_EQ(StackOf(kKernel, 100, 0xA), Frames({1}));
}

TEST(StackCache, RecordsThatEndEarlyHaveNoStack) {
  StackCache cache;
  Walk walk(kDelete, 1, 8);
  walk.payload.U32(5);
  cache.Learn(walk.Record());
  walk.record.opcode = kKernel;
  EXPECT_EQ(cache.Find(walk.Record()).count(), 0u);
}

TEST(StackCache, BeyondItsMemoryTheOldestGiveWay) {
  StackCache cache;
  Walk walk(kDelete, 0, 8);
  for (int i = 0; i < 1000; ++i) walk.payload.Put(1, 8);
  constexpr uint64_t kMany = 2 * StackCache::kMaxBytes / 8000;
  for (uint64_t time = 1; time <= kMany; ++time) {
    walk.record.raw_time = time;
    cache.Learn(walk.Record());
  }
  Walk reference(kKernel, kMany, 8);
  for (int i = 0; i < 2; ++i) reference.payload.Put(1, 8);
  reference.payload.Put(1, 8);
  EXPECT_EQ(cache.Find(reference.Record()).count(), 999u) << "the newest is there";
  reference.record.raw_time = 1;
  EXPECT_EQ(cache.Find(reference.Record()).count(), 0u) << "not that of another time";
  reference.record.raw_time = kMany * 3 / 4;
  EXPECT_EQ(cache.Find(reference.Record()).count(), 999u) << "as many stay as there is room for";
}

}  // namespace
}  // namespace nuthatch
