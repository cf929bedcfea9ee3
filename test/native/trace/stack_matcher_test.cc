#include "trace/stack_matcher.h"

#include <gtest/gtest.h>

#include <cstring>

namespace nuthatch {
namespace {

constexpr uint64_t kKernelFrame = 0xFFFF'F800'0000'1000;
constexpr uint64_t kUserFrame = 0x7FF6'0000'1000;

class Stacks {
 public:
  void Take(uint64_t raw_time, uint32_t pid, uint32_t tid, uint64_t time,
            std::vector<uint64_t> frames) {
    bytes_.resize(frames.size() * 8);
    std::memcpy(bytes_.data(), frames.data(), bytes_.size());
    matcher.Take({raw_time, pid, tid, time}, time, {bytes_, 8});
  }
  // "kernel frames / user frames", relative to the constants.
  std::string First(uint64_t time) {
    const MatchedStack stack = matcher.TakeFirst(time);
    std::string text;
    for (const uint64_t frame : stack.kernel) text += std::to_string(frame - kKernelFrame) + " ";
    text += "/";
    for (const uint64_t frame : stack.user) text += " " + std::to_string(frame - kUserFrame);
    return text;
  }

  StackMatcher matcher;

 private:
  std::vector<uint8_t> bytes_;
};

TEST(StackMatcher, JoinsTheKernelsPartAndTheProcesssThatComeAfterTheirEvent) {
  Stacks stacks;
  stacks.matcher.Await({100, 8, 80}, 1000);
  EXPECT_FALSE(stacks.matcher.IsDone(1000));
  stacks.Take(100, 8, 80, 1001, {kKernelFrame + 1, kKernelFrame + 2});
  EXPECT_FALSE(stacks.matcher.IsDone(1001));
  stacks.Take(100, 8, 80, 1002, {kUserFrame + 1, kUserFrame + 2});
  EXPECT_TRUE(stacks.matcher.IsDone(1002));
  EXPECT_EQ(stacks.First(1002), "1 2 / 1 2");
  EXPECT_EQ(stacks.matcher.counts().late, 1u);
  EXPECT_EQ(stacks.matcher.counts().matched, 1u);
}

TEST(StackMatcher, JoinsAStackThatCameBeforeItsEvent) {
  Stacks stacks;
  stacks.Take(100, 8, 80, 999, {kKernelFrame + 1, kUserFrame + 1});
  stacks.matcher.Await({100, 8, 80}, 1000);
  EXPECT_TRUE(stacks.matcher.IsDone(1000));
  EXPECT_EQ(stacks.First(1000), "1 / 1");
  EXPECT_EQ(stacks.matcher.counts().early, 1u);
}

TEST(StackMatcher, WaitsSoLongAndNoLonger) {
  Stacks stacks;
  stacks.matcher.Await({100, 8, 80}, 1000);
  stacks.matcher.Await({200, 8, 80}, 1000);
  EXPECT_FALSE(stacks.matcher.IsDone(1000 + StackMatcher::kWait));
  // It comes too late, though nobody has looked meanwhile.
  stacks.Take(100, 8, 80, 1001 + StackMatcher::kWait, {kUserFrame});
  EXPECT_TRUE(stacks.matcher.IsDone(1001 + StackMatcher::kWait));
  EXPECT_EQ(stacks.First(1001 + StackMatcher::kWait), "/");
  EXPECT_EQ(stacks.First(1001 + StackMatcher::kWait), "/");
  EXPECT_EQ(stacks.matcher.counts().never_came, 2u);
}

TEST(StackMatcher, TimeAloneIsNotEnough) {
  Stacks stacks;
  stacks.matcher.Await({100, 8, 80}, 1000);
  stacks.matcher.Await({100, 12, 120}, 1000);
  stacks.matcher.Await({100, 8, 88}, 1000);
  stacks.Take(100, 12, 120, 1001, {kUserFrame + 12});
  stacks.Take(100, 8, 80, 1002, {kUserFrame + 8});
  EXPECT_EQ(stacks.First(1002), "/ 8");
  EXPECT_EQ(stacks.First(1002), "/ 12");
  EXPECT_FALSE(stacks.matcher.IsDone(1002)) << "another thread";
}

TEST(StackMatcher, WhatARecordDoesNotHaveIsNotCompared) {
  Stacks stacks;
  stacks.matcher.Await({100, 8, kNoId}, 1000);
  stacks.matcher.Await({200, kNoId, 80}, 1000);
  stacks.matcher.Await({300, 12, kNoId}, 1000);
  for (const uint64_t raw_time : {100u, 200u, 300u}) {
    stacks.Take(raw_time, 8, 80, 1001, {kUserFrame + raw_time});
    stacks.Take(raw_time, 8, 84, 1001, {kUserFrame + 7});
  }
  EXPECT_EQ(stacks.First(1001), "/ 100") << "the first thread's, not that of two";
  EXPECT_EQ(stacks.First(1001), "/ 200");
  EXPECT_FALSE(stacks.matcher.IsDone(1001));
}

TEST(StackMatcher, NarrowFramesAreOfTheSameHalf) {
  StackMatcher matcher;
  const uint32_t frames[] = {0x8000'1000, 0x7000'1000};
  std::vector<uint8_t> bytes(sizeof(frames));
  std::memcpy(bytes.data(), frames, sizeof(frames));
  matcher.Await({1, 8, 80}, 1);
  matcher.Take({1, 8, 80}, 1, {bytes, 4});
  const MatchedStack stack = matcher.TakeFirst(1);
  ASSERT_EQ(stack.kernel.size(), 1u);
  EXPECT_EQ(stack.kernel[0], 0xFFFF'FFFF'8000'1000);
  ASSERT_EQ(stack.user.size(), 1u);
  EXPECT_EQ(stack.user[0], 0x7000'1000u);
}

TEST(StackMatcher, WhatIsNoMoreThereIsCounted) {
  Stacks stacks;
  stacks.matcher.Await({1, 8, 80}, 1);
  stacks.Take(1, 8, 80, 1, {kKernelFrame});
  const std::vector<uint64_t> deep(StackMatcher::kMaxDepth + 100, kUserFrame);
  // As many frames as are kept, of fewer moments than are kept.
  for (uint64_t i = 0; i <= StackMatcher::kMaxFrames / StackMatcher::kMaxDepth; ++i)
    stacks.Take(10 + i, 8, 80, 1, deep);
  EXPECT_EQ(stacks.First(StackMatcher::kWait + 2), "/");
  EXPECT_EQ(stacks.matcher.counts().dropped, 1u);
  for (uint64_t i = 0; i <= StackMatcher::kMaxWaiting; ++i) stacks.matcher.Await({i, 8, 80}, 1);
  EXPECT_TRUE(stacks.matcher.is_full());
}

// Of Windows: the key of a stack that was told before comes, and what it stands for when its
// session forgets it.
class CachedStacks : public testing::Test {
 protected:
  static constexpr uint64_t kLongest = 5 * StackMatcher::kWait;
  CachedStacks() { stacks_.matcher.ExpectFrom(&cache_, kLongest); }

  void Tell(uint64_t raw_time, std::vector<uint64_t> key_and_frames) {
    EtwRecord record;
    record.group = 0x18;
    record.opcode = 0x23;  // KeyDelete
    record.raw_time = raw_time;
    record.pointer_size = 8;
    const auto* bytes = reinterpret_cast<const uint8_t*>(key_and_frames.data());
    record.payload = {bytes, 8 * key_and_frames.size()};
    cache_.Learn(record);
  }
  void Refer(uint64_t key) { stacks_.matcher.Expect({100, 8, 80, 1001}, 1001, {key, 101}); }

  StackCache cache_;
  Stacks stacks_;
};

TEST_F(CachedStacks, AreWaitedForBeyondTheUsual) {
  stacks_.matcher.Await({100, 8, 80}, 1000);
  Refer(0xA);
  Refer(0xB);
  const uint64_t late = 1001 + StackMatcher::kWait;
  EXPECT_FALSE(stacks_.matcher.IsDone(late));
  Tell(200, {0xB, kUserFrame + 2});
  EXPECT_FALSE(stacks_.matcher.IsDone(late)) << "the kernel's part is to come";
  Tell(200, {0xA, kKernelFrame + 1});
  EXPECT_TRUE(stacks_.matcher.IsDone(late));
  EXPECT_EQ(stacks_.First(late), "1 / 2");
  EXPECT_EQ(stacks_.matcher.counts().matched, 1u);
  EXPECT_EQ(stacks_.matcher.counts().untold, 0u);
}

TEST_F(CachedStacks, AreNotWaitedForLongerThanThat) {
  stacks_.matcher.Await({100, 8, 80}, 1000);
  stacks_.matcher.Await({100, 8, 80}, 1000);
  Refer(0xA);
  EXPECT_FALSE(stacks_.matcher.IsDone(1000 + kLongest));
  EXPECT_TRUE(stacks_.matcher.IsDone(1001 + kLongest));
  EXPECT_EQ(stacks_.First(1001 + kLongest), "/");
  EXPECT_EQ(stacks_.matcher.counts().untold, 1u);
  EXPECT_EQ(stacks_.matcher.counts().never_came, 1u);
  Tell(200, {0xA, kUserFrame + 2});
  EXPECT_EQ(stacks_.First(1001 + kLongest), "/ 2") << "who takes it later has it";
}

TEST_F(CachedStacks, WhoHasNoneWaitsAsUsual) {
  stacks_.matcher.Await({100, 8, 80}, 1000);
  EXPECT_FALSE(stacks_.matcher.IsDone(1000 + StackMatcher::kWait));
  EXPECT_TRUE(stacks_.matcher.IsDone(1001 + StackMatcher::kWait));
}

TEST_F(CachedStacks, OfARecordedTraceAreKnownOrNotToBeHad) {
  Stacks recorded;
  recorded.matcher.Await({100, 8, 80}, 1000);
  recorded.matcher.Expect({100, 8, 80, 1001}, 1001, {0xA, 101});
  recorded.Take(100, 8, 80, 1002, {kUserFrame});
  EXPECT_TRUE(recorded.matcher.IsDone(1002));
  EXPECT_EQ(recorded.First(1002), "/ 0");
  EXPECT_EQ(recorded.matcher.counts().untold, 0u);
}

TEST(StackMatcher, AStackHasNoMoreFramesThanItMay) {
  Stacks stacks;
  stacks.matcher.Await({1, 8, 80}, 1);
  for (int i = 0; i < 3; ++i)
    stacks.Take(1, 8, 80, 1, std::vector<uint64_t>(StackMatcher::kMaxDepth + 1, kUserFrame));
  EXPECT_EQ(stacks.matcher.TakeFirst(1).user.size(), StackMatcher::kMaxDepth);
}

}  // namespace
}  // namespace nuthatch
