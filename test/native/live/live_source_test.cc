// Sessions that are kept running, of a system that answers as a test says.
#include "live/live_source.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "base/utf16.h"
#include "live/endless_etw.h"
#include "support/allocations.h"

namespace nuthatch {
namespace {

using namespace std::chrono_literals;

class ScriptedEtw final : public EndlessEtw {
 public:
  using Answer = std::function<uint32_t(WinTraceProperties*)>;

  uint32_t StartTrace(uint64_t* session, const char16_t* name, WinTraceProperties*) override {
    const std::lock_guard lock(mutex_);
    if (refused) return kEtwNoResources;
    starts_.push_back(looks);
    *session = ++last_;
    names_[last_] = Utf16ToUtf8(name);
    return kEtwSuccess;
  }
  uint32_t ControlTrace(uint64_t session, const char16_t*, WinTraceProperties* told,
                        TraceControl control) override {
    const std::lock_guard lock(mutex_);
    if (names_[session].find(" rundown ") != std::string::npos) {
      told->events_lost = 5;
      told->real_time_buffers_lost = 3;
    }
    if (control != TraceControl::kQuery) return kEtwSuccess;
    ++queries_;
    return query ? query(told) : kEtwSuccess;
  }
  uint32_t EnableTraceEx2(uint64_t, const Guid&, ProviderControl control, uint8_t, uint64_t,
                          const WinEnableParameters&) override {
    if (control == ProviderControl::kCaptureState) ++captured;
    return kEtwSuccess;
  }

  // Each time that the supervisor looks after its sessions.
  bool IsOver() override {
    ++looks;
    return false;
  }

  // At which look each session was started.
  std::vector<size_t> starts() {
    const std::lock_guard lock(mutex_);
    return starts_;
  }
  // Those of that purpose end, and no other can be had.
  void Kill(const std::string& what) {
    refused = true;
    EndTraces(' ' + what + ' ');
  }
  size_t queries() {
    const std::lock_guard lock(mutex_);
    return queries_;
  }

  Answer query;  // to be set before the start
  std::atomic<bool> refused = false;
  std::atomic<size_t> captured = 0;
  std::atomic<size_t> looks = 0;

 private:
  std::mutex mutex_;
  uint64_t last_ = 0;
  std::map<uint64_t, std::string> names_;  // of sessions
  size_t queries_ = 0;
  std::vector<size_t> starts_;
};

class LiveSourceTest : public testing::Test {
 protected:
  void Start(std::vector<SessionRequest> sessions, bool restart = false) {
    LiveSourceOptions options;
    options.sessions = std::move(sessions);
    options.restart = restart;
    source_ = std::make_unique<LiveSource>(system_, std::move(options));
    const Status status = source_->Start([] {});
    ASSERT_TRUE(status.ok()) << status.message();
  }
  static SessionRequest Kernel() {
    SessionRequest request;
    request.name = "kernel";
    request.kernel_flags = 1;
    return request;
  }
  static SessionRequest Providers() {
    SessionRequest request;
    request.name = "providers";
    request.providers = {{.name = "A", .provider = {1}, .capture_state = true}};
    return request;
  }
  // Only a fault takes two minutes.
  static void Await(const std::function<bool()>& what) {
    const auto until = std::chrono::steady_clock::now() + 2min;
    while (!what()) {
      ASSERT_LT(std::chrono::steady_clock::now(), until);
      std::this_thread::sleep_for(1ms);
    }
  }
  std::vector<std::string> AwaitProblems(size_t count) {
    std::vector<std::string> codes;
    Await([&] {
      for (const Status& problem : source_->TakeProblems()) codes.emplace_back(problem.code());
      return codes.size() >= count;
    });
    return codes;
  }

  std::shared_ptr<ScriptedEtw> system_ = std::make_shared<ScriptedEtw>();
  std::unique_ptr<LiveSource> source_;
};

using Codes = std::vector<std::string>;

// Each time anew: a second and a half lies between the first and the last, though it was there.
TEST_F(LiveSourceTest, ASessionThatIsNotKnownForAMomentNowAndThenGoesOn) {
  system_->query = [queries = 0](WinTraceProperties*) mutable {
    return ++queries % 3 == 1 ? kEtwNoSession : kEtwSuccess;
  };
  Start({Kernel()});
  Await([this] { return system_->queries() >= 9; });
  EXPECT_TRUE(source_->TakeProblems().empty());
}

TEST_F(LiveSourceTest, ASessionThatNeverSaysWhatItHasLostIsToldOfOnce) {
  system_->query = [](WinTraceProperties*) { return kEtwAccessDenied; };
  Start({Kernel()});
  EXPECT_EQ(AwaitProblems(1), Codes{"NUTHATCH_LIVE_LOSSES"});
  const size_t asked = system_->queries();
  EXPECT_GE(asked, 8u) << "not at the first";
  Await([&] { return system_->queries() >= asked + 9; });
  EXPECT_TRUE(source_->TakeProblems().empty());
}

TEST_F(LiveSourceTest, AndAgainOnceItHasAnsweredMeanwhile) {
  system_->query = [queries = 0](WinTraceProperties*) mutable {
    return ++queries % 9 == 0 ? kEtwSuccess : kEtwAccessDenied;
  };
  Start({Kernel()});
  EXPECT_EQ(AwaitProblems(2), Codes(2, "NUTHATCH_LIVE_LOSSES"));
}

TEST_F(LiveSourceTest, WhatARundownHasLostIsCountedToo) {
  Start({Kernel()});
  source_->RunDown();
  Await([this] { return source_->counts().events_lost != 0; });
  EXPECT_EQ(source_->counts().events_lost, 5u);
  EXPECT_EQ(source_->counts().buffers_lost, 3u);
}

TEST_F(LiveSourceTest, WhatRunsIsAskedOfTheSessionsThatThereAre) {
  Start({Kernel(), Providers()}, /*restart=*/true);
  Await([this] { return system_->captured == 1; });
  system_->Kill("providers");
  EXPECT_EQ(AwaitProblems(2), (Codes{"NUTHATCH_LIVE_ENDED", "NUTHATCH_LIVE_SESSION"}));
  source_->RunDown();
  // The logger is refused, too, and so are the tries to start the other session anew.
  bool is_told = false;
  Await([&] {
    for (const Status& problem : source_->TakeProblems())
      is_told = is_told || problem.code() == std::string("NUTHATCH_LIVE_RUNDOWN");
    return is_told;
  });
  EXPECT_EQ(system_->captured, 1u);
}

// One session, which ends again and again.
class RestartTest : public LiveSourceTest {
 protected:
  void Start(std::chrono::steady_clock::duration longest_pause = 30s) {
    LiveSourceOptions options;
    options.sessions = {Providers()};
    options.restart = true;
    options.longest_pause = longest_pause;
    source_ = std::make_unique<LiveSource>(system_, std::move(options));
    const auto on_problem = [this] { ended_at_ = system_->looks.load(); };
    ASSERT_TRUE(source_->Start(on_problem).ok());
  }
  // How many looks lie between its end and its restart.
  size_t EndOne() {
    const size_t starts = system_->starts().size();
    system_->EndTraces();
    Await([&] { return system_->starts().size() > starts; });
    return system_->starts().back() - ended_at_;
  }
  void AwaitLooks(size_t count) const {
    const size_t before = system_->looks;
    Await([&] { return system_->looks >= before + count; });
  }

  std::atomic<size_t> ended_at_ = 0;
};

// Of a quarter of a second from its end, however long it has run.
TEST_F(RestartTest, TheFirstIsAtOnceAndTheNextAfterAPause) {
  Start();
  EXPECT_EQ(EndOne(), 0u);
  AwaitLooks(4);  // that is longer
  EXPECT_GT(EndOne(), 0u);
}

TEST_F(RestartTest, OneThatHasRunForLongIsStartedAnewAtOnce) {
  Start(/*longest_pause=*/250ms);
  for (int i = 0; i < 3; ++i) {
    AwaitLooks(4);
    EXPECT_EQ(EndOne(), 0u);
  }
}

// The system has no memory for what it is asked.
TEST_F(LiveSourceTest, WithoutMemoryItEndsAndSaysSo) {
  constexpr size_t kMuch = size_t{1} << 28;
  auto bytes = std::make_shared<std::vector<uint8_t>>();
  system_->query = [bytes](WinTraceProperties*) {
    bytes->resize(kMuch);
    return kEtwSuccess;
  };
  const AllocationLimit limit(kMuch - 1);
  Start({Kernel()});
  EXPECT_EQ(AwaitProblems(1), Codes{"NUTHATCH_OUT_OF_MEMORY"});
  Await([this] { return source_->queue()->is_done(); });
}

}  // namespace
}  // namespace nuthatch
