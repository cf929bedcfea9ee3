// What has come out of a live trace and not been fetched yet, as one block.
#ifndef NUTHATCH_PIPELINE_LIVE_RESULTS_H_
#define NUTHATCH_PIPELINE_LIVE_RESULTS_H_

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include "pipeline/block_result.h"

namespace nuthatch {

// Any threads.
class LiveResults {
 public:
  // Of output; with more than that nothing further is made.
  static constexpr size_t kMostBytes = size_t{64} << 20;

  // `wake` is called when there is something after nothing was, and must be quick.
  explicit LiveResults(std::function<void()> wake) : wake_(std::move(wake)) {}

  void Add(BlockResult result) {
    bool is_first = false;
    {
      const std::lock_guard lock(mutex_);
      is_first = !waiting_;
      if (is_first) {
        waiting_ = std::move(result);
      } else {
        waiting_->Append(std::move(result));
      }
    }
    if (is_first) wake_();
  }
  // None when there is nothing new.
  std::optional<BlockResult> Take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(waiting_, std::nullopt);
  }
  bool HasRoom() const {
    const std::lock_guard lock(mutex_);
    return !waiting_ || waiting_->output.size() < kMostBytes;
  }

 private:
  const std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::optional<BlockResult> waiting_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_LIVE_RESULTS_H_
