// Verifies files on threads of its own: in a queue that has an end, each within a time.
#ifndef NUTHATCH_TRUST_VERIFIER_POOL_H_
#define NUTHATCH_TRUST_VERIFIER_POOL_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "trust/file_verifier.h"

namespace nuthatch {

struct PoolOptions {
  size_t threads = 2;
  size_t queue = 1024;  // that wait
  std::chrono::milliseconds deadline{30000};
  // Whether that counts from the submission of a file, or from when a thread takes it: then how
  // long others take decides nothing.
  bool deadline_from_submission = true;
};

struct PoolStatistics {
  uint64_t submitted = 0;
  uint64_t verified = 0;
  uint64_t timed_out = 0;
  uint64_t dropped = 0;  // for there was no room for them
  uint64_t queued = 0;   // now
  uint64_t running = 0;  // now, until their verdict has been delivered
};

// All may be called by any thread.
class VerifierPool {
 public:
  // What a thread verifies with; each thread makes one.
  using Verify = std::function<FileVerdict(const VerifyRequest&, const std::atomic<bool>& stop)>;
  using MakeVerify = std::function<Verify()>;
  // Called once for each request, on a thread of the pool.
  using Deliver = std::function<void(uint64_t id, FileVerdict)>;

  VerifierPool(const PoolOptions& options, MakeVerify make_verify, Deliver deliver);
  // As Close.
  ~VerifierPool();
  VerifierPool(const VerifierPool&) = delete;
  VerifierPool& operator=(const VerifierPool&) = delete;

  // Its id, which is larger than all before; none when the queue is full, or the pool closed.
  // `has_place`: the queue may be full; there are only some more of these than threads.
  std::optional<uint64_t> Submit(VerifyRequest request, bool has_place = false);
  // Whether no thread has begun with it.
  bool Waits(uint64_t id) const;
  // Nothing is delivered for it any more, unless that has begun.
  void Cancel(uint64_t id);
  // Drops what waits, and waits for what runs to notice; a thread that the system does not give
  // back (a file on a network that has gone) is left to itself. Nothing is delivered afterwards.
  void Close();

  PoolStatistics statistics() const;

 private:
  struct State;
  const std::shared_ptr<State> state_;  // threads that were left to themselves hold on to it
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_VERIFIER_POOL_H_
