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

// Each file is another one after Change. When checks are held, those of "quick" are not.
class VerdictCacheTest : public testing::Test {
 protected:
  void Start(const VerdictCacheOptions& options = {}) {
    const auto verify = [this](const VerifyRequest& request, const std::atomic<bool>& stop) {
      std::unique_lock lock(mutex_);
      const int64_t version = versions_[request.path];
      ++begun_;
      changed_.notify_all();
      while (held_ && request.path != "quick" && !stop)
        changed_.wait_for(lock, std::chrono::milliseconds(1));
      FileVerdict verdict;
      verdict.status = status_;
      verdict.source = source_;
      verdict.good_for = good_for_;
      verdict.identity = FileIdentity{1, 2, 3, version, 5};
      verdict.detail = std::to_string(version);
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
  void AwaitChecks(int begun) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return begun_ == begun; });
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

  uint64_t HitsOfTheSecondQuestion(const VerdictCacheOptions& options) {
    Start(options);
    Await(Ask("a"));
    Await(Ask("a"));
    answers_.clear();
    return cache_->statistics().hits;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  int begun_ = 0;
  SignatureSource source_ = SignatureSource::kEmbedded;
  TrustStatus status_ = TrustStatus::kTrusted;
  std::optional<std::chrono::milliseconds> good_for_;
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
  Ask("what runs");
  AwaitChecks(1);
  const uint64_t first = Ask("a");
  const uint64_t second = Ask("a");
  cache_->Cancel(first);
  Hold(false);
  EXPECT_NE(Await(second), nullptr);
  EXPECT_FALSE(answers_.contains(first));
  EXPECT_EQ(cache_->statistics().coalesced, 1u);
}

TEST_F(VerdictCacheTest, OneWhoAsksWhileAFileIsReadIsToldOfTheOneThatIsThereThen) {
  VerdictCacheOptions options;
  options.pool = {.threads = 1, .queue = 1};
  Hold(true);
  Start(options);
  const uint64_t before = Ask("a");
  AwaitChecks(1);
  Change("a");  // a link leads elsewhere now
  const uint64_t after = Ask("a");
  const uint64_t another = Ask("a");
  ASSERT_NE(Ask("b"), 0u) << "that fills the queue, and refuses nobody a second look";
  Hold(false);
  EXPECT_EQ(Await(before)->detail, "0");
  EXPECT_EQ(Await(after)->detail, "1");
  EXPECT_EQ(Await(another), Await(after)) << "one look for both";
  EXPECT_EQ(cache_->statistics().coalesced, 1u);
}

TEST_F(VerdictCacheTest, OneWhoAsksWhileAFileIsReadGetsThatVerdictIfItIsStillThatFile) {
  Hold(true);
  Start();
  const uint64_t before = Ask("a");
  AwaitChecks(1);
  const uint64_t after = Ask("a");
  cache_->Cancel(before);
  const uint64_t last = Ask("a");
  Hold(false);
  EXPECT_EQ(Await(after), Await(last));
  EXPECT_EQ(verified_, 1);
  EXPECT_EQ(looked_at_, 1);
}

TEST_F(VerdictCacheTest, LateOnesMayGiveUpToo) {
  Hold(true);
  Start();
  const uint64_t before = Ask("a");
  AwaitChecks(1);
  const uint64_t after = Ask("a");
  cache_->Cancel(after);
  cache_->Cancel(before);
  EXPECT_EQ(cache_->statistics().entries, 0u);
}

TEST_F(VerdictCacheTest, ClosingAnswersNobodyWhoCameLate) {
  Hold(true);
  Start();
  Ask("a");
  AwaitChecks(1);
  const uint64_t after = Ask("a");
  cache_->Close();
  cache_->Cancel(after);
  EXPECT_TRUE(answers_.empty());
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

TEST_F(VerdictCacheTest, WhatIsBeingVerifiedTakesNoRoomFromWhatIsKnown) {
  VerdictCacheOptions options;
  options.capacity = 1;
  Hold(true);
  Start(options);
  Ask("a");
  AwaitChecks(1);
  Await(Ask("quick"));
  Await(Ask("quick"));
  EXPECT_EQ(cache_->statistics().hits, 1u);
}

TEST_F(VerdictCacheTest, DoesNotCountFolders) {
  status_ = TrustStatus::kNotRegularFile;
  Start();
  Await(Ask("a folder"));
  EXPECT_EQ(cache_->statistics().misses, 0u);
  EXPECT_EQ(cache_->statistics().finished, 0u);
}

TEST_F(VerdictCacheTest, KeepsNothingThatIsTooOldOrWindowsMayChange) {
  for (const bool keeps : {false, true}) {
    VerdictCacheOptions options;
    options.keeps = keeps;
    options.ttl = std::chrono::milliseconds(keeps ? 0 : 1000);
    EXPECT_EQ(HitsOfTheSecondQuestion(options), 0u);
  }
}

TEST_F(VerdictCacheTest, KeepsNothingThatCatalogsMayChange) {
  VerdictCacheOptions options;
  options.has_catalogs = true;
  EXPECT_EQ(HitsOfTheSecondQuestion(options), 1u) << "for the file bears it";
  source_ = SignatureSource::kCatalog;
  EXPECT_EQ(HitsOfTheSecondQuestion(options), 0u);
  source_ = SignatureSource::kNone;
  EXPECT_EQ(HitsOfTheSecondQuestion(options), 0u);
  options.has_catalogs = false;
  EXPECT_EQ(HitsOfTheSecondQuestion(options), 1u);
  options.has_catalogs = true;
  source_ = SignatureSource::kEmbedded;
  EXPECT_EQ(HitsOfTheSecondQuestion(options), 1u);
  status_ = TrustStatus::kMalformed;
  EXPECT_EQ(HitsOfTheSecondQuestion(options), 0u) << "a catalog that comes may vouch for it";
}

TEST_F(VerdictCacheTest, KeepsNoTrustBeyondTheEndOfACertificate) {
  good_for_ = std::chrono::hours(1);
  EXPECT_EQ(HitsOfTheSecondQuestion({}), 1u);
  good_for_ = std::chrono::milliseconds(0);
  EXPECT_EQ(HitsOfTheSecondQuestion({}), 0u);
}

TEST_F(VerdictCacheTest, KeepsNothingOfAFileThatCouldNotBeVerified) {
  for (const TrustStatus status :
       {TrustStatus::kTimedOut, TrustStatus::kUnstable, TrustStatus::kUnreadable}) {
    status_ = status;
    EXPECT_EQ(HitsOfTheSecondQuestion({}), 0u);
  }
  status_ = TrustStatus::kUnsigned;
  EXPECT_EQ(HitsOfTheSecondQuestion({}), 1u);
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
