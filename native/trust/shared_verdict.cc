#include "trust/shared_verdict.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <utility>
#include <vector>

namespace nuthatch {
namespace {

// A count in a line of its own.
struct alignas(64) Holder {
  SignatureVerdictPointer verdict;
};

std::atomic<size_t> threads{0};

}  // namespace

size_t SharedVerdict::NumberOfThread() {
  thread_local const size_t number = threads.fetch_add(1, std::memory_order_relaxed);
  return number;
}

SharedVerdict::SharedVerdict(SignatureVerdictPointer verdict) : verdict_(std::move(verdict)) {
  for (SignatureVerdictPointer& own : by_thread_) {
    auto holder = std::make_shared<const Holder>(Holder{verdict_});
    own = SignatureVerdictPointer(std::move(holder), verdict_.get());
  }
}

SharedVerdictPointer SharedVerdicts::Share(SignatureVerdictPointer verdict) {
  std::vector<SharedVerdictPointer> unused;  // whose end nobody waits for with the lock
  const std::lock_guard lock(mutex_);
  if (const auto known = verdicts_.find(*verdict); known != verdicts_.end()) return *known;
  if (verdicts_.size() >= clean_at_) {
    for (auto each = verdicts_.begin(); each != verdicts_.end();) {
      // None can be taken from here meanwhile.
      const bool is_used = each->use_count() > 1;
      if (!is_used) unused.push_back(*each);
      each = is_used ? std::next(each) : verdicts_.erase(each);
    }
    clean_at_ = verdicts_.size() + std::max(kFew, verdicts_.size() / 4);
  }
  return *verdicts_.insert(std::make_shared<const SharedVerdict>(std::move(verdict))).first;
}

size_t SharedVerdicts::size() const {
  const std::lock_guard lock(mutex_);
  return verdicts_.size();
}

}  // namespace nuthatch
