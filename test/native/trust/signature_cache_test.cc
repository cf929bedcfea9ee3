#include "trust/signature_cache.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <barrier>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace nuthatch {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

std::atomic<int64_t> clock_now{0};
int64_t Now() { return clock_now; }
void Pass(std::chrono::nanoseconds time) { clock_now += time.count(); }

// Files are by their paths; what is not among them is gone. Checks of a path that is held wait
// until it is let go, and then read the file as it was when they began.
class SignatureCacheTest : public testing::Test {
 protected:
  ~SignatureCacheTest() override { LetGo(); }

  SignatureCache& Start(SignatureCacheOptions options = {}) {
    options.now = Now;
    cache_ = nullptr;
    answered_.clear();
    const auto verify = [this](const VerifyRequest& request, const std::atomic<bool>& stop) {
      return Verify(request, stop);
    };
    cache_ = std::make_unique<SignatureCache>(
        options, [verify] { return verify; },
        [this](uint64_t flight) {
          const std::lock_guard lock(mutex_);
          EXPECT_TRUE(answered_.insert(flight).second) << "answered twice";
          changed_.notify_all();
        });
    return *cache_;
  }

  FileVerdict Verify(const VerifyRequest& request, const std::atomic<bool>& stop) {
    std::unique_lock lock(mutex_);
    ++checks_[request.path];
    FileVerdict verdict;
    const auto file = files_.find(request.path);
    verdict.status = file == files_.end() ? TrustStatus::kFileGone : file->second.status;
    verdict.identity = file == files_.end() ? FileIdentity() : file->second.identity;
    if (file != files_.end()) {
      verdict.generation = file->second.generation;
      verdict.good_for = file->second.good_for;
    }
    verdict.unchanged =
        request.unless == verdict.identity && request.generation == verdict.generation;
    ++begun_;
    changed_.notify_all();
    while (held_.contains(request.path) && !stop) changed_.wait_for(lock, milliseconds(1));
    lock.unlock();
    if (during_check_) during_check_();
    return verdict;
  }

  void Put(const std::string& path, TrustStatus status) {
    const std::lock_guard lock(mutex_);
    files_[path] = {status, FileIdentity{1, 2, 3, ++writes_, 5}};
  }
  void Hold(const std::string& path) {
    const std::lock_guard lock(mutex_);
    held_.insert(path);
  }
  void LetGo() {
    const std::lock_guard lock(mutex_);
    held_.clear();
    changed_.notify_all();
  }
  void LetGo(const std::string& path) {
    const std::lock_guard lock(mutex_);
    held_.erase(path);
    changed_.notify_all();
  }
  void AwaitBegun(int count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, seconds(60), [&] { return begun_ >= count; }));
  }
  void AwaitAnswers(size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, seconds(60), [&] { return answered_.size() >= count; }));
  }
  int ChecksOf(const std::string& path) {
    const std::lock_guard lock(mutex_);
    return checks_[path];
  }
  // Its status once there is one.
  TrustStatus Await(const ImageKey& key) {
    for (;;) {
      const SignatureCache::Found found = cache_->Find(key);
      if (found.verdict) return found.verdict->status;
      std::unique_lock lock(mutex_);
      const auto answered = [&] { return answered_.contains(found.flight); };
      if (changed_.wait_for(lock, seconds(60), answered)) continue;
      ADD_FAILURE() << key.path << ": nobody answers";
      return TrustStatus::kDropped;
    }
  }
  // For answers that are looked at again while others are given out.
  void AwaitChange(const ImageKey& key, TrustStatus status) {
    while (Await(key) != status) std::this_thread::yield();
  }
  void AwaitRefreshed(uint64_t count) {
    while (cache_->statistics().refreshed < count) std::this_thread::yield();
  }

  SignatureCache& StartWithOneThread() {
    SignatureCacheOptions options;
    options.pool.threads = 1;
    return Start(options);
  }
  // With one thread: those that have begun before have ended when another has.
  void AwaitAllChecks() { Await({"another" + std::to_string(++others_)}); }

  struct File {
    TrustStatus status;
    FileIdentity identity;
    std::optional<uint64_t> generation = {};
    std::optional<milliseconds> good_for = {};
  };
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, File> files_;
  std::set<std::string> held_;
  std::map<std::string, int> checks_;
  std::set<uint64_t> answered_;
  int64_t writes_ = 0;
  int begun_ = 0;
  int others_ = 0;
  std::function<void()> during_check_;
  std::unique_ptr<SignatureCache> cache_;
};

constexpr auto kTrusted = TrustStatus::kTrusted;
constexpr auto kUnsigned = TrustStatus::kUnsigned;
constexpr auto kFileGone = TrustStatus::kFileGone;

TEST_F(SignatureCacheTest, VerifiesAFileOnceForAllWhoAsk) {
  Put("a.dll", kTrusted);
  Hold("a.dll");
  Start();
  const uint64_t flight = cache_->Find({"a.dll"}).flight;
  EXPECT_NE(flight, 0u);
  for (int i = 0; i < 9; ++i) EXPECT_EQ(cache_->Find({"a.dll"}).flight, flight);
  LetGo();
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  EXPECT_EQ(ChecksOf("a.dll"), 1);
  const SignatureCacheStatistics statistics = cache_->statistics();
  EXPECT_EQ(statistics.misses, 1u);
  EXPECT_GE(statistics.coalesced, 9u);
  EXPECT_GE(statistics.hits, 2u);
  EXPECT_EQ(statistics.entries, 1u);
  EXPECT_EQ(statistics.finished, 1u);
}

// Threads that have all found nothing, and then begin, must find the promise of the first.
TEST_F(SignatureCacheTest, VerifiesAFileOnceForAHerd) {
  constexpr int kThreads = 2;
  constexpr int kFiles = 10000;
  Start();
  std::barrier together(kThreads);
  const auto ask = [&] {
    for (int i = 0; i < kFiles; ++i) {
      const std::string path = std::to_string(i);
      together.arrive_and_wait();
      Await({path});
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(ask);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(cache_->statistics().misses, uint64_t{kFiles});
  EXPECT_EQ(begun_, kFiles);
}

// The key has no base address: an image that is loaded somewhere else each time is the same one.
TEST_F(SignatureCacheTest, KnowsAnImageHoweverItsPathIsWritten) {
  const ImageNumbers numbers{0x5f000000, 0x1234, 0x40000};
  Put(R"(C:\Windows\a.dll)", kTrusted);
  Start();
  EXPECT_EQ(Await({R"(C:\Windows\a.dll)", numbers}), kTrusted);
  EXPECT_EQ(Await({R"(c:\WINDOWS\A.DLL)", numbers}), kTrusted);
  EXPECT_EQ(Await({R"(\??\C:\Windows\a.dll)", numbers}), kTrusted);
  EXPECT_EQ(Await({R"(\\?\C:/Windows/a.dll)", numbers}), kTrusted);
  EXPECT_EQ(Await({R"(\SystemRoot\a.dll)", numbers}), kTrusted);
  EXPECT_EQ(cache_->statistics().misses, 1u);
}

TEST_F(SignatureCacheTest, DisksAreApartUnlessTheyAreSaidToBeOne) {
  const std::string path = R"(\Device\HarddiskVolume3\a.dll)";
  Put(path, kTrusted);
  Put(R"(C:\a.dll)", kUnsigned);
  Start();
  EXPECT_EQ(Await({path}), kTrusted);
  EXPECT_EQ(Await({R"(C:\a.dll)"}), kUnsigned);
}

TEST_F(SignatureCacheTest, TheFirstDiskThatIsAskedForIsC) {
  const std::string windows = R"(\Device\HarddiskVolume3\a.dll)";
  const std::string another = R"(\Device\HarddiskVolume5\a.dll)";
  Put(windows, kTrusted);
  Put(another, kUnsigned);
  SignatureCacheOptions options;
  options.windows_volume = std::make_shared<WindowsVolume>();
  Start(options);
  cache_->Invalidate(another);  // nothing is asked of it
  EXPECT_EQ(Await({windows}), kTrusted);
  EXPECT_EQ(Await({R"(C:\a.dll)"}), kTrusted);
  EXPECT_EQ(Await({R"(\\?\GLOBALROOT\Device\HarddiskVolume3\a.dll)"}), kTrusted);
  EXPECT_EQ(cache_->statistics().misses, 1u);
  EXPECT_EQ(Await({another}), kUnsigned);
}

TEST_F(SignatureCacheTest, WhoKnowsWindowsDiskSaysIt) {
  Put(R"(C:\a.dll)", kTrusted);
  SignatureCacheOptions options;
  options.windows_volume = std::make_shared<WindowsVolume>();
  Start(options);
  cache_->SayWindowsVolume(R"(\Device\HarddiskVolume3\)");
  EXPECT_EQ(Await({R"(\Device\HarddiskVolume5\a.dll)"}), kFileGone);
  EXPECT_EQ(Await({R"(C:\a.dll)"}), kTrusted);
  EXPECT_EQ(Await({R"(\Device\HarddiskVolume3\a.dll)"}), kTrusted);
}

TEST_F(SignatureCacheTest, DropsAnImageByAnyOfTheWaysToWriteItsPath) {
  const std::string path = R"(C:\Windows\a.dll)";
  SignatureCacheOptions options;
  options.windows_volume = std::make_shared<WindowsVolume>(3);
  Start(options);
  for (const char* const other :
       {R"(\??\c:\windows\A.DLL)", R"(\SystemRoot\a.dll)", R"(\\?\C:/Windows/a.dll)",
        R"(\GLOBAL??\C:\Windows\a.dll)", R"(\DosDevices\C:\Windows\a.dll)",
        R"(\\.\C:\Windows\a.dll)", R"(\Device\HarddiskVolume3\windows\a.dll)"}) {
    Put(path, kTrusted);
    EXPECT_EQ(Await({path}), kTrusted);
    Put(path, kUnsigned);
    cache_->Invalidate(other);
    EXPECT_EQ(Await({path}), kUnsigned) << other;
    cache_->Invalidate(path);
  }
}

TEST_F(SignatureCacheTest, TellsImagesOfOnePathApartByTheirHeaders) {
  Put("a.dll", kTrusted);
  Start();
  const std::vector<ImageNumbers> all = {{1, 2, 3}, {9, 2, 3}, {1, 9, 3}, {1, 2, 9}, {}};
  for (const ImageNumbers& numbers : all) EXPECT_EQ(Await({"a.dll", numbers}), kTrusted);
  EXPECT_EQ(ChecksOf("a.dll"), 5);
  Put("a.dll", kUnsigned);
  cache_->Invalidate("A.dll");
  for (const ImageNumbers& numbers : all) EXPECT_EQ(Await({"a.dll", numbers}), kUnsigned);
}

TEST_F(SignatureCacheTest, HasNoMoreImagesOfAPathThanItMay) {
  Put("a.dll", kTrusted);
  Start();
  uint64_t most = 0;
  for (uint32_t i = 1; i <= 1000; ++i) {
    EXPECT_EQ(Await({"a.dll", {i, 0, 0}}), kTrusted);
    most = std::max(most, cache_->statistics().entries);
  }
  EXPECT_EQ(most, 16u);
}

TEST_F(SignatureCacheTest, WhatAProcessLoadsSaysNothingOfTheProcess) {
  Put(R"(C:\host.exe)", kUnsigned);
  Put(R"(C:\module.dll)", kTrusted);
  Start();
  EXPECT_EQ(Await({R"(C:\module.dll)", {1, 2, 3}}), kTrusted);
  EXPECT_EQ(Await({R"(C:\host.exe)"}), kUnsigned);
}

// A check that was under way when the file was overwritten is of neither.
TEST_F(SignatureCacheTest, NeverPutsBackWhatWasFoundOutBeforeAnOverwrite) {
  Put("a.dll", kTrusted);
  Hold("a.dll");
  Start();
  const uint64_t flight = cache_->Find({"a.dll"}).flight;
  AwaitBegun(1);
  Put("a.dll", TrustStatus::kBadDigest);
  cache_->Invalidate("a.dll");
  EXPECT_EQ(cache_->Find({"a.dll"}).flight, flight) << "who asks now waits for the same answer";
  LetGo();
  EXPECT_EQ(Await({"a.dll"}), TrustStatus::kBadDigest);
  EXPECT_EQ(ChecksOf("a.dll"), 2);
  EXPECT_EQ(cache_->statistics().repeated, 1u);
}

TEST_F(SignatureCacheTest, AFileThatChangesAgainAndAgainIsUnstable) {
  std::atomic<bool> changing{true};
  during_check_ = [&] {
    if (changing) cache_->Invalidate("a.dll");
  };
  Put("a.dll", kTrusted);
  Start();
  EXPECT_EQ(Await({"a.dll"}), TrustStatus::kUnstable);
  EXPECT_EQ(ChecksOf("a.dll"), 4);
  changing = false;
  Pass(seconds(3));
  EXPECT_EQ(Await({"a.dll"}), kTrusted) << "which is soon forgotten";
}

TEST_F(SignatureCacheTest, AFileThatIsGoneIsNotUnstableHoweverOftenItChanged) {
  during_check_ = [&] { cache_->Invalidate("a.dll"); };
  Start();
  EXPECT_EQ(Await({"a.dll"}), kFileGone);
}

TEST_F(SignatureCacheTest, NeverTakesALockedFileForUnsignedNorForLong) {
  const TrustStatus errors[] = {TrustStatus::kLocked,     TrustStatus::kFileGone,
                                TrustStatus::kUnreadable, TrustStatus::kPermissionDenied,
                                TrustStatus::kUnstable,   TrustStatus::kTimedOut};
  Start();
  for (const TrustStatus error : errors) {
    Put("a.dll", error);
    EXPECT_EQ(Await({"a.dll"}), error);
    Put("a.dll", kTrusted);
    Pass(milliseconds(1900));
    EXPECT_EQ(Await({"a.dll"}), error) << "not asked for again and again";
    Pass(milliseconds(200));
    EXPECT_EQ(Await({"a.dll"}), kTrusted);
    cache_->Invalidate("a.dll");
  }
}

TEST_F(SignatureCacheTest, LooksAgainInTheBackgroundWhetherItIsTheSameFile) {
  Put("a.dll", kTrusted);
  Start();
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  Pass(seconds(61));
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  AwaitRefreshed(1);
  EXPECT_EQ(ChecksOf("a.dll"), 2);
  Pass(seconds(59));
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  EXPECT_EQ(ChecksOf("a.dll"), 2) << "not before the next minute";

  Put("a.dll", kUnsigned);  // and no event has told
  Pass(seconds(61));
  EXPECT_EQ(Await({"a.dll"}), kTrusted) << "at once, by what is known";
  AwaitChange({"a.dll"}, kUnsigned);
}

TEST_F(SignatureCacheTest, KeepsAnAnswerForAWhileWhenItsFileCannotBeLookedAt) {
  for (const TrustStatus error :
       {TrustStatus::kLocked, TrustStatus::kPermissionDenied, TrustStatus::kTimedOut,
        TrustStatus::kDropped, TrustStatus::kUnreadable}) {
    Put("a.dll", kTrusted);
    StartWithOneThread();
    EXPECT_EQ(Await({"a.dll"}), kTrusted);
    Put("a.dll", error);
    for (const seconds time : {seconds(61), seconds(3), seconds(56)}) {
      Pass(time);
      EXPECT_EQ(Await({"a.dll"}), kTrusted) << NameOf(error);
      AwaitAllChecks();
    }
    Pass(seconds(2));
    EXPECT_EQ(Await({"a.dll"}), error) << "a minute after the first look that failed";
  }
}

TEST_F(SignatureCacheTest, KeepsAnAnswerOnceItsFileCanBeLookedAtAgain) {
  Put("a.dll", kTrusted);
  const File before = files_["a.dll"];
  StartWithOneThread();
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  Put("a.dll", TrustStatus::kLocked);
  Pass(seconds(61));
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  AwaitAllChecks();
  {
    const std::lock_guard lock(mutex_);
    files_["a.dll"] = before;
  }
  Pass(seconds(3));
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  AwaitAllChecks();
  EXPECT_EQ(cache_->statistics().refreshed, 1u);
  const uint64_t misses = cache_->statistics().misses;
  Pass(minutes(58));
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  EXPECT_EQ(cache_->statistics().misses, misses);
  Pass(minutes(1));
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  EXPECT_EQ(cache_->statistics().misses, misses + 1) << "but for no longer than any answer";
}

TEST_F(SignatureCacheTest, KeepsNoAnswerOfWhatIsAnotherFileNow) {
  Start();
  for (const TrustStatus other :
       {TrustStatus::kTooLarge, TrustStatus::kImageMismatch, TrustStatus::kUnstable,
        TrustStatus::kNotRegularFile, kFileGone, TrustStatus::kBadDigest}) {
    const std::string path = NameOf(other);
    Put(path, kTrusted);
    EXPECT_EQ(Await({path}), kTrusted);
    Put(path, other);  // and no event has told
    Pass(seconds(61));
    EXPECT_EQ(Await({path}), kTrusted) << path;
    AwaitChange({path}, other);
  }
}

TEST_F(SignatureCacheTest, AnswersThoseWhoJoinedWhateverHasBecomeOfTheAnswer) {
  SignatureCacheOptions options;
  options.error_ttl = milliseconds(0);
  Hold("a.dll");
  Start(options);
  const SignatureCache::Found found = cache_->Find({"a.dll"});
  const SignatureCache::Found joined = cache_->Find({"a.dll"});
  EXPECT_EQ(found.promise->kept().verdict, nullptr);
  LetGo();
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return answered_.contains(found.flight); });
  }
  EXPECT_EQ(found.promise->kept().verdict->status, kFileGone);
  EXPECT_EQ(joined.promise->kept().verdict->status, kFileGone);
  EXPECT_FALSE(cache_->Find({"a.dll"}).verdict) << "which is not kept for anybody else";
}

TEST_F(SignatureCacheTest, LookingAgainDoesNotBringBackWhatWasDropped) {
  Put("a.dll", kTrusted);
  Start();
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  Pass(seconds(61));
  Hold("a.dll");
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  AwaitBegun(2);
  cache_->Invalidate("a.dll");
  files_.erase("a.dll");
  EXPECT_NE(cache_->Find({"a.dll"}).flight, 0u);
  LetGo();
  EXPECT_EQ(Await({"a.dll"}), kFileGone);
}

TEST_F(SignatureCacheTest, LookingAgainDoesNotAnswerACheckThatHasBegunSince) {
  Put("a.dll", kTrusted);
  SignatureCacheOptions options;
  options.pool.threads = 1;
  during_check_ = [this] { Hold("a.dll"); };  // the one after it waits
  Start(options);
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  Put("a.dll", TrustStatus::kExpired);  // and no event has told
  Pass(seconds(61));
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  AwaitBegun(2);
  Put("a.dll", kUnsigned);
  cache_->Invalidate("a.dll");
  const uint64_t flight = cache_->Find({"a.dll"}).flight;
  LetGo();
  AwaitBegun(3);  // with one thread what has looked again has ended
  const SignatureCache::Found found = cache_->Find({"a.dll"});
  EXPECT_FALSE(found.verdict);
  EXPECT_EQ(found.flight, flight);
  LetGo();
  EXPECT_EQ(Await({"a.dll"}), kUnsigned);
}

TEST_F(SignatureCacheTest, VerifiesAnewAfterAnHour) {
  Put("a.dll", kTrusted);
  Start();
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  Pass(hours(1));
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  EXPECT_EQ(ChecksOf("a.dll"), 2);
  EXPECT_EQ(cache_->statistics().misses, 2u);
}

// Updates of Windows install files, and then the catalog that vouches for them.
TEST_F(SignatureCacheTest, SeesSoonThatACatalogVouchesForAFile) {
  for (const TrustStatus before : {kUnsigned, TrustStatus::kUntrustedRoot}) {
    Put("a.dll", before);
    files_["a.dll"].generation = 1;
    Start();
    EXPECT_EQ(Await({"a.dll"}), before);
    Pass(seconds(29));
    EXPECT_EQ(Await({"a.dll"}), before);
    files_["a.dll"].status = kTrusted;  // the same file
    files_["a.dll"].generation = 2;
    Pass(seconds(1));
    EXPECT_EQ(Await({"a.dll"}), kTrusted);
  }
}

TEST_F(SignatureCacheTest, WhatNoCatalogCanBetterIsKept) {
  Put("a.dll", kUnsigned);
  Start();
  EXPECT_EQ(Await({"a.dll"}), kUnsigned);
  Pass(minutes(59));
  EXPECT_EQ(Await({"a.dll"}), kUnsigned);
  EXPECT_EQ(cache_->statistics().misses, 1u);
}

TEST_F(SignatureCacheTest, LooksAgainInTheBackgroundWhetherTheCatalogsAreTheSame) {
  Put("a.dll", kTrusted);
  files_["a.dll"].generation = 1;
  Start();
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  files_["a.dll"].status = kUnsigned;  // its catalog has gone
  files_["a.dll"].generation = 2;
  Pass(seconds(61));
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  AwaitChange({"a.dll"}, kUnsigned);
}

TEST_F(SignatureCacheTest, TrustsNobodyForLongerThanTheCertificateIsGood) {
  Put("a.dll", kTrusted);
  files_["a.dll"].good_for = minutes(10);
  StartWithOneThread();
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  files_["a.dll"].status = TrustStatus::kExpired;
  Pass(minutes(9));
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  AwaitRefreshed(1);  // the file is the same
  Pass(minutes(1));
  EXPECT_EQ(Await({"a.dll"}), TrustStatus::kExpired);
}

TEST_F(SignatureCacheTest, AsksOfACertificateThatIsAboutToExpireNoMoreOftenThanOfErrors) {
  Put("a.dll", kTrusted);
  files_["a.dll"].good_for = milliseconds(1);
  Start();
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  Pass(milliseconds(1900));
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  EXPECT_EQ(ChecksOf("a.dll"), 1);
  Pass(milliseconds(200));
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  EXPECT_EQ(ChecksOf("a.dll"), 2);
}

TEST_F(SignatureCacheTest, ForgetsWhatWasUsedLongestAgo) {
  SignatureCacheOptions options;
  options.capacity = size_t{128} * 4;
  Start(options);
  const auto path = [](int i) { return "file" + std::to_string(i); };
  // So many that each shard has some more than it has room for, whatever their hashes are.
  constexpr int kFiles = 4000;
  for (int i = 0; i < kFiles; ++i) Put(path(i), kTrusted);
  for (int i = 0; i < kFiles; ++i) {
    Pass(milliseconds(1));
    EXPECT_EQ(Await({path(i)}), kTrusted);
    EXPECT_EQ(Await({path(7)}), kTrusted);
    Pass(milliseconds(1));
  }
  const SignatureCacheStatistics statistics = cache_->statistics();
  EXPECT_LE(statistics.entries, options.capacity);
  EXPECT_GT(statistics.entries, options.capacity * 3 / 4);
  EXPECT_GE(statistics.evicted, kFiles - options.capacity);
  EXPECT_EQ(ChecksOf(path(7)), 1) << "it was always in use";
  EXPECT_EQ(Await({path(8)}), kTrusted);
  EXPECT_EQ(ChecksOf(path(8)), 2) << "it was not";
}

TEST_F(SignatureCacheTest, DropsAndCountsWhatThereIsNoRoomFor) {
  SignatureCacheOptions options;
  options.pool = {.threads = 1, .queue = 2};
  Put("a.dll", kTrusted);
  Hold("a.dll");
  Start(options);
  cache_->Find({"a.dll"});
  AwaitBegun(1);
  cache_->Find({"b.dll"});
  cache_->Find({"c.dll"});
  EXPECT_EQ(cache_->Find({"d.dll"}).verdict->status, TrustStatus::kDropped);
  EXPECT_EQ(cache_->Find({"d.dll"}).verdict->status, TrustStatus::kDropped);
  cache_->Prewarm({"e.dll"});
  EXPECT_EQ(cache_->statistics().dropped, 1u) << "what is only likely to be asked for can wait";
  LetGo();
  Put("d.dll", kTrusted);
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  while (cache_->statistics().queued > 0) std::this_thread::yield();
  Pass(seconds(3));
  EXPECT_EQ(Await({"d.dll"}), kTrusted);
}

TEST_F(SignatureCacheTest, AChangedFileIsCheckedAgainHoweverManyWait) {
  SignatureCacheOptions options;
  options.pool = {.threads = 1, .queue = 1};
  Put("a.dll", kTrusted);
  Hold("a.dll");
  Start(options);
  EXPECT_NE(cache_->Find({"a.dll"}).flight, 0u);
  AwaitBegun(1);
  EXPECT_NE(cache_->Find({"b.dll"}).flight, 0u);
  Put("a.dll", kUnsigned);
  cache_->Invalidate("a.dll");
  LetGo();
  EXPECT_EQ(Await({"a.dll"}), kUnsigned);
  EXPECT_EQ(cache_->statistics().repeated, 1u);
  EXPECT_EQ(cache_->statistics().dropped, 0u);
}

// A file may change between the promise of its check and the news that there is no room for it.
TEST_F(SignatureCacheTest, AnswersWhatThereIsNoRoomForAlsoWhenItsFileChangesJustThen) {
  SignatureCacheOptions options;
  options.pool = {.threads = 1, .queue = 1};
  Hold("a.dll");
  Start(options);
  cache_->Find({"a.dll"});
  AwaitBegun(1);
  cache_->Find({"b.dll"});
  std::atomic<bool> done{false};
  std::thread writer([&] {
    while (!done) cache_->Invalidate("c.dll");
  });
  for (int i = 0; i < 20000; ++i) {
    const SignatureCache::Found found = cache_->Find({"c.dll"});
    if (found.verdict == nullptr) ADD_FAILURE() << "it waits for ever, in round " << i;
    if (found.verdict == nullptr) break;
    EXPECT_EQ(found.verdict->status, TrustStatus::kDropped);
  }
  done = true;
  writer.join();
}

TEST_F(SignatureCacheTest, AServerThatIsNotThereHoldsUpNobodyElse) {
  SignatureCacheOptions options;
  options.pool = options.network = {.threads = 1, .queue = 2};
  const std::string far = R"(\\server\share\a.dll)";
  Put(far, kTrusted);
  Put("a.dll", kTrusted);
  Hold(far);
  Start(options);
  EXPECT_NE(cache_->Find({far}).flight, 0u);
  EXPECT_NE(cache_->Find({R"(\Device\Mup\server\share\a.dll)"}).flight, 0u);
  EXPECT_NE(cache_->Find({R"(\??\UNC\server\share\b.dll)"}).flight, 0u);
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  LetGo();
  EXPECT_EQ(Await({far}), kTrusted);
  EXPECT_EQ(cache_->statistics().misses, 3u) << "a server's file is one, however it is written";
}

TEST_F(SignatureCacheTest, CountsWhatWaitsAndRunsOnThisMachineAndOnOthers) {
  SignatureCacheOptions options;
  options.pool.threads = options.network.threads = 1;
  const std::string far = R"(\\server\share\a.dll)";
  Hold(far);
  Hold("a.dll");
  Start(options);
  cache_->Find({far});
  cache_->Find({"a.dll"});
  AwaitBegun(2);
  cache_->Find({R"(\\server\share\b.dll)"});
  cache_->Find({"b.dll"});
  EXPECT_EQ(cache_->statistics().running, 2u);
  EXPECT_EQ(cache_->statistics().queued, 2u);
}

TEST_F(SignatureCacheTest, WhatTakesTooLongIsTold) {
  SignatureCacheOptions options;
  options.pool.deadline = milliseconds(500);
  Put("a.dll", kTrusted);
  Hold("a.dll");
  Start(options);
  EXPECT_EQ(Await({"a.dll"}), TrustStatus::kTimedOut);
  EXPECT_EQ(cache_->statistics().timed_out, 1u);
  LetGo();
  Pass(seconds(3));
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
}

TEST_F(SignatureCacheTest, IsWarmedBeforeAnybodyAsks) {
  Put("a.dll", kTrusted);
  Start();
  cache_->Prewarm({"a.dll"});
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  const SignatureCacheStatistics statistics = cache_->statistics();
  EXPECT_EQ(statistics.prewarmed, 1u);
  EXPECT_EQ(statistics.misses, 0u);
  EXPECT_GE(statistics.hits, 1u);
  EXPECT_EQ(statistics.finished, 0u) << "nobody has begun it by asking";
  EXPECT_EQ(ChecksOf("a.dll"), 1);
}

// A session begins with the images of all processes; what happens then must not wait for them.
TEST_F(SignatureCacheTest, WhatIsAskedForWaitsForNothingThatIsOnlyWarmed) {
  SignatureCacheOptions options;
  options.pool = {.threads = 1, .queue = 4};
  Hold("warm0");
  Start(options);
  for (int i = 0; i < 1000; ++i) cache_->Prewarm({"warm" + std::to_string(i)});
  AwaitBegun(1);
  EXPECT_EQ(cache_->statistics().queued, 0u);
  EXPECT_NE(cache_->Find({"a.dll"}).flight, 0u);
  EXPECT_NE(cache_->Find({"warm999"}).flight, 0u) << "its check begins as anybody's does";
  Hold("warm1");
  LetGo("warm0");
  EXPECT_EQ(Await({"warm999"}), kFileGone);
  EXPECT_LE(cache_->statistics().prewarmed, 2u) << "of those that nobody asked for";
  EXPECT_EQ(cache_->statistics().dropped, 0u);
}

// The time that an event spends on its way, in which its check is done.
TEST_F(SignatureCacheTest, WhatALoadBeginsIsThereWhenItsEventAsks) {
  Put("a.dll", kTrusted);
  Pass(hours(1));
  Start();
  cache_->Loaded({"a.dll"});
  AwaitAnswers(1);
  EXPECT_EQ(cache_->statistics().finished, 0u) << "nobody has asked yet";
  Pass(milliseconds(30));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(cache_->Find({"a.dll"}).verdict->status, kTrusted);
    const SignatureCacheStatistics statistics = cache_->statistics();
    EXPECT_EQ(statistics.prewarmed, 1u);
    EXPECT_EQ(statistics.misses, 0u);
    EXPECT_EQ(statistics.finished, 1u);
    EXPECT_EQ(statistics.within_enrichment, 1u);
    EXPECT_GE(statistics.enrichment_p50, 30000u);
    EXPECT_LE(statistics.enrichment_p99, 37500u);
    EXPECT_EQ(statistics.p99, 0u) << "who asked has not waited";
  }
  cache_->Loaded({"a.dll"});
  EXPECT_EQ(ChecksOf("a.dll"), 1) << "it is known";
}

TEST_F(SignatureCacheTest, ALoadThatNobodyAskedAboutIsNotMeasured) {
  Put("a.dll", kTrusted);
  Pass(hours(1));
  Start();
  cache_->Loaded({"a.dll"});
  AwaitAnswers(1);
  Pass(minutes(10));
  cache_->Loaded({"a.dll"});
  Pass(milliseconds(20));
  EXPECT_EQ(cache_->Find({"a.dll"}).verdict->status, kTrusted);
  cache_->Loaded({"a.dll"});
  Pass(milliseconds(5));
  EXPECT_EQ(cache_->Find({"a.dll"}).verdict->status, kTrusted);
  const SignatureCacheStatistics statistics = cache_->statistics();
  EXPECT_GE(statistics.enrichment_p50, 20000u);
  EXPECT_LE(statistics.enrichment_p99, 25000u);
  EXPECT_EQ(statistics.finished, 1u);
}

// However a question meets the end of its check.
TEST_F(SignatureCacheTest, EachLoadsCheckIsCountedOnce) {
  constexpr uint64_t kLoads = 20000;
  Pass(hours(1));
  Start();
  for (uint64_t i = 0; i < kLoads; ++i) {
    const std::string path = std::to_string(i);
    cache_->Loaded({path});
    Await({path});
    cache_->Find({path});
  }
  AwaitAnswers(kLoads);
  const SignatureCacheStatistics statistics = cache_->statistics();
  EXPECT_EQ(statistics.prewarmed + statistics.misses, kLoads);
  while (cache_->statistics().running > 0) std::this_thread::yield();
  EXPECT_EQ(cache_->statistics().finished, kLoads);
}

TEST_F(SignatureCacheTest, WhoAsksBeforeThatWaitsForTheRest) {
  Put("a.dll", kTrusted);
  Hold("a.dll");
  Pass(hours(1));
  Start();
  cache_->Loaded({"a.dll"});
  AwaitBegun(1);
  Pass(milliseconds(10));
  EXPECT_NE(cache_->Find({"a.dll"}).flight, 0u);
  Pass(milliseconds(4));
  LetGo();
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  const SignatureCacheStatistics statistics = cache_->statistics();
  EXPECT_EQ(ChecksOf("a.dll"), 1);
  EXPECT_EQ(statistics.finished, 1u);
  EXPECT_EQ(statistics.within_enrichment, 0u);
  EXPECT_GE(statistics.enrichment_p50, 10000u);
  EXPECT_LE(statistics.enrichment_p99, 12500u);
  EXPECT_GE(statistics.p50, 4000u);
  EXPECT_LE(statistics.p99, 5000u);
}

TEST_F(SignatureCacheTest, WhatALoadBeganIsLookedAtAgainAsOtherAnswersAre) {
  Put("a.dll", kTrusted);
  Pass(hours(1));
  Start();
  cache_->Loaded({"a.dll"});
  AwaitAnswers(1);
  Pass(minutes(2));
  EXPECT_EQ(cache_->Find({"a.dll"}).verdict->status, kTrusted);
  while (cache_->statistics().refreshed == 0) std::this_thread::yield();
  EXPECT_EQ(cache_->statistics().finished, 1u);
  EXPECT_EQ(ChecksOf("a.dll"), 2);
}

TEST_F(SignatureCacheTest, WhatIsLoadedComesBeforeWhatRanAlready) {
  SignatureCacheOptions options;
  options.pool = {.threads = 1, .queue = 4};
  Pass(hours(1));
  Hold("ran0");
  Hold("loaded");
  Start(options);
  for (int i = 0; i < 10; ++i) cache_->Prewarm({"ran" + std::to_string(i)});
  AwaitBegun(1);
  cache_->Loaded({"loaded"});
  LetGo("ran0");
  AwaitBegun(2);
  EXPECT_EQ(ChecksOf("loaded"), 1);
  EXPECT_EQ(ChecksOf("ran1"), 0);
}

// Input that can wait has the same answers on a machine that is slow.
TEST_F(SignatureCacheTest, HoldsBackWhoAsksForMoreThanThereIsRoomFor) {
  SignatureCacheOptions options;
  options.capacity = 1;  // a slot in each shard
  options.pool = {.threads = 1, .queue = 1};
  options.holds_back = true;
  Hold("0");
  for (int i = 0; i < 400; ++i) Put(std::to_string(i), kTrusted);
  Start(options);
  std::atomic<int> asked{0};
  std::atomic<int> dropped{0};
  std::thread reader([&] {
    for (; asked < 400; ++asked) {
      const SignatureCache::Found found = cache_->Find({std::to_string(asked)});
      if (found.verdict && found.verdict->status != kTrusted) ++dropped;
    }
  });
  AwaitBegun(1);
  std::this_thread::sleep_for(milliseconds(20));
  EXPECT_LE(asked, 3) << "one is being checked, one waits, and one is held back";
  LetGo();
  reader.join();
  EXPECT_EQ(dropped, 0);
  EXPECT_EQ(cache_->statistics().dropped, 0u);
}

TEST_F(SignatureCacheTest, HoldsBackNobodyAnyMoreOnceItIsStopped) {
  SignatureCacheOptions options;
  options.pool = {.threads = 1, .queue = 1};
  options.holds_back = true;
  Hold("a.dll");
  Start(options);
  cache_->Find({"a.dll"});
  AwaitBegun(1);
  cache_->Find({"b.dll"});
  std::thread reader(
      [&] { EXPECT_EQ(cache_->Find({"c.dll"}).verdict->status, TrustStatus::kDropped); });
  cache_->StopHoldingBack();
  reader.join();
}

// A stream that is read fast changes a file often while it is checked.
TEST_F(SignatureCacheTest, ForInputThatCanWaitAFileMayChangeAsOftenAsItWill) {
  SignatureCacheOptions options;
  options.holds_back = true;
  std::atomic<int> changes{0};
  during_check_ = [&] {
    if (++changes <= 20) cache_->Invalidate("a.dll");
  };
  Put("a.dll", kTrusted);
  Start(options);
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  EXPECT_EQ(ChecksOf("a.dll"), 21);
}

TEST_F(SignatureCacheTest, SaysHowLongChecksTake) {
  Put("a.dll", kTrusted);
  Put("b.dll", kTrusted);
  Hold("b.dll");
  Start();
  EXPECT_EQ(Await({"a.dll"}), kTrusted);
  cache_->Find({"b.dll"});
  AwaitBegun(2);
  Pass(seconds(1));
  LetGo();
  EXPECT_EQ(Await({"b.dll"}), kTrusted);
  const SignatureCacheStatistics statistics = cache_->statistics();
  EXPECT_EQ(statistics.finished, 2u);
  EXPECT_EQ(statistics.within_enrichment, 1u);
  EXPECT_EQ(statistics.p50, 0u);
  EXPECT_GE(statistics.p99, 1000000u);
  EXPECT_LE(statistics.p99, 1250000u);
}

TEST_F(SignatureCacheTest, OpensNoPathThatIsTooLong) {
  Start();
  const std::string path(NormalPath::kLongest + 1, 'a');
  EXPECT_EQ(cache_->Find({path}).verdict->status, TrustStatus::kUnreadable);
  EXPECT_EQ(cache_->statistics().misses, 0u);
}

TEST_F(SignatureCacheTest, ClosedItAnswersNobodyWhoWaits) {
  Put("a.dll", kTrusted);
  Hold("a.dll");
  Start();
  EXPECT_NE(cache_->Find({"a.dll"}).flight, 0u);
  cache_->Close();
  EXPECT_EQ(cache_->Find({"b.dll"}).verdict->status, TrustStatus::kDropped);
}

// A random schedule of readers, writers and evictions, of which every read must be explained by
// some order: files have versions, and a verdict names the one that its check read. A writer makes
// a new version, and then tells the cache. An answer that was asked for after that must not be
// older; and of one path no two checks may be under way unless its file has changed in between.
TEST(SignatureCacheSchedule, AnswersAreNeverOlderThanTheLastChangeThatWasTold) {
  constexpr int kFiles = 24;
  constexpr int kRounds = 3000;
  std::array<std::atomic<uint64_t>, kFiles> versions{};
  std::array<std::atomic<uint64_t>, kFiles> told{};
  std::array<std::atomic<int>, kFiles> running{};
  std::atomic<int> together{0};
  SignatureCacheOptions options;
  options.capacity = 128;  // one a shard: what is put drives out its neighbours
  options.ttl = milliseconds(5);
  options.revalidate_after = milliseconds(1);
  options.pool = {.threads = 3, .queue = 64};
  SignatureCache cache(options, [&] {
    return [&](const VerifyRequest& request, const std::atomic<bool>&) {
      const auto file = static_cast<size_t>(std::stoi(request.path));
      const bool refresh = request.unless.has_value();
      if (!refresh && ++running[file] > 1) ++together;
      FileVerdict verdict;
      verdict.identity = FileIdentity{.file = file, .size = versions[file]};
      verdict.signatures.emplace_back().chain.emplace_back().serial =
          std::to_string(verdict.identity->size);
      verdict.status = kTrusted;
      verdict.unchanged = request.unless == verdict.identity;
      if (file % 3 == 0) std::this_thread::yield();
      if (!refresh) --running[file];
      return verdict;
    };
  });
  std::atomic<int> wrong{0};
  std::atomic<int> answers{0};
  const auto work = [&](uint32_t random) {
    for (int i = 0; i < kRounds; ++i) {
      random = random * 1664525 + 1013904223;
      const size_t file = (random >> 8) % kFiles;
      const std::string path = std::to_string(file);
      if (random >> 28 == 0) {
        const uint64_t version = ++versions[file];
        cache.Invalidate(path);
        // The newest that was told; others write too.
        for (uint64_t known = told[file]; known < version;)
          if (told[file].compare_exchange_weak(known, version)) break;
        continue;
      }
      const uint64_t least = told[file];
      SignatureCache::Found found = cache.Find({path});
      for (int wait = 0; wait < 100 && !found.verdict; ++wait) {
        std::this_thread::yield();
        found = cache.Find({path});
      }
      if (!found.verdict) continue;
      if (found.verdict->status != kTrusted) continue;  // dropped, unstable
      ++answers;
      if (std::stoull(found.verdict->serial) < least) ++wrong;
    }
  };
  std::vector<std::thread> threads;
  for (uint32_t i = 0; i < 4; ++i) threads.emplace_back(work, 17 * i + 1);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(answers, kRounds / 10);
  EXPECT_EQ(together, 0) << "single flight";
}

}  // namespace
}  // namespace nuthatch
