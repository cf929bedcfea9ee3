#include "enrich/process_history.h"

#include <gtest/gtest.h>

#include <random>

#include "support/allocations.h"

namespace nuthatch {
namespace {

constexpr auto kLogger = ProcessSource::kKernelLogger;
constexpr auto kProvider = ProcessSource::kProvider;
constexpr uint64_t kSecond = 10'000'000;

TEST(ProcessHistory, FindsWhoLivedAtThatTime) {
  ProcessHistory history;
  const uint64_t first = history.Started(8, 1000, kLogger, 0).id;
  history.Ended(8, 2000, 0);
  const uint64_t second = history.Started(8, 3000, kLogger, 0).id;
  EXPECT_NE(first, second);
  EXPECT_EQ(history.Find(8, 999), nullptr);
  EXPECT_EQ(history.Find(8, 1000)->id, first);
  EXPECT_EQ(history.Find(8, 2999)->id, first);
  EXPECT_EQ(history.Find(8, 3000)->id, second);
  EXPECT_EQ(history.Find(8, 3000 + 1000 * kSecond)->id, second);
  EXPECT_EQ(history.Find(12, 3000), nullptr);
}

TEST(ProcessHistory, ASecondPassChangesNothing) {
  ProcessHistory history;
  for (int pass = 0; pass < 2; ++pass) {
    history.Running(4, 10, 0);
    history.Started(8, 1000, kLogger, 0);
    history.Started(8, 1005, kProvider, 990);
    history.Ended(8, 2000, 0);
    history.Ended(8, 2005, 990);
    history.Started(8, 2010, kProvider, 2008);
    history.Started(8, 2011, kLogger, 0);
    history.Running(8, 9000, 2008);
  }
  EXPECT_EQ(history.size(), 3u);
}

TEST(ProcessHistory, WhatRunsInTheRundownRanBefore) {
  ProcessHistory history;
  const uint64_t id = history.Running(8, 1000, 0).id;
  EXPECT_EQ(history.Find(8, 1)->id, id);
  EXPECT_EQ(history.Find(8, 1)->begin, 0u);
  history.Ended(8, 2000, 0);
  EXPECT_NE(history.Running(8, 3000, 0).id, id);
  EXPECT_EQ(history.Defunct(8, 4000).pid, 8u);
  EXPECT_EQ(history.size(), 2u);
  // Told of at the same time, with another time of creation.
  history.Running(12, 1000, 500);
  history.Running(12, 1000, 600);
  EXPECT_EQ(history.size(), 4u);
}

TEST(ProcessHistory, AParentThatIsYoungerOrAnotherIsNone) {
  ProcessHistory history;
  Process& child = history.Running(12, 1000, 500);
  history.Fill(&Process::parent_pid, 8u, kNoProcess, &child);
  EXPECT_EQ(history.ParentOf(child), nullptr);
  Process& parent = history.Running(8, 1000, 400);
  EXPECT_EQ(history.ParentOf(*history.Find(12, 1000)), &parent);
  history.Fill(&Process::sequence, uint64_t{7}, uint64_t{0}, &parent);
  history.Fill(&Process::parent_sequence, uint64_t{6}, uint64_t{0}, history.FindMutable(12, 1000));
  EXPECT_EQ(history.ParentOf(*history.Find(12, 1000)), nullptr);

  ProcessHistory other;
  Process& late = other.Running(12, 1000, 500);
  other.Fill(&Process::parent_pid, 8u, kNoProcess, &late);
  other.Running(8, 1000, 600);
  EXPECT_EQ(other.ParentOf(*other.Find(12, 1000)), nullptr);
}

TEST(ProcessHistory, IsBoundedWhateverIsTold) {
  ProcessHistory history;
  std::mt19937 random(1);
  const std::string text(30'000, 'x');
  for (uint64_t i = 0; i < 100'000; ++i) {
    const uint32_t pid = random() % 50'000;
    Process& process = i % 3 == 0   ? history.Started(pid, i, kLogger, 0)
                       : i % 3 == 1 ? history.Running(pid, i, 0)
                                    : history.Ended(pid, i, 0);
    if (i % 10 == 0) history.Fill(&Process::command_line, text, &process);
    history.Find(random() % 50'000, i);
    ASSERT_LE(history.size(), ProcessHistory::kMaxProcesses);
    ASSERT_LE(history.bytes(), ProcessHistory::kMaxBytes + text.size());
  }
}

TEST(ProcessHistory, WhatRunsAllTheTimeIsKeptLonger) {
  ProcessHistory history;
  for (uint32_t pid = 0; pid < 50; ++pid) history.Running(pid, 1, 0);
  for (uint32_t i = 0; i < 2 * ProcessHistory::kMaxProcesses; ++i) {
    history.Started(1000 + i, 2 + i, kLogger, 0);
    history.Ended(1000 + i, 2 + i, 0);
  }
  for (uint32_t pid = 0; pid < 50; ++pid) EXPECT_NE(history.Find(pid, 100), nullptr);
  EXPECT_EQ(history.Find(1000, 100), nullptr);
}

TEST(ProcessHistory, FindingAllocatesNothing) {
  ProcessHistory history;
  for (uint32_t pid = 0; pid < 4000; pid += 4) history.Running(pid, 1000, 0);
  const size_t before = Allocations();
  for (uint32_t pid = 0; pid < 8000; ++pid) history.Find(pid, 1000);
  EXPECT_EQ(Allocations(), before);
}

}  // namespace
}  // namespace nuthatch
