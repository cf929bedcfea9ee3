// Who signed the images that events name: answers that are there at once, and checks on threads of
// their own for those that are not. Nothing here waits for a file.
//
// An answer is of its key, and usable while the file is still the one that was verified: it is
// dropped when an event says that the file has changed (Invalidate), looked at again in the
// background when it is asked for later than `revalidate_after`, and thrown away after `ttl`, or
// before that when a certificate expires or when a catalog may better it. A
// check that was under way when its file changed answers nobody: it is made again. Those who have
// joined a check get its answer from its promise, even if that answer is gone from here by then.
//
// Locks: each shard's, held by many for a hit, alone for all else; each lane's, for its checks.
// None is taken while another is held but the pool's in a lane's, and none while a file is opened,
// read or verified. Nobody waits with one held.
#ifndef NUTHATCH_TRUST_SIGNATURE_CACHE_H_
#define NUTHATCH_TRUST_SIGNATURE_CACHE_H_

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/latency_histogram.h"
#include "base/sip_hash.h"
#include "platform/srw_lock.h"
#include "trust/image_key.h"
#include "trust/images_ahead.h"
#include "trust/signature_table.h"
#include "trust/verifier_pool.h"

namespace nuthatch {

struct SignatureCacheOptions {
  size_t capacity = size_t{1} << 16;  // answers, and promises of them
  std::chrono::milliseconds ttl = std::chrono::hours(1);
  // Of answers that are none: the file was locked, gone, unstable, its check timed out …
  std::chrono::milliseconds error_ttl = std::chrono::seconds(2);
  // Of answers that a catalog can better, where catalogs were asked: updates of Windows install
  // files first, and their catalogs then.
  std::chrono::milliseconds unsigned_ttl = std::chrono::seconds(30);
  std::chrono::milliseconds revalidate_after = std::chrono::minutes(1);
  std::shared_ptr<WindowsVolume> windows_volume = nullptr;  // none: disks are apart
  // What an event spends being enriched before it asks: checks that take no longer cost it nothing.
  // Of checks that begin with a load (Loaded) it is measured.
  std::chrono::milliseconds enrichment{50};
  // For input that can wait: who asks for more than there is room for is held back until there is
  // some, and a file may change as often as it will. Then answers are the same however fast this
  // machine is.
  bool holds_back = false;
  PoolOptions pool;     // of files on this machine
  PoolOptions network;  // of others, which must not hold these up
  int64_t (*now)() = ClockNanoseconds;
};

struct SignatureCacheStatistics {
  uint64_t hits = 0;
  uint64_t misses = 0;       // that began a check
  uint64_t coalesced = 0;    // that found one under way
  uint64_t prewarmed = 0;    // checks that began before anybody asked
  uint64_t refreshed = 0;    // answers found to be of the same file still
  uint64_t invalidated = 0;  // answers whose file changed
  uint64_t repeated = 0;     // checks made again, for their file changed meanwhile
  uint64_t evicted = 0;
  uint64_t dropped = 0;  // checks for which there was no room
  uint64_t timed_out = 0;
  uint64_t queued = 0;   // checks that wait now
  uint64_t running = 0;  // and that run
  uint64_t entries = 0;
  uint64_t finished = 0;           // checks that somebody asked for
  uint64_t within_enrichment = 0;  // of these: their answer was there in time
  uint64_t enrichment_p50 = 0;     // microseconds from a load to the first question
  uint64_t enrichment_p99 = 0;
  uint64_t p50 = 0;  // microseconds from a miss to its answer
  uint64_t p90 = 0;
  uint64_t p99 = 0;
};

// All may be called by any thread.
class SignatureCache {
 public:
  // Called once for each check, after its promise has been kept, by any thread and without a lock.
  using OnAnswer = std::function<void(uint64_t flight)>;

  // Without a verdict while it is being found out.
  struct Found : SignatureAnswer {
    uint64_t flight = 0;  // then: of which check; never used again
    // And where that check's answer will be.
    std::shared_ptr<const CachedSignature> promise = nullptr;
  };

  SignatureCache(const SignatureCacheOptions& options, VerifierPool::MakeVerify make_verify,
                 OnAnswer on_answer = nullptr);
  SignatureCache(const SignatureCache&) = delete;
  SignatureCache& operator=(const SignatureCache&) = delete;

  // The answer. If there is none a check begins, or one that is under way is joined. `now`: as Now
  // has said lately, for who asks often: to ask for the time costs a quarter of a hit.
  Found Find(const ImageKey& key, int64_t now);
  Found Find(const ImageKey& key) { return Find(key, Now()); }
  int64_t Now() const { return options_.now(); }
  // For images that were loaded before anybody asks (a session's rundown): a check begins if there
  // is no answer, as soon as there is a thread that nobody else waits for.
  void Prewarm(const ImageKey& key) { BeginBefore(key, 0); }
  // For images whose events are on their way: as Prewarm, and before those. The first question then
  // tells how long its event was.
  void Loaded(const ImageKey& key) { BeginBefore(key, Now()); }

  // The file was written to, deleted, or is another one now.
  void Invalidate(std::string_view path);

  // Somebody knows that this path is on Windows' volume.
  void SayWindowsVolume(std::string_view path);

  // Nobody is held back any more: for what there is no room, that is dropped.
  void StopHoldingBack();
  // No check begins any more, and none that runs answers.
  void Close();

  SignatureCacheStatistics statistics() const;

 private:
  static constexpr size_t kShards = 128;
  // Of one path, whatever numbers its events give: more push out those that were there.
  static constexpr size_t kMostOfPath = 16;
  // Of a file that changes again and again.
  static constexpr int kAttempts = 4;

  struct alignas(128) Shard {
    mutable SrwLock lock;
    std::atomic<uint64_t> hits{0};
    SignatureTable table;
    uint64_t evicted = 0;
  };

  struct Flight {
    CachedSignaturePointer entry;  // the promise, or the answer that is looked at again
    std::string path;              // as its event gave it
    int64_t began = 0;
    uint32_t changes = 0;  // of the entry when this attempt began
    int attempt = 1;
    bool last = false;   // attempt: it answers whatever has changed meanwhile
    bool ahead = false;  // nobody asked
  };
  struct Lane {
    std::mutex mutex;
    ImagesAhead ahead;
    std::unordered_map<uint64_t, Flight> flights;  // by the pool's ids
    std::unique_ptr<VerifierPool> pool;            // ends first
  };

  SipHashes HashOf(std::string_view path) const { return SipHash128(hash_key_, path); }
  Shard& ShardOf(const SipHashes& hash) { return shards_[hash.first >> 57]; }
  Lane& LaneOf(std::string_view normal_path) {
    return IsOnNetwork(normal_path) ? network_ : local_;
  }
  VerifierPool::Deliver DeliverTo(Lane* lane);

  enum class Place : uint8_t { kFound, kPut, kNone };

  Found FindOrBegin(const ImageKey& key, const NormalPath& path, const SipHashes& hash,
                    const ImageAhead* ahead = nullptr);
  void BeginBefore(const ImageKey& key, int64_t loaded);
  bool IsKnown(const NormalPath& path, const ImageNumbers& numbers, int64_t loaded);
  bool IsFirst(CachedSignature* entry, int64_t now);
  Place Put(const CachedSignaturePointer& promise, Found* found);
  template <typename Attempt>
  bool WhenThereIsRoom(bool wait, Attempt attempt);
  void BeginAhead(Lane* lane);
  bool MayRepeat(const Flight& flight) const;
  CachedSignaturePointer Promise(const NormalPath& path, const SipHashes& hash,
                                 const ImageNumbers& numbers);
  bool MakeRoomFor(Shard* shard, const CachedSignature& promise, int64_t now);
  void Refresh(const CachedSignaturePointer& entry, std::string_view path);
  bool Begin(Flight flight);
  void Drop(Flight flight);
  void Finish(Flight flight, const FileVerdict& verdict);
  void FinishRefresh(const Flight& flight, const FileVerdict& verdict);
  bool Publish(const Flight& flight, const FileVerdict& verdict);
  CachedSignaturePointer Answer(const CachedSignature& key, const FileVerdict& verdict);
  int64_t TimeToLive(const FileVerdict& verdict) const;
  void Replace(Shard* shard, size_t at, CachedSignaturePointer answer, int64_t ttl);
  void Count(const Flight& flight);

  const SignatureCacheOptions options_;
  const OnAnswer on_answer_;
  const SipKey hash_key_;
  std::array<Shard, kShards> shards_;
  SharedVerdicts verdicts_;

  std::atomic<uint64_t> flights_{0};
  std::atomic<uint64_t> misses_{0};
  std::atomic<uint64_t> coalesced_{0};
  std::atomic<uint64_t> prewarmed_{0};
  std::atomic<uint64_t> refreshed_{0};
  std::atomic<uint64_t> invalidated_{0};
  std::atomic<uint64_t> repeated_{0};
  std::atomic<uint64_t> dropped_{0};
  std::atomic<uint64_t> finished_{0};
  std::atomic<uint64_t> within_enrichment_{0};
  LatencyHistogram latencies_;
  LatencyHistogram enrichments_;

  std::atomic<bool> closed_{false};
  std::atomic<bool> holds_back_;    // written with room_mutex_ held
  std::atomic<uint64_t> ended_{0};  // checks; so too
  std::mutex room_mutex_;
  std::condition_variable room_;

  Lane local_;
  Lane network_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_SIGNATURE_CACHE_H_
