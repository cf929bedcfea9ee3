// A system whose traces have no end before they are closed, or a test ends them.
#ifndef NUTHATCH_TEST_LIVE_ENDLESS_ETW_H_
#define NUTHATCH_TEST_LIVE_ENDLESS_ETW_H_

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>

#include "base/utf16.h"
#include "live/silent_etw.h"

namespace nuthatch {

class EndlessEtw : public SilentEtw {
 public:
  uint64_t OpenTrace(WinTraceFile* file, uint32_t*) override {
    const std::lock_guard lock(mutex_);
    open_[++last_] = Utf16ToUtf8(file->session);
    return last_;
  }
  uint32_t ProcessTrace(uint64_t trace) override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !open_.contains(trace); });
    return kEtwSuccess;
  }
  uint32_t CloseTrace(uint64_t trace) override {
    const std::lock_guard lock(mutex_);
    open_.erase(trace);
    changed_.notify_all();
    return kEtwSuccess;
  }

  // Those that there are, of sessions with this in their names.
  void EndTraces(const std::string& in_name = "") {
    const std::lock_guard lock(mutex_);
    std::erase_if(
        open_, [&](const auto& trace) { return trace.second.find(in_name) != std::string::npos; });
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t last_ = 0;
  std::map<uint64_t, std::string> open_;  // the names of their sessions
};

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_LIVE_ENDLESS_ETW_H_
