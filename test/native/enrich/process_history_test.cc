#include "enrich/process_history.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

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

// Of a live session: they come from two sessions, in whichever order.
TEST(ProcessHistory, TheLaterOfBothStartsMayComeFirst) {
  ProcessHistory history;
  history.Started(8, 100, kLogger, 0);
  history.Ended(8, 200, 0);
  const uint64_t id = history.Started(8, 1005, kProvider, 990).id;
  history.Ended(8, 2000, 990);
  EXPECT_EQ(history.Started(8, 1000, kLogger, 0).id, id);
  EXPECT_EQ(history.Find(8, 1000)->id, id);
  EXPECT_EQ(history.Find(8, 1000)->begin, 1000u);
  EXPECT_NE(history.Find(8, 999)->id, id);
  EXPECT_EQ(history.Find(8, 2001)->id, id) << "it has ended when it had";
  EXPECT_EQ(history.size(), 2u);
  EXPECT_NE(history.Started(8, 5000, kLogger, 0).id, id) << "another one";
  EXPECT_NE(history.Started(8, 4000, kLogger, 0).id, history.Find(8, 5000)->id)
      << "of the same source that is another one";
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

// Who holds a handle to a process that has ended can make it a parent.
TEST(ProcessHistory, AParentIsFoundByItsSequence) {
  ProcessHistory history;
  const auto start = [&](uint32_t pid, uint64_t time, uint64_t sequence) {
    Process& process = history.Started(pid, time, kProvider, time);
    history.Fill(&Process::sequence, sequence, uint64_t{0}, &process);
    return process.id;
  };
  const uint64_t first = start(8, 1000, 70);
  history.Ended(8, 2000, 1000);
  const uint64_t second = start(8, 3000, 71);
  start(12, 10 * kSecond, 72);
  Process& child = *history.FindMutable(12, 10 * kSecond);
  history.Fill(&Process::parent_pid, 8u, kNoProcess, &child);
  EXPECT_EQ(history.ParentOf(child)->id, second);
  history.Fill(&Process::parent_sequence, uint64_t{70}, uint64_t{0}, &child);
  EXPECT_EQ(history.ParentOf(child)->id, first);
}

TEST(ProcessHistory, ANumberThatIsGivenAgainWithinAMillisecondIsAnotherProcess) {
  ProcessHistory history;
  constexpr uint64_t kFirst = 5'000'000;
  for (int pass = 0; pass < 2; ++pass) {  // both sources tell of both, to 100 ns
    history.Started(8, kFirst, kLogger, 0);
    history.Started(8, kFirst + 10, kProvider, kFirst - 7);
    history.Ended(8, kFirst + 2000, 0);
    history.Ended(8, kFirst + 2010, kFirst - 7);
    history.Started(8, kFirst + 4000, kLogger, 0);
    history.Started(8, kFirst + 4010, kProvider, kFirst + 3990);
  }
  ASSERT_EQ(history.size(), 2u);
  EXPECT_EQ(history.Find(8, kFirst + 3999)->create_time, kFirst - 7);
  EXPECT_EQ(history.Find(8, kFirst + 4000)->create_time, kFirst + 3990);
}

// A rundown tells of the first when its record of the provider, and those of its end, are lost.
TEST(ProcessHistory, SoItIsWhereEachSourceTellsOfAnotherOneAndNoneOfTheEnd) {
  ProcessHistory history;
  constexpr uint64_t kFirst = 5'000'000;
  history.Started(8, kFirst, kLogger, 0);
  history.Running(8, kFirst + 100, kFirst - 7);
  history.Started(8, kFirst + 4000, kProvider, kFirst + 3990);
  ASSERT_EQ(history.size(), 2u);
  EXPECT_EQ(history.Find(8, kFirst + 3999)->create_time, kFirst - 7);
  EXPECT_EQ(history.Find(8, kFirst + 4000)->create_time, kFirst + 3990);
}

std::vector<uint32_t> PidsOfAncestors(ProcessHistory* history, const Process& process,
                                      size_t most = ProcessHistory::kMaxAncestors) {
  std::vector<const Process*> found(most);
  found.resize(history->AncestorsOf(process, found));
  std::vector<uint32_t> pids;
  for (const Process* ancestor : found) pids.push_back(ancestor->pid);
  return pids;
}

TEST(ProcessHistory, AncestorsAreParentsOfParents) {
  ProcessHistory history;
  for (uint32_t pid = 4; pid <= 400; pid += 4) {
    Process& process = history.Started(pid, pid, kLogger, 0);
    history.Fill(&Process::parent_pid, pid - 4, kNoProcess, &process);
  }
  using Pids = std::vector<uint32_t>;
  EXPECT_EQ(PidsOfAncestors(&history, *history.Find(16, 500)), (Pids{12, 8, 4}));
  EXPECT_EQ(PidsOfAncestors(&history, *history.Find(16, 500), 2), (Pids{12, 8}));
  EXPECT_EQ(PidsOfAncestors(&history, *history.Find(4, 500)), Pids());
  EXPECT_EQ(PidsOfAncestors(&history, *history.Find(400, 500)).size(),
            ProcessHistory::kMaxAncestors);
}

// Of processes from before the trace it is not known who is older.
TEST(ProcessHistory, AncestorsAreNeverACircle) {
  ProcessHistory history;
  const auto runs = [&](uint32_t pid, uint32_t parent) {
    history.Fill(&Process::parent_pid, parent, kNoProcess, &history.Running(pid, 1000, 0));
  };
  runs(8, 16);
  runs(12, 8);
  runs(16, 12);
  runs(20, 16);
  runs(24, 24);
  using Pids = std::vector<uint32_t>;
  EXPECT_EQ(PidsOfAncestors(&history, *history.Find(8, 1000)), (Pids{16, 12}));
  EXPECT_EQ(PidsOfAncestors(&history, *history.Find(20, 1000)), (Pids{16, 12, 8}));
  EXPECT_EQ(PidsOfAncestors(&history, *history.Find(24, 1000)), Pids());
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
