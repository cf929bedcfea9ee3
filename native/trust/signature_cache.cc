#include "trust/signature_cache.h"

#include <algorithm>
#include <shared_mutex>
#include <string>
#include <utility>

#include "base/create_disposition.h"
#include "platform/random.h"

namespace nuthatch {
namespace {

static_assert(std::atomic<int64_t>::is_always_lock_free);

int64_t Nanoseconds(std::chrono::milliseconds time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
}

FileVerdict Unverified(TrustStatus status) {
  FileVerdict verdict;
  verdict.status = status;
  return verdict;
}

// For keys that are not kept.
SignatureVerdictPointer Only(TrustStatus status) {
  return std::make_shared<const SignatureVerdict>(SummaryOf(Unverified(status)));
}

}  // namespace

SignatureCache::SignatureCache(const SignatureCacheOptions& options,
                               VerifierPool::MakeVerify make_verify, OnAnswer on_answer)
    : options_(options), on_answer_(std::move(on_answer)), hash_key_{RandomWord(), RandomWord()} {
  network_.pool =
      std::make_unique<VerifierPool>(options.network, make_verify, DeliverTo(&network_));
  local_.pool =
      std::make_unique<VerifierPool>(options.pool, std::move(make_verify), DeliverTo(&local_));
}

VerifierPool::Deliver SignatureCache::DeliverTo(Lane* lane) {
  return [this, lane](uint64_t id, const FileVerdict& verdict) {
    Flight flight;
    {
      const std::lock_guard lock(lane->mutex);  // waits until Begin has put it there
      auto node = lane->flights.extract(id);
      flight = std::move(node.mapped());
    }
    Finish(std::move(flight), verdict);
  };
}

SignatureCache::Found SignatureCache::Find(const ImageKey& key) {
  if (key.path.size() > NormalPath::kLongest) return {Only(TrustStatus::kUnreadable)};
  const NormalPath path(key.path, options_.volumes);
  const SipHashes hash = HashOf(path.text());
  Shard& shard = ShardOf(hash);
  std::shared_lock lock(shard.lock);
  shard.table.Prefetch(hash);
  const int64_t now = options_.now();  // while the slot comes
  const size_t at = shard.table.Find(hash, key.numbers);
  if (at == SignatureTable::kNone || !shard.table.slot(at).IsUsable(now)) {
    lock.unlock();
    return FindOrBegin(key, path, hash);
  }
  SignatureSlot& slot = shard.table.slot(at);
  slot.Use(now);
  Found found{slot.verdict};
  if (!found.verdict) {
    coalesced_.fetch_add(1, std::memory_order_relaxed);
    found.flight = shard.table.entry(at)->flight;
    return found;
  }
  shard.hits.fetch_add(1, std::memory_order_relaxed);
  if (now < slot.refresh_at.load(std::memory_order_relaxed)) return found;
  const CachedSignaturePointer entry = shard.table.entry(at);
  lock.unlock();
  Refresh(entry, key.path);
  return found;
}

void SignatureCache::Prewarm(const ImageKey& key) {
  if (key.path.size() > NormalPath::kLongest) return;
  const NormalPath path(key.path, options_.volumes);
  const Lane& lane = LaneOf(path.text());
  const PoolOptions& pool = &lane == &network_ ? options_.network : options_.pool;
  if (lane.pool->statistics().queued * 2 >= pool.queue) return;
  FindOrBegin(key, path, HashOf(path.text()));
}

CachedSignaturePointer SignatureCache::Promise(const NormalPath& path, const SipHashes& hash,
                                               const ImageNumbers& numbers) {
  auto promise = std::make_shared<CachedSignature>();
  promise->hash = hash;
  promise->numbers = numbers;
  promise->path = path.text();
  promise->flight = flights_.fetch_add(1, std::memory_order_relaxed) + 1;
  return promise;
}

bool SignatureCache::MakeRoomFor(Shard* shard, const CachedSignature& promise, int64_t now) {
  size_t of_path = 0;
  shard->table.EraseIf(promise.hash, [&](CachedSignature*) {
    ++of_path;
    return false;
  });
  if (of_path >= kMostOfPath) {
    const size_t erased = shard->table.EraseIf(
        promise.hash, [](CachedSignature* entry) { return !entry->pending(); });
    shard->evicted += erased;
    if (erased == 0) return false;
  }
  const size_t capacity = std::max<size_t>(1, options_.capacity / kShards);
  return shard->table.MakeRoom(capacity, now, &shard->evicted);
}

SignatureCache::Found SignatureCache::FindOrBegin(const ImageKey& key, const NormalPath& path,
                                                  const SipHashes& hash) {
  Shard& shard = ShardOf(hash);
  const int64_t now = options_.now();
  const CachedSignaturePointer promise = Promise(path, hash, key.numbers);
  bool room = true;
  {
    const std::unique_lock lock(shard.lock);
    const size_t at = shard.table.Find(hash, key.numbers);
    if (at != SignatureTable::kNone && shard.table.slot(at).IsUsable(now)) {
      // another thread was first
      const CachedSignature& found = *shard.table.entry(at);
      std::atomic<uint64_t>& counter = found.pending() ? coalesced_ : shard.hits;
      counter.fetch_add(1, std::memory_order_relaxed);
      return {found.verdict, found.pending() ? found.flight : 0};
    }
    if (at != SignatureTable::kNone) {
      shard.table.Replace(at, promise, SignatureSlot::kPending, 0);
      shard.table.slot(at).Use(now);
    } else {
      room = MakeRoomFor(&shard, *promise, now);
      if (room) shard.table.Insert(promise, now);
    }
  }
  misses_.fetch_add(1, std::memory_order_relaxed);
  if (!room) {
    dropped_.fetch_add(1, std::memory_order_relaxed);
    return {Only(TrustStatus::kDropped)};
  }
  Flight flight{promise, std::string(key.path), now};
  if (Begin(flight)) return {nullptr, promise->flight};
  Drop(std::move(flight));
  if (on_answer_) on_answer_(promise->flight);  // others may have joined it
  return {Only(TrustStatus::kDropped)};
}

// False when there is no room for it.
bool SignatureCache::Begin(Flight flight) {
  const CachedSignature& entry = *flight.entry;
  VerifyRequest request;
  request.path = flight.path;
  request.numbers = entry.numbers;
  if (!entry.pending()) request.unless = entry.identity;
  Lane& lane = LaneOf(entry.path);
  const std::lock_guard lock(lane.mutex);
  const std::optional<uint64_t> id = lane.pool->Submit(std::move(request));
  if (id) lane.flights.emplace(*id, std::move(flight));
  return id.has_value();
}

// For want of room. As the last attempt, so that it answers whatever has changed meanwhile.
void SignatureCache::Drop(Flight flight) {
  dropped_.fetch_add(1, std::memory_order_relaxed);
  flight.attempt = kAttempts;
  Publish(flight, Unverified(TrustStatus::kDropped));
}

// Once for an answer at a time: its verdict is given out meanwhile.
void SignatureCache::Refresh(const CachedSignaturePointer& entry, std::string_view path) {
  if (entry->refreshing.exchange(true)) return;
  if (!Begin({entry, std::string(path), options_.now()})) entry->refreshing = false;
}

void SignatureCache::Finish(Flight flight, const FileVerdict& verdict) {
  if (!flight.entry->pending()) return FinishRefresh(flight, verdict);
  if (!Publish(flight, verdict)) {
    // Its file changed meanwhile.
    repeated_.fetch_add(1, std::memory_order_relaxed);
    {
      const std::unique_lock lock(ShardOf(flight.entry->hash).lock);
      flight.changes = flight.entry->changes;
    }
    ++flight.attempt;
    if (Begin(flight)) return;
    Drop(flight);
  }
  Count(flight);
  if (on_answer_) on_answer_(flight.entry->flight);
}

CachedSignaturePointer SignatureCache::Answer(const CachedSignature& key,
                                              const FileVerdict& verdict) {
  auto answer = std::make_shared<CachedSignature>();
  answer->hash = key.hash;
  answer->numbers = key.numbers;
  answer->path = key.path;
  answer->flight = key.flight;
  answer->verdict = std::make_shared<const SignatureVerdict>(SummaryOf(verdict));
  answer->identity = verdict.identity;
  return answer;
}

void SignatureCache::Replace(Shard* shard, size_t at, CachedSignaturePointer answer) {
  const bool verified = WasVerified(answer->verdict->status);
  const int64_t now = options_.now();
  const int64_t expires = now + Nanoseconds(verified ? options_.ttl : options_.error_ttl);
  shard->table.Replace(at, std::move(answer), expires,
                       now + Nanoseconds(options_.revalidate_after));
}

// Puts an answer in the place of its promise. False when it is of a file that has changed since,
// and there are attempts left; after the last it is unstable.
bool SignatureCache::Publish(const Flight& flight, const FileVerdict& verdict) {
  const CachedSignaturePointer answer = Answer(*flight.entry, verdict);
  const CachedSignaturePointer unstable = Answer(*flight.entry, Unverified(TrustStatus::kUnstable));
  Shard& shard = ShardOf(flight.entry->hash);
  const std::unique_lock lock(shard.lock);
  // A promise stays until it is kept.
  const size_t at = shard.table.Find(flight.entry->hash, flight.entry->numbers);
  const bool changed = flight.entry->changes != flight.changes;
  if (changed && flight.attempt < kAttempts) return false;
  Replace(&shard, at, changed && WasVerified(verdict.status) ? unstable : answer);
  return true;
}

// An answer that was erased or replaced stays so: what was found out is of before. One whose file
// could not be looked at is given out until it expires.
void SignatureCache::FinishRefresh(const Flight& flight, const FileVerdict& verdict) {
  const bool failed = !verdict.unchanged && !WasVerified(verdict.status) &&
                      verdict.status != TrustStatus::kFileGone;
  const auto later = failed ? options_.error_ttl : options_.revalidate_after;
  const CachedSignaturePointer answer = Answer(*flight.entry, verdict);
  Shard& shard = ShardOf(flight.entry->hash);
  {
    const std::unique_lock lock(shard.lock);
    const size_t at = shard.table.Find(flight.entry->hash, flight.entry->numbers);
    if (at != SignatureTable::kNone && shard.table.entry(at) == flight.entry) {
      shard.table.slot(at).refresh_at.store(options_.now() + Nanoseconds(later),
                                            std::memory_order_relaxed);
      if (verdict.unchanged) refreshed_.fetch_add(1, std::memory_order_relaxed);
      if (!verdict.unchanged && !failed) Replace(&shard, at, answer);
    }
  }
  flight.entry->refreshing = false;
}

void SignatureCache::Count(const Flight& flight) {
  const int64_t took = options_.now() - flight.began;
  finished_.fetch_add(1, std::memory_order_relaxed);
  latencies_.Add(static_cast<uint64_t>(took / 1000));
  if (took <= Nanoseconds(options_.enrichment))
    within_enrichment_.fetch_add(1, std::memory_order_relaxed);
}

void SignatureCache::Invalidate(std::string_view path) {
  if (path.size() > NormalPath::kLongest) return;
  const NormalPath normal(path, options_.volumes);
  const SipHashes hash = HashOf(normal.text());
  Shard& shard = ShardOf(hash);
  const std::unique_lock lock(shard.lock);
  const size_t erased = shard.table.EraseIf(hash, [](CachedSignature* entry) {
    ++entry->changes;
    return !entry->pending();
  });
  invalidated_.fetch_add(erased, std::memory_order_relaxed);
}

void SignatureCache::Renamed(std::string_view from, std::string_view to) {
  Invalidate(from);
  Invalidate(to);
}

void SignatureCache::Created(std::string_view path, uint32_t create_options) {
  if (ReplacesContent(DispositionOf(create_options))) Invalidate(path);
}

void SignatureCache::Close() {
  local_.pool->Close();
  network_.pool->Close();
}

SignatureCacheStatistics SignatureCache::statistics() const {
  SignatureCacheStatistics all;
  for (const Shard& shard : shards_) {
    all.hits += shard.hits.load(std::memory_order_relaxed);
    const std::shared_lock lock(shard.lock);
    all.evicted += shard.evicted;
    all.entries += shard.table.size();
  }
  for (const Lane* lane : {&local_, &network_}) {
    const PoolStatistics pool = lane->pool->statistics();
    all.queued += pool.queued;
    all.running += pool.running;
    all.timed_out += pool.timed_out;
  }
  all.misses = misses_.load(std::memory_order_relaxed);
  all.coalesced = coalesced_.load(std::memory_order_relaxed);
  all.refreshed = refreshed_.load(std::memory_order_relaxed);
  all.invalidated = invalidated_.load(std::memory_order_relaxed);
  all.repeated = repeated_.load(std::memory_order_relaxed);
  all.dropped = dropped_.load(std::memory_order_relaxed);
  all.finished = finished_.load(std::memory_order_relaxed);
  all.within_enrichment = within_enrichment_.load(std::memory_order_relaxed);
  all.p50 = latencies_.Percentile(0.5);
  all.p90 = latencies_.Percentile(0.9);
  all.p99 = latencies_.Percentile(0.99);
  return all;
}

}  // namespace nuthatch
