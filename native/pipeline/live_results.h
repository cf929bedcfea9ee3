// What has come out of a live trace and not been fetched yet, as one block.
#ifndef NUTHATCH_PIPELINE_LIVE_RESULTS_H_
#define NUTHATCH_PIPELINE_LIVE_RESULTS_H_

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "pipeline/block_result.h"

namespace nuthatch {

// Any threads.
class LiveResults {
 public:
  // Of output; with more than that nothing further is made.
  static constexpr size_t kMostBytes = size_t{64} << 20;
  // What only adds to counts wakes nobody more often: most of what a machine that is idle does.
  static constexpr int64_t kCountsEvery = 250'000'000;  // nanoseconds

  // `wake` is called when there is something to be told after nothing was, and must be quick.
  // `clock` tells nanoseconds.
  explicit LiveResults(std::function<void()> wake, int64_t (*clock)() = &ClockNanoseconds)
      : wake_(std::move(wake)), clock_(clock) {}

  void Add(BlockResult result) {
    const bool is_news = !result.output.empty() || result.failed || result.malformed > 0;
    Add(std::move(result), is_news);
  }
  // When somebody is to be woken for counts that have waited long enough, by WakeIfDue.
  int64_t due() const {
    const std::lock_guard lock(mutex_);
    return waiting_ && !woken_ ? last_woken_ + kCountsEvery : INT64_MAX;
  }
  void WakeIfDue() {
    if (clock_() >= due()) AddNews();
  }
  // A result of nothing, which tells that there is something to ask for elsewhere.
  void AddNews() { Add({}, /*is_news=*/true); }
  // None when there is nothing new.
  std::optional<BlockResult> Take() {
    const std::lock_guard lock(mutex_);
    woken_ = false;
    return std::exchange(waiting_, std::nullopt);
  }
  bool HasRoom() const {
    const std::lock_guard lock(mutex_);
    return !waiting_ || HasRoomBeside(*waiting_);
  }
  // Whether there was room while this was not yet taken.
  static bool HasRoomBeside(const BlockResult& result) { return result.output.size() < kMostBytes; }

 private:
  void Add(BlockResult result, bool is_news) {
    const int64_t now = clock_();
    {
      const std::lock_guard lock(mutex_);
      Keep(std::move(result));
      is_news = is_news || waiting_->failed;
      if (woken_ || (!is_news && now - last_woken_ < kCountsEvery)) return;
      woken_ = true;
      last_woken_ = now;
    }
    wake_();
  }

  // Where there is no memory for it, all that waits has failed.
  void Keep(BlockResult result) {
    if (!waiting_) {
      waiting_ = std::move(result);
      return;
    }
    try {
      waiting_->Append(std::move(result));
    } catch (const std::exception&) {  // std::bad_alloc, or std::length_error
      waiting_.emplace().failed = true;
    }
  }

  const std::function<void()> wake_;
  int64_t (*const clock_)();
  mutable std::mutex mutex_;  // of all below
  std::optional<BlockResult> waiting_;
  bool woken_ = false;  // since something was taken
  int64_t last_woken_ = INT64_MIN / 2;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_LIVE_RESULTS_H_
