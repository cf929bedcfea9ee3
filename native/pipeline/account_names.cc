#include "pipeline/account_names.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <new>
#include <unordered_map>
#include <utility>

#include "base/sip_hash.h"
#include "live/etw_system.h"
#include "platform/random.h"
#include "platform/symbols.h"

namespace nuthatch {
namespace {

using Clock = std::chrono::steady_clock;

enum class Answer { kAwaited, kNamed, kFailed };

struct Entry {
  std::string sid;
  Answer answer = Answer::kAwaited;
  Account account{};
  Clock::time_point failed_at{};
};

}  // namespace

struct AccountNames::State {
  State(Lookup look_up, Clock::duration after) : lookup(std::move(look_up)), retry_after(after) {}

  // Both are called with the mutex held. The thread calls nothing that may throw.
  Entry* Use(std::string_view sid);
  void Take(std::string sid, uint32_t error, Account account);

  uint32_t LookUp(const std::string& sid, Account* account) const;
  void Run();

  const Lookup lookup;
  const Clock::duration retry_after;
  std::atomic<uint64_t> revision = 0;

  std::mutex mutex;  // of all below
  std::condition_variable wake;
  std::deque<std::string> queue;
  std::list<Entry> entries;  // the one that was used last first
  std::unordered_map<std::string_view, std::list<Entry>::iterator, TextHash> by_sid{
      /*bucket_count=*/64, TextHash{{RandomWord(), RandomWord()}}};
  AccountCounts counts;
  bool is_asking = false;
  bool stop = false;
};

// nullptr where too many wait: it is asked for again.
Entry* AccountNames::State::Use(std::string_view sid) {
  const auto found = by_sid.find(sid);
  const bool is_new = found == by_sid.end();
  if (!is_new) entries.splice(entries.begin(), entries, found->second);
  const bool asks = is_new || (entries.front().answer == Answer::kFailed &&
                               Clock::now() - entries.front().failed_at >= retry_after);
  if (!asks) return &entries.front();
  if (queue.size() >= kMostQueued) return nullptr;
  if (is_new) {
    if (entries.size() >= kMostAccounts) {
      by_sid.erase(entries.back().sid);
      entries.pop_back();
    }
    entries.push_front({.sid = std::string(sid)});
    by_sid.emplace(entries.front().sid, entries.begin());
  }
  queue.emplace_back(sid);
  entries.front().answer = Answer::kAwaited;
  wake.notify_one();
  return &entries.front();
}

// What has an answer stays as it is, for who found it may hold on to it: one that had gone and come
// back is asked for twice.
void AccountNames::State::Take(std::string sid, uint32_t error, Account account) {
  const bool named = error == kEtwSuccess;
  ++(named ? counts.named : counts.failed);
  const auto found = by_sid.find(sid);
  if (found != by_sid.end() && found->second->answer == Answer::kAwaited) {
    Entry& entry = *found->second;
    entry.answer = named ? Answer::kNamed : Answer::kFailed;
    entry.account = std::move(account);
    entry.failed_at = Clock::now();
    if (named) ++revision;
  }
  if (named) return;
  counts.failed_sid = std::move(sid);
  counts.error = error;
}

uint32_t AccountNames::State::LookUp(const std::string& sid, Account* account) const {
  try {
    return lookup(sid, account);
  } catch (const std::bad_alloc&) {
    return kEtwNotEnoughMemory;
  }
}

void AccountNames::State::Run() {
  std::unique_lock lock(mutex);
  for (;;) {
    wake.wait(lock, [this] { return stop || !queue.empty(); });
    if (stop) return;
    std::string sid = std::move(queue.front());
    queue.pop_front();
    is_asking = true;
    lock.unlock();
    Account account;
    const uint32_t error = LookUp(sid, &account);
    lock.lock();
    is_asking = false;
    Take(std::move(sid), error, std::move(account));
  }
}

AccountNames::AccountNames(Lookup lookup, Clock::duration retry_after)
    : state_(std::make_shared<State>(std::move(lookup), retry_after)),
      thread_([state = state_] { state->Run(); }) {}

AccountNames::~AccountNames() {
  bool is_asking = false;
  {
    const std::lock_guard lock(state_->mutex);
    state_->stop = true;
    is_asking = state_->is_asking;
    state_->wake.notify_one();
  }
  if (is_asking) {
    KeepThisLibrary();  // what it runs must stay
    thread_.detach();
  } else {
    thread_.join();
  }
}

const Account* AccountNames::Find(std::string_view sid) {
  const std::lock_guard lock(state_->mutex);
  const Entry* const entry = state_->Use(sid);
  return entry != nullptr && entry->answer == Answer::kNamed ? &entry->account : nullptr;
}

uint64_t AccountNames::revision() const { return state_->revision; }

AccountCounts AccountNames::counts() const {
  const std::lock_guard lock(state_->mutex);
  return state_->counts;
}

}  // namespace nuthatch
