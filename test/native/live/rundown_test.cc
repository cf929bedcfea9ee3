#include "live/rundown.h"

#include <gtest/gtest.h>

#include <string>

#include "live/endless_etw.h"
#include "live/silent_etw.h"

namespace nuthatch {
namespace {

using namespace std::chrono_literals;

// Says what is done with sessions.
class Logger final : public SilentEtw {
 public:
  uint32_t StartTrace(uint64_t* session, const char16_t* name, WinTraceProperties* asked) override {
    if (error != kEtwSuccess) return error;
    properties = *asked;
    ++running;
    return SilentEtw::StartTrace(session, name, asked);
  }
  uint32_t ControlTrace(uint64_t, const char16_t*, WinTraceProperties* told,
                        TraceControl control) override {
    if (control == TraceControl::kStop) --running;
    if (control == TraceControl::kStop) done += "stopped";
    told->events_lost = 7;
    return kEtwSuccess;
  }
  uint64_t OpenTrace(WinTraceFile* file, uint32_t* why) override {
    *why = error_of_open;
    return error_of_open == kEtwSuccess ? SilentEtw::OpenTrace(file, why) : kNoTrace;
  }

  uint32_t CloseTrace(uint64_t) override {
    done += "left ";
    return kEtwSuccess;
  }

  std::string done;
  uint32_t error = kEtwSuccess;
  uint32_t error_of_open = kEtwSuccess;
  int running = 0;
  WinTraceProperties properties;
};

class RundownTest : public testing::Test {
 protected:
  bool IsDueAfter(Rundown::Clock::duration time) { return rundown_.TakeDue(begun_ + time); }

  Logger system_;
  RecordQueue queue_{{}};
  Rundown rundown_{&system_, {}, &queue_, 0};
  const Rundown::Clock::time_point begun_ = Rundown::Clock::now();
};

TEST_F(RundownTest, IsMadeOnceForEachTimeThatItIsAskedFor) {
  EXPECT_FALSE(IsDueAfter(0s));
  rundown_.Ask();
  rundown_.Ask();
  EXPECT_TRUE(IsDueAfter(0s));
  EXPECT_FALSE(IsDueAfter(1h));
}

TEST_F(RundownTest, WhileLossesGoOnItIsMadeMoreAndMoreSeldom) {
  const auto is_due = [this](Rundown::Clock::duration time) {
    rundown_.Ask();
    return IsDueAfter(time);
  };
  EXPECT_TRUE(is_due(0s));
  EXPECT_FALSE(is_due(4999ms));
  EXPECT_TRUE(is_due(5s));
  EXPECT_FALSE(is_due(14999ms));
  EXPECT_TRUE(is_due(15s));
  for (const auto time : {35s, 75s, 135s}) EXPECT_TRUE(is_due(time));
  EXPECT_FALSE(is_due(194s)) << "a minute is the longest";
  EXPECT_TRUE(is_due(195s));
  EXPECT_TRUE(is_due(320s));
  EXPECT_TRUE(is_due(325s)) << "after a minute without losses it begins with the shortest";
}

TEST_F(RundownTest, IsOfALoggerOfProcessesThreadsAndImagesThatRunsASecond) {
  ASSERT_TRUE(rundown_.Begin(begun_).ok());
  EXPECT_EQ(system_.properties.enable_flags, 7u);
  EXPECT_EQ(system_.properties.mode, 0x02000110u);
  EXPECT_FALSE(rundown_.IsOver(begun_ + 999ms));
  EXPECT_TRUE(rundown_.IsOver(begun_ + 1s));
  EXPECT_EQ(system_.running, 1);
  EXPECT_EQ(rundown_.End().events, 7u) << "what it lost is told";
  EXPECT_EQ(system_.running, 0);
  EXPECT_EQ(rundown_.End().events, 0u);
  EXPECT_FALSE(rundown_.IsOver(begun_ + 1h));
}

TEST_F(RundownTest, NamesAreToldWhenItsLoggerIsStoppedAndReadToTheirEnd) {
  Rundown rundown(&system_, {}, &queue_, 0x200);
  ASSERT_TRUE(rundown.Begin(begun_).ok());
  EXPECT_EQ(system_.properties.enable_flags, 0x207u);
  EXPECT_FALSE(rundown.IsOver(begun_ + 999ms));
  EXPECT_EQ(system_.running, 1);
  EXPECT_FALSE(rundown.IsOver(begun_ + 1s));
  EXPECT_EQ(system_.running, 0) << "it is stopped, and still read";
  EXPECT_TRUE(rundown.IsOver(begun_ + 6s)) << "but not for ever";
  EXPECT_EQ(rundown.End().events, 7u);
}

TEST_F(RundownTest, NamesAloneWantNothingElseAndNobodyWhoWantsNone) {
  SessionLosses lost;
  EXPECT_TRUE(rundown_.TellNames(&lost).ok());
  EXPECT_EQ(system_.properties.enable_flags, 0u) << "no logger was started";
  Rundown rundown(&system_, {}, &queue_, 0x20000);
  EXPECT_TRUE(rundown.TellNames(&lost).ok());
  EXPECT_EQ(system_.properties.enable_flags, 0x20000u);
  EXPECT_EQ(system_.running, 0);
  EXPECT_EQ(lost.events, 7u);
  system_.error = kEtwNoResources;
  EXPECT_STREQ(rundown.TellNames(&lost).code(), "NUTHATCH_LIVE_RUNDOWN");
}

TEST_F(RundownTest, WhoWantsNoNamesAnyMoreDoesNotWaitForThem) {
  EndlessEtw system;
  Rundown rundown(&system, {}, &queue_, 0x20000);
  rundown.Abort();
  SessionLosses lost;
  const Status status = rundown.TellNames(&lost);
  EXPECT_TRUE(status.ok()) << status.message();
}

TEST_F(RundownTest, IsLeftBeforeItIsStoppedForThenTheKernelTellsAllOnceMore) {
  ASSERT_TRUE(rundown_.Begin(begun_).ok());
  rundown_.End();
  EXPECT_EQ(system_.done, "left stopped");
}

TEST_F(RundownTest, AnotherOneWaitsUntilItIsOver) {
  ASSERT_TRUE(rundown_.Begin(begun_).ok());
  rundown_.Ask();
  EXPECT_FALSE(IsDueAfter(0s));
  rundown_.End();
  EXPECT_TRUE(IsDueAfter(0s));
}

TEST_F(RundownTest, WhereTheLoggerIsRefusedNothingIsLeftBehind) {
  system_.error = kEtwNoResources;
  EXPECT_STREQ(rundown_.Begin(begun_).code(), "NUTHATCH_LIVE_RUNDOWN");
  system_.error = kEtwSuccess;
  system_.error_of_open = kEtwNotEnoughMemory;
  EXPECT_STREQ(rundown_.Begin(begun_).code(), "NUTHATCH_LIVE_RUNDOWN");
  EXPECT_EQ(system_.running, 0);
}

}  // namespace
}  // namespace nuthatch
