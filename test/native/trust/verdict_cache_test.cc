#include "trust/verdict_cache.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace nuthatch {
namespace {

// Each file is another one after Change.
class VerdictCacheTest : public testing::Test {
 protected:
  void Start(const VerdictCacheOptions& options = {}) {
    const auto verify = [this](const VerifyRequest& request, const std::atomic<bool>& stop) {
      std::unique_lock lock(mutex_);
      while (held_ && !stop) changed_.wait_for(lock, std::chrono::milliseconds(1));
      FileVerdict verdict;
      verdict.status = TrustStatus::kTrusted;
      verdict.source = SignatureSource::kEmbedded;
      verdict.identity = FileIdentity{1, 2, 3, versions_[request.path], 5};
      verdict.detail = std::to_string(versions_[request.path]);
      if (request.unless == verdict.identity) {
        verdict = FileVerdict();
        verdict.unchanged = true;
      }
      ++(verdict.unchanged ? looked_at_ : verified_);
      return verdict;
    };
    cache_ = std::make_unique<VerdictCache>(
        options, [verify] { return verify; },
        [this](uint64_t question, const VerdictCache::Verdict& verdict) {
          const std::lock_guard lock(mutex_);
          EXPECT_TRUE(answers_.emplace(question, verdict).second) << "answered twice";
          changed_.notify_all();
        });
  }
  void Hold(bool held) {
    const std::lock_guard lock(mutex_);
    held_ = held;
  }
  void Change(const std::string& path) {
    const std::lock_guard lock(mutex_);
    ++versions_[path];
  }
  uint64_t Ask(const std::string& path) { return cache_->Ask(path, true).value_or(0); }
  VerdictCache::Verdict Await(uint64_t question) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return answers_.contains(question); });
    return answers_[question];
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  std::map<std::string, int64_t> versions_;
  int verified_ = 0;
  int looked_at_ = 0;
  std::map<uint64_t, VerdictCache::Verdict> answers_;
  std::unique_ptr<VerdictCache> cache_;
};

TEST_F(VerdictCacheTest, VerifiesAFileAnewOnlyWhenItIsAnotherOne) {
  Start();
  const VerdictCache::Verdict first = Await(Ask("a"));
  EXPECT_EQ(Await(Ask("a")), first) << "all of it, and no copy";
  Change("a");
  EXPECT_EQ(Await(Ask("a"))->detail, "1");
  EXPECT_EQ(verified_, 2);
  EXPECT_EQ(looked_at_, 1);
  const VerdictCacheStatistics statistics = cache_->statistics();
  EXPECT_EQ(statistics.hits, 1u);
  EXPECT_EQ(statistics.misses, 2u);
  EXPECT_EQ(statistics.finished, 3u);
}

TEST_F(VerdictCacheTest, OneWhoGivesUpLeavesTheOthersTheirAnswer) {
  VerdictCacheOptions options;
  options.pool = {.threads = 1, .queue = 1};
  Hold(true);
  Start(options);
  const uint64_t first = Ask("a");
  const uint64_t second = Ask("a");
  cache_->Cancel(first);
  Hold(false);
  EXPECT_NE(Await(second), nullptr);
  EXPECT_FALSE(answers_.contains(first));
  EXPECT_EQ(cache_->statistics().coalesced, 1u);
}

TEST_F(VerdictCacheTest, WhatAllHaveGivenUpIsForgotten) {
  Hold(true);
  Start();
  for (int i = 0; i < 100; ++i) cache_->Cancel(Ask(std::to_string(i)));
  EXPECT_EQ(cache_->statistics().entries, 0u);
  Hold(false);
  EXPECT_NE(Await(Ask("1")), nullptr);
}

TEST_F(VerdictCacheTest, KeepsThoseThatWereUsedLast) {
  VerdictCacheOptions options;
  options.capacity = 10;
  Start(options);
  for (int i = 0; i < 50; ++i) {
    Await(Ask(std::to_string(i)));
    Await(Ask("0"));
  }
  EXPECT_EQ(cache_->statistics().entries, 10u);
  EXPECT_EQ(verified_, 50);
}

TEST_F(VerdictCacheTest, KeepsNothingThatCatalogsOrWindowsMayChange) {
  for (const bool keeps : {false, true}) {
    VerdictCacheOptions options;
    options.keeps = keeps;
    options.ttl = std::chrono::milliseconds(keeps ? 0 : 1000);
    Start(options);
    Await(Ask("a"));
    Await(Ask("a"));
    EXPECT_EQ(cache_->statistics().hits, 0u) << "or that is too old";
    answers_.clear();
  }
}

TEST_F(VerdictCacheTest, AnswersEachOnceWhoeverAsksAndGivesUpAtOnce) {
  VerdictCacheOptions options;
  options.capacity = 4;
  options.pool = {.threads = 2, .queue = 8};
  Start(options);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 3; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 500; ++i) {
        const std::string path = std::to_string((i * 7 + thread) % 12);
        const uint64_t question = Ask(path);
        if (i % 5 == 0) Change(path);
        if (question == 0) continue;
        if (i % 3 == 0) {
          cache_->Cancel(question);
        } else {
          EXPECT_NE(Await(question), nullptr);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(cache_->statistics().entries, 4u + 2u + 8u);
}

}  // namespace
}  // namespace nuthatch
