#include "pipeline/account_names.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include "live/etw_system.h"

namespace nuthatch {
namespace {

using namespace std::chrono_literals;

constexpr const char* kAna = "S-1-5-21-1-2-3-1104";
constexpr const char* kBob = "S-1-5-21-1-2-3-1105";

// A machine whose answers come when the test says so. The thread that asks it may be left to
// itself: then it holds on to it.
class Machine {
 public:
  uint32_t LookUp(const std::string& sid, Account* account) {
    std::unique_lock lock(mutex_);
    asked_.push_back(sid);
    changed_.notify_all();
    changed_.wait(lock, [this] { return !stalls_; });
    if (no_memory_) throw std::bad_alloc();
    if (error_ != kEtwSuccess && asked_.size() > succeeds_) return error_;
    *account = {"user " + sid.substr(sid.rfind('-') + 1), "CORP"};
    return kEtwSuccess;
  }

  void Stall(bool stalls) {
    const std::lock_guard lock(mutex_);
    stalls_ = stalls;
    changed_.notify_all();
  }
  // After so many questions.
  void Fail(uint32_t error, size_t after = 0) {
    const std::lock_guard lock(mutex_);
    error_ = error;
    succeeds_ = after;
  }
  void RunOutOfMemory() {
    const std::lock_guard lock(mutex_);
    no_memory_ = true;
  }
  std::vector<std::string> asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  void AwaitQuestions(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return asked_.size() >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> asked_;
  uint32_t error_ = kEtwSuccess;
  size_t succeeds_ = 0;
  bool stalls_ = false;
  bool no_memory_ = false;
};

class AccountNamesTest : public testing::Test {
 protected:
  void Start(std::chrono::steady_clock::duration retry_after = 1h) {
    names_ = std::make_unique<AccountNames>(
        [machine = machine_](const std::string& sid, Account* account) {
          return machine->LookUp(sid, account);
        },
        retry_after);
  }

  // "CORP\user 1104", or "" where none is known.
  std::string Find(const std::string& sid) {
    const Account* const account = names_->Find(sid);
    return account == nullptr ? "" : account->domain + "\\" + account->name;
  }
  // Once the machine has answered so many questions.
  void AwaitAnswers(uint64_t count) const {
    for (AccountCounts counts; counts.named + counts.failed < count; counts = names_->counts())
      std::this_thread::yield();
  }

  static std::string Sid(size_t i) { return "S-1-5-21-" + std::to_string(i); }
  // With the first accounts, which are named.
  void Fill(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      Find(Sid(i));
      if ((i + 1) % AccountNames::kMostQueued == 0) AwaitAnswers(i + 1);
    }
    AwaitAnswers(count);
  }

  const std::shared_ptr<Machine> machine_ = std::make_shared<Machine>();
  std::unique_ptr<AccountNames> names_;
};

TEST_F(AccountNamesTest, AreKnownOnceTheMachineHasAnswered) {
  Start();
  machine_->Stall(true);
  EXPECT_EQ(Find(kAna), "");
  EXPECT_EQ(names_->revision(), 0u);
  machine_->Stall(false);
  AwaitAnswers(1);
  EXPECT_EQ(names_->revision(), 1u) << "what was made without it is made anew";
  EXPECT_EQ(Find(kAna), "CORP\\user 1104");
  EXPECT_EQ(machine_->asked(), std::vector<std::string>{kAna}) << "once";
  EXPECT_EQ(names_->counts().named, 1u);
}

TEST_F(AccountNamesTest, WhileOneIsLookedUpForLongNobodyWaitsAndTheOthersAreKnown) {
  Start();
  Find(kAna);
  AwaitAnswers(1);
  machine_->Stall(true);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(Find(kBob), "");
    EXPECT_EQ(Find(kAna), "CORP\\user 1104");
  }
  machine_->AwaitQuestions(2);
  EXPECT_EQ(machine_->asked(), (std::vector<std::string>{kAna, kBob}));
  machine_->Stall(false);
  AwaitAnswers(2);
  EXPECT_EQ(Find(kBob), "CORP\\user 1105");
}

TEST_F(AccountNamesTest, AFailureIsRememberedWithItsReason) {
  Start();
  machine_->Fail(kEtwNoneMapped);
  Find(kAna);
  AwaitAnswers(1);
  machine_->Fail(kEtwSuccess);
  EXPECT_EQ(Find(kAna), "") << "it is not asked again";
  EXPECT_EQ(names_->revision(), 0u);
  Find(kBob);
  AwaitAnswers(2);
  EXPECT_EQ(machine_->asked(), (std::vector<std::string>{kAna, kBob}));
  const AccountCounts counts = names_->counts();
  EXPECT_EQ(counts.named, 1u);
  EXPECT_EQ(counts.failed, 1u);
  EXPECT_EQ(counts.failed_sid, kAna);
  EXPECT_EQ(counts.error, kEtwNoneMapped);
}

TEST_F(AccountNamesTest, ForAWhile) {
  Start(/*retry_after=*/0s);
  machine_->Fail(kEtwNoneMapped);
  Find(kAna);
  AwaitAnswers(1);
  machine_->Fail(kEtwSuccess);
  EXPECT_EQ(Find(kAna), "");
  AwaitAnswers(2);
  EXPECT_EQ(Find(kAna), "CORP\\user 1104");
}

TEST_F(AccountNamesTest, ALookupWithoutMemoryIsAFailure) {
  Start();
  machine_->RunOutOfMemory();
  Find(kAna);
  AwaitAnswers(1);
  EXPECT_EQ(names_->counts().error, kEtwNotEnoughMemory);
}

TEST_F(AccountNamesTest, TheOnesThatWereNotUsedForLongestAreForgotten) {
  Start();
  Fill(AccountNames::kMostAccounts);
  EXPECT_NE(Find(Sid(0)), "") << "used again";
  EXPECT_EQ(Find(Sid(AccountNames::kMostAccounts)), "");
  AwaitAnswers(AccountNames::kMostAccounts + 1);
  EXPECT_NE(Find(Sid(AccountNames::kMostAccounts)), "");
  EXPECT_NE(Find(Sid(0)), "");
  EXPECT_NE(Find(Sid(2)), "");
  EXPECT_EQ(Find(Sid(1)), "") << "it has gone, and is asked for again";
  AwaitAnswers(AccountNames::kMostAccounts + 2);
  EXPECT_NE(Find(Sid(1)), "");
}

// What was found stays what it is until the next call, whatever the machine says meanwhile.
TEST_F(AccountNamesTest, OneThatWentWhileItWasAskedForAndCameBackHasTheFirstAnswer) {
  constexpr size_t kMost = AccountNames::kMostAccounts;
  Start();
  Fill(kMost - 1);
  machine_->Fail(kEtwNoneMapped, /*after=*/kMost + 1);
  machine_->Stall(true);
  Find(kAna);
  machine_->AwaitQuestions(kMost);
  for (size_t i = 0; i < kMost - 1; ++i) Find(Sid(i));
  Find(kBob);  // takes the place of the first
  Find(kAna);
  machine_->Stall(false);
  AwaitAnswers(kMost + 2);
  EXPECT_EQ(machine_->asked().back(), kAna);
  EXPECT_EQ(names_->counts().failed, 1u) << "the second answer";
  EXPECT_EQ(Find(kAna), "CORP\\user 1104");
}

// Of as many as wait while the machine stalls, each is asked for once; the others when they are
// wanted again.
TEST_F(AccountNamesTest, NotMoreWaitThanMay) {
  Start();
  machine_->Stall(true);
  Find(kAna);
  machine_->AwaitQuestions(1);
  for (size_t i = 0; i < 2 * AccountNames::kMostQueued; ++i) Find(Sid(i));
  machine_->Stall(false);
  AwaitAnswers(1 + AccountNames::kMostQueued);
  EXPECT_EQ(machine_->asked().size(), 1 + AccountNames::kMostQueued);
  Find(Sid(2 * AccountNames::kMostQueued - 1));
  AwaitAnswers(2 + AccountNames::kMostQueued);
}

TEST_F(AccountNamesTest, EndWithoutWaitingForAnAnswer) {
  Start();
  machine_->Stall(true);
  Find(kAna);
  Find(kBob);
  machine_->AwaitQuestions(1);
  names_.reset();  // else this waits for ever
  EXPECT_GT(machine_.use_count(), 1) << "the thread has what it needs";
  machine_->Stall(false);
  while (machine_.use_count() > 1) std::this_thread::yield();
  EXPECT_EQ(machine_->asked(), std::vector<std::string>{kAna}) << "and asks nothing more";
}

}  // namespace
}  // namespace nuthatch
