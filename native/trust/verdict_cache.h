// Whole verdicts on files of this machine, by their paths, for who asks again and again. Each time
// the file is looked at, and it is verified again only when it is another one than it was.
#ifndef NUTHATCH_TRUST_VERDICT_CACHE_H_
#define NUTHATCH_TRUST_VERDICT_CACHE_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/latency_histogram.h"
#include "trust/verifier_pool.h"

namespace nuthatch {

struct VerdictCacheOptions {
  size_t capacity = 4096;
  std::chrono::milliseconds ttl = std::chrono::hours(1);
  // Whether catalogs, or anything else but the file, can change what is said of it: then only what
  // its own signature says is kept.
  bool has_catalogs = false;
  bool keeps = true;
  std::chrono::milliseconds enrichment{50};  // see SignatureCacheOptions
  PoolOptions pool;
};

struct VerdictCacheStatistics {
  uint64_t hits = 0;       // the file was still the one that is known
  uint64_t misses = 0;     // it was verified
  uint64_t coalesced = 0;  // it was about to be verified for somebody else
  uint64_t entries = 0;
  uint64_t finished = 0;           // hits and misses
  uint64_t within_enrichment = 0;  // of these
  uint64_t p50 = 0;                // microseconds that they took
  uint64_t p90 = 0;
  uint64_t p99 = 0;
  PoolStatistics pool;
};

// All may be called by any thread.
class VerdictCache {
 public:
  using Verdict = std::shared_ptr<const FileVerdict>;
  // Called once for each question, on a thread of the pool and without a lock.
  using Deliver = std::function<void(uint64_t question, const Verdict&)>;

  VerdictCache(const VerdictCacheOptions& options, VerifierPool::MakeVerify make_verify,
               Deliver deliver);

  // The question's number; none when too many files wait, or it is closed.
  std::optional<uint64_t> Ask(const std::string& path, bool follow_links);
  // Nothing is delivered for it any more, unless that has begun.
  void Cancel(uint64_t question);
  // As VerifierPool::Close.
  void Close() { pool_->Close(); }

  VerdictCacheStatistics statistics() const;

 private:
  using Clock = std::chrono::steady_clock;
  using Key = std::pair<std::string, bool>;
  struct Entry {
    Verdict verdict;  // nullptr: none is known
    Clock::time_point expires;
    uint64_t flight = 0;  // the pool's number; 0: none is under way
    Clock::time_point began;
    std::vector<uint64_t> questions;
    // Asked while the check ran: the path may lead to another file by now, so that they get what is
    // found when one looks again.
    std::vector<uint64_t> late;
    std::list<const Key*>::iterator used;
  };
  using Entries = std::map<Key, Entry>;

  // False when too many files wait, or it is closed.
  bool Begin(Entries::iterator entry, bool has_place);
  void Answer(uint64_t flight, FileVerdict verdict);
  std::vector<uint64_t> TakeQuestions(Entry* entry);
  bool Keeps(const FileVerdict& verdict) const;
  void Count(Clock::duration took);
  void EraseIfUnknown(Entries::iterator entry);
  void MakeRoom();

  const VerdictCacheOptions options_;
  const Deliver deliver_;
  mutable std::mutex mutex_;  // of all to the next empty line; held while the pool's is taken
  Entries entries_;
  std::list<const Key*> used_;  // in the order of their use
  std::unordered_map<uint64_t, Entries::iterator> flights_;
  std::unordered_map<uint64_t, Entries::iterator> questions_;
  uint64_t next_question_ = 1;
  VerdictCacheStatistics statistics_;
  LatencyHistogram latencies_;

  std::unique_ptr<VerifierPool> pool_;  // ends first
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_VERDICT_CACHE_H_
