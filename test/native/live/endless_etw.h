// A system whose traces have no end before they are closed.
#ifndef NUTHATCH_TEST_LIVE_ENDLESS_ETW_H_
#define NUTHATCH_TEST_LIVE_ENDLESS_ETW_H_

#include <condition_variable>
#include <mutex>
#include <set>

#include "live/silent_etw.h"

namespace nuthatch {

class EndlessEtw final : public SilentEtw {
 public:
  uint64_t OpenTrace(WinTraceFile*, uint32_t*) override {
    const std::lock_guard lock(mutex_);
    return ++opened_;
  }
  uint32_t ProcessTrace(uint64_t trace) override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_.contains(trace); });
    return kEtwSuccess;
  }
  uint32_t CloseTrace(uint64_t trace) override {
    const std::lock_guard lock(mutex_);
    closed_.insert(trace);
    changed_.notify_all();
    return kEtwSuccess;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t opened_ = 0;
  std::set<uint64_t> closed_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_LIVE_ENDLESS_ETW_H_
