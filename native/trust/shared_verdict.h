// One object for all verdicts that say the same, and answers from it that do not get in each
// other's way.
#ifndef NUTHATCH_TRUST_SHARED_VERDICT_H_
#define NUTHATCH_TRUST_SHARED_VERDICT_H_

#include <array>
#include <memory>
#include <mutex>
#include <set>

#include "trust/signature_verdict.h"

namespace nuthatch {

// A verdict with several counts of those who hold it, of which each thread uses one: there are far
// fewer signers than files, so that a thread's count is in a cache near it, and threads that ask
// for the same signer seldom write to the same line. Immutable; any thread.
class SharedVerdict {
 public:
  explicit SharedVerdict(SignatureVerdictPointer verdict);

  const SignatureVerdictPointer& verdict() const { return verdict_; }
  // The same one, held by this thread's count.
  SignatureVerdictPointer Hold() const { return by_thread_[NumberOfThread() % kCounts]; }

 private:
  static constexpr size_t kCounts = 4;

  static size_t NumberOfThread();

  alignas(64) std::array<SignatureVerdictPointer, kCounts> by_thread_;
  SignatureVerdictPointer verdict_;
};
using SharedVerdictPointer = std::shared_ptr<const SharedVerdict>;

// By their contents. Holds a quarter more than others hold at most, and a few. Any thread.
class SharedVerdicts {
 public:
  // The one that says what *verdict does.
  SharedVerdictPointer Share(SignatureVerdictPointer verdict);
  size_t size() const;

 private:
  static constexpr size_t kFew = 64;

  struct ByContents {
    using is_transparent = void;
    static const SignatureVerdict& Of(const SharedVerdictPointer& shared) {
      return *shared->verdict();
    }
    static const SignatureVerdict& Of(const SignatureVerdict& verdict) { return verdict; }
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      return Of(a) < Of(b);
    }
  };

  mutable std::mutex mutex_;
  std::set<SharedVerdictPointer, ByContents> verdicts_;
  size_t clean_at_ = kFew;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_SHARED_VERDICT_H_
