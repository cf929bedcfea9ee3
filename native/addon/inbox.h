// Results on their way from other threads to the JavaScript thread.
#ifndef NUTHATCH_ADDON_INBOX_H_
#define NUTHATCH_ADDON_INBOX_H_

#include <mutex>
#include <utility>
#include <vector>

namespace nuthatch {

template <typename T>
class Inbox {
 public:
  // True when the reader has to be woken.
  bool Put(T result) {
    const std::lock_guard lock(mutex_);
    results_.push_back(std::move(result));
    return results_.size() == 1;
  }
  std::vector<T> TakeAll() {
    const std::lock_guard lock(mutex_);
    return std::exchange(results_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<T> results_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_INBOX_H_
