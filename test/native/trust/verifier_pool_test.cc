#include "trust/verifier_pool.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace nuthatch {
namespace {

using std::chrono::milliseconds;

// Files are called "now", "slow" (50 ms), "until told" (its thread notices that it shall stop) and
// "stuck" (it does not, until it is let go), and all are unsigned in the end.
class VerifierPoolTest : public testing::Test {
 protected:
  ~VerifierPoolTest() override { LetGo(); }

  VerifierPool& Start(const PoolOptions& options) {
    const auto verify = [this](const VerifyRequest& request, const std::atomic<bool>& stop) {
      std::unique_lock lock(mutex_);
      ++begun_;
      changed_.notify_all();
      if (request.path == "until told") {
        while (!stop) changed_.wait_for(lock, milliseconds(1));
      } else if (request.path == "slow") {
        changed_.wait_for(lock, milliseconds(50), [] { return false; });
      } else if (request.path == "stuck") {
        changed_.wait(lock, [&] { return let_go_; });
      }
      FileVerdict verdict;
      verdict.status = TrustStatus::kUnsigned;
      return verdict;
    };
    pool_ = std::make_unique<VerifierPool>(
        options, [verify] { return verify; },
        [this](uint64_t id, FileVerdict verdict) {
          const std::lock_guard lock(mutex_);
          EXPECT_TRUE(verdicts_.emplace(id, verdict.status).second) << "delivered twice";
          changed_.notify_all();
        });
    return *pool_;
  }
  uint64_t Submit(const std::string& path) { return pool_->Submit({path}).value_or(0); }
  void AwaitBegun(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return begun_ >= count; });
  }
  TrustStatus Await(uint64_t id) {
    std::unique_lock lock(mutex_);
    const auto answered = [&] { return verdicts_.contains(id); };
    // Else a test of many files would wait as often.
    if (!changed_.wait_for(lock, std::chrono::seconds(60), answered))
      throw std::runtime_error("nobody answers");
    return verdicts_[id];
  }
  int begun() {
    const std::lock_guard lock(mutex_);
    return begun_;
  }
  size_t delivered() {
    const std::lock_guard lock(mutex_);
    return verdicts_.size();
  }
  void LetGo() {
    const std::lock_guard lock(mutex_);
    let_go_ = true;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<uint64_t, TrustStatus> verdicts_;
  int begun_ = 0;
  bool let_go_ = false;
  std::unique_ptr<VerifierPool> pool_;
};

TEST_F(VerifierPoolTest, DeliversEachOnce) {
  Start({.threads = 2});
  std::vector<uint64_t> ids;
  for (int i = 0; i < 500; ++i) ids.push_back(Submit("now"));
  for (const uint64_t id : ids) EXPECT_EQ(Await(id), TrustStatus::kUnsigned);
  EXPECT_EQ(pool_->statistics().verified, 500u);
  EXPECT_EQ(pool_->statistics().queued, 0u);
}

TEST_F(VerifierPoolTest, DropsWhatThereIsNoRoomFor) {
  Start({.threads = 1, .queue = 2});
  const uint64_t running = Submit("until told");
  AwaitBegun(1);
  const uint64_t first = Submit("now");
  const uint64_t second = Submit("now");
  EXPECT_EQ(Submit("now"), 0u);
  EXPECT_EQ(pool_->statistics().dropped, 1u);
  EXPECT_EQ(pool_->statistics().queued, 2u);
  pool_->Cancel(running);
  EXPECT_EQ(Await(first), TrustStatus::kUnsigned);
  EXPECT_EQ(Await(second), TrustStatus::kUnsigned);
  EXPECT_EQ(delivered(), 2u) << "and nothing of what was cancelled";
}

TEST_F(VerifierPoolTest, WhatIsCancelledWhileItWaitsIsNotBegun) {
  Start({.threads = 1});
  const uint64_t running = Submit("until told");
  AwaitBegun(1);
  pool_->Cancel(Submit("until told"));
  const uint64_t last = Submit("now");
  pool_->Cancel(running);
  EXPECT_EQ(Await(last), TrustStatus::kUnsigned);
  EXPECT_EQ(begun_, 2);
}

TEST_F(VerifierPoolTest, WhatTakesTooLongIsTold) {
  Start({.threads = 1, .deadline = milliseconds(500)});
  EXPECT_EQ(Await(Submit("until told")), TrustStatus::kTimedOut);
  EXPECT_EQ(pool_->statistics().timed_out, 1u);
  EXPECT_EQ(Await(Submit("now")), TrustStatus::kUnsigned);
}

TEST_F(VerifierPoolTest, AThreadThatTheSystemKeepsIsReplaced) {
  Start({.threads = 1, .deadline = milliseconds(500)});
  EXPECT_EQ(Await(Submit("stuck")), TrustStatus::kTimedOut);
  EXPECT_EQ(Await(Submit("stuck")), TrustStatus::kTimedOut);
  // Another thread may take a moment to come.
  EXPECT_EQ(Await(Submit("now")), TrustStatus::kUnsigned);
  LetGo();
  while (pool_->statistics().running > 0) std::this_thread::yield();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Await(Submit("now")), TrustStatus::kUnsigned);
  EXPECT_EQ(delivered(), 23u);
}

TEST_F(VerifierPoolTest, ThereIsAnEndToReplacing) {
  Start({.threads = 1, .deadline = milliseconds(10)});
  // On a busy machine one may be late before a thread has come to it, and keeps none.
  while (begun() < 6) EXPECT_EQ(Await(Submit("stuck")), TrustStatus::kTimedOut);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Await(Submit("stuck")), TrustStatus::kTimedOut);
  EXPECT_EQ(pool_->statistics().running, 6u);
  EXPECT_EQ(Await(Submit("now")), TrustStatus::kTimedOut) << "nobody is left to do it";
}

TEST_F(VerifierPoolTest, AFilesTimeMayBeginWhenItsTurnComes) {
  Start({.threads = 1, .deadline = milliseconds(1000), .deadline_from_submission = false});
  std::vector<uint64_t> ids;
  for (int i = 0; i < 40; ++i) ids.push_back(Submit("slow"));  // 2 s in all
  ids.push_back(Submit("now"));
  for (const uint64_t id : ids) EXPECT_EQ(Await(id), TrustStatus::kUnsigned);
  EXPECT_EQ(Await(Submit("until told")), TrustStatus::kTimedOut);
}

TEST_F(VerifierPoolTest, WhereNoThreadIsLeftWhatWaitsForItsTurnIsLateToo) {
  Start({.threads = 1, .deadline = milliseconds(10), .deadline_from_submission = false});
  std::vector<uint64_t> ids;
  for (int i = 0; i < 10; ++i) ids.push_back(Submit("stuck"));
  for (const uint64_t id : ids) EXPECT_EQ(Await(id), TrustStatus::kTimedOut);
  EXPECT_EQ(Await(Submit("now")), TrustStatus::kTimedOut);
}

TEST_F(VerifierPoolTest, ClosedItDeliversNothingMore) {
  Start({.threads = 2});
  Submit("until told");
  Submit("until told");
  AwaitBegun(2);
  Submit("now");
  pool_->Close();
  EXPECT_EQ(delivered(), 0u);
  EXPECT_EQ(Submit("now"), 0u);
}

TEST_F(VerifierPoolTest, ClosingDoesNotWaitForAThreadThatTheSystemKeeps) {
  Start({.threads = 1});
  Submit("stuck");
  AwaitBegun(1);
  pool_->Close();
  EXPECT_EQ(delivered(), 0u);
  LetGo();
  // Its thread uses this test, until it has noticed.
  while (pool_->statistics().running > 0) std::this_thread::yield();
}

}  // namespace
}  // namespace nuthatch
