#include "trust/signature_cache.h"

#include <algorithm>
#include <shared_mutex>
#include <string>
#include <utility>

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

// Of a file that could not be looked at: it may be the one of before. All others prove that it is
// not.
bool SaysNothing(TrustStatus status) {
  switch (status) {
    case TrustStatus::kLocked:
    case TrustStatus::kPermissionDenied:
    case TrustStatus::kTimedOut:
    case TrustStatus::kDropped:
    case TrustStatus::kUnreadable:
      return true;
    default:
      return false;
  }
}

// For keys that are not kept.
SignatureCache::Found Only(TrustStatus status) { return {SummaryOf(Unverified(status))}; }

}  // namespace

SignatureCache::SignatureCache(const SignatureCacheOptions& options,
                               VerifierPool::MakeVerify make_verify, OnAnswer on_answer)
    : options_(options),
      on_answer_(std::move(on_answer)),
      hash_key_{RandomWord(), RandomWord()},
      holds_back_(options.holds_back) {
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
    BeginAhead(lane);
  };
}

SignatureCache::Found SignatureCache::Find(const ImageKey& key, int64_t now) {
  if (key.path.size() > NormalPath::kLongest) return Only(TrustStatus::kUnreadable);
  const NormalPath path(key.path, options_.windows_volume.get());
  const SipHashes hash = HashOf(path.text());
  Shard& shard = ShardOf(hash);
  std::shared_lock lock(shard.lock);
  const size_t at = shard.table.Find(hash, key.numbers);
  if (at == SignatureTable::kNone || !shard.table.slot(at).IsUsable(now)) {
    lock.unlock();
    return FindOrBegin(key, path, hash);
  }
  SignatureSlot& slot = shard.table.slot(at);
  slot.Use(now);
  Found found{slot.answer()};
  if (!found.verdict) {
    coalesced_.fetch_add(1, std::memory_order_relaxed);
    IsFirst(shard.table.entry(at).get(), now);
    found.promise = shard.table.entry(at);
    found.flight = found.promise->flight;
    return found;
  }
  shard.hits.fetch_add(1, std::memory_order_relaxed);
  if (now < slot.refresh_at.load(std::memory_order_relaxed)) return found;
  const CachedSignaturePointer entry = shard.table.entry(at);
  if (IsFirst(entry.get(), now)) {
    finished_.fetch_add(1, std::memory_order_relaxed);
    within_enrichment_.fetch_add(1, std::memory_order_relaxed);
    slot.refresh_at.store(entry->refresh_at, std::memory_order_relaxed);
  }
  if (now < entry->refresh_at) return found;
  lock.unlock();
  Refresh(entry, key.path);
  return found;
}

// Whether nobody had asked for what a load began; then it is known how long its event was on its
// way.
bool SignatureCache::IsFirst(CachedSignature* entry, int64_t now) {
  int64_t nobody = 0;
  if (entry->loaded == 0 || !entry->asked.compare_exchange_strong(nobody, now)) return false;
  enrichments_.Add(static_cast<uint64_t>(std::max<int64_t>(0, now - entry->loaded)) / 1000);
  return true;
}

// Then a load that nobody asked about has been in vain: of the next one's event it is measured.
bool SignatureCache::IsKnown(const NormalPath& path, const ImageNumbers& numbers, int64_t loaded) {
  const SipHashes hash = HashOf(path.text());
  Shard& shard = ShardOf(hash);
  const std::shared_lock lock(shard.lock);
  const size_t at = shard.table.Find(hash, numbers);
  if (at == SignatureTable::kNone || !shard.table.slot(at).IsUsable(options_.now())) return false;
  CachedSignature& entry = *shard.table.entry(at);
  if (loaded != 0 && entry.loaded != 0 && entry.asked == 0) entry.loaded = loaded;
  return true;
}

void SignatureCache::BeginBefore(const ImageKey& key, int64_t loaded) {
  if (key.path.size() > ImagesAhead::kLongestPath) return;
  const NormalPath path(key.path, options_.windows_volume.get());
  if (IsKnown(path, key.numbers, loaded)) return;
  Lane& lane = LaneOf(path.text());
  {
    const std::lock_guard lock(lane.mutex);
    if (closed_ || !lane.ahead.Add(key, loaded)) return;
  }
  BeginAhead(&lane);
}

// One for each thread that has nothing to do. It is not promised before: who asks for it meanwhile
// begins its check, and waits behind no other that nobody asked for.
void SignatureCache::BeginAhead(Lane* lane) {
  const size_t threads = (lane == &network_ ? options_.network : options_.pool).threads;
  for (;;) {
    std::optional<ImageAhead> next;
    {
      const std::lock_guard lock(lane->mutex);
      if (lane->flights.size() < threads) next = lane->ahead.Take();
    }
    if (!next) return;
    const NormalPath path(next->path, options_.windows_volume.get());
    FindOrBegin(next->key(), path, HashOf(path.text()), &*next);
  }
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

// A promise, unless another thread was first.
SignatureCache::Place SignatureCache::Put(const CachedSignaturePointer& promise, Found* found) {
  Shard& shard = ShardOf(promise->hash);
  const int64_t now = options_.now();
  const std::unique_lock lock(shard.lock);
  const size_t at = shard.table.Find(promise->hash, promise->numbers);
  if (at != SignatureTable::kNone && shard.table.slot(at).IsUsable(now)) {
    const CachedSignaturePointer& there = shard.table.entry(at);
    *found = there->pending() ? Found{{}, there->flight, there} : Found{there->answer()};
    return Place::kFound;
  }
  if (at != SignatureTable::kNone) {
    shard.table.Replace(at, promise, SignatureSlot::kPending, 0);
    shard.table.slot(at).Use(now);
    return Place::kPut;
  }
  if (!MakeRoomFor(&shard, *promise, now)) return Place::kNone;
  shard.table.Insert(promise, now);
  return Place::kPut;
}

// Attempts it; where who asks is held back, again each time that a check has ended. As long as
// there is no room one is under way.
template <typename Attempt>
bool SignatureCache::WhenThereIsRoom(bool wait, Attempt attempt) {
  for (;;) {
    const uint64_t ended = ended_;
    if (attempt()) return true;
    if (!wait || !holds_back_) return false;
    std::unique_lock lock(room_mutex_);
    room_.wait(lock, [&] { return ended_ != ended || !holds_back_; });
  }
}

SignatureCache::Found SignatureCache::FindOrBegin(const ImageKey& key, const NormalPath& path,
                                                  const SipHashes& hash, const ImageAhead* ahead) {
  const CachedSignaturePointer promise = Promise(path, hash, key.numbers);
  Flight flight{promise, std::string(key.path), options_.now()};
  flight.ahead = ahead != nullptr;
  if (ahead != nullptr) promise->loaded = ahead->loaded;
  Found found;
  Place place = Place::kNone;
  WhenThereIsRoom(!flight.ahead, [&] {
    place = Put(promise, &found);
    return place != Place::kNone;
  });
  if (place == Place::kFound) {
    std::atomic<uint64_t>& counter = found.verdict ? ShardOf(hash).hits : coalesced_;
    if (!flight.ahead) counter.fetch_add(1, std::memory_order_relaxed);
    return found;
  }
  if (!flight.ahead) misses_.fetch_add(1, std::memory_order_relaxed);
  if (place == Place::kNone) {
    if (!flight.ahead) dropped_.fetch_add(1, std::memory_order_relaxed);
    return Only(TrustStatus::kDropped);
  }
  if (flight.ahead) prewarmed_.fetch_add(1, std::memory_order_relaxed);
  if (WhenThereIsRoom(!flight.ahead, [&] { return Begin(flight); }))
    return {{}, promise->flight, promise};
  Drop(std::move(flight));
  if (on_answer_) on_answer_(promise->flight);  // others may have joined it
  return Only(TrustStatus::kDropped);
}

// False when there is no room for it.
bool SignatureCache::Begin(Flight flight) {
  const CachedSignature& entry = *flight.entry;
  VerifyRequest request;
  request.path = flight.path;
  request.numbers = entry.numbers;
  if (!entry.pending()) {
    request.unless = entry.identity;
    request.generation = entry.generation;
  }
  Lane& lane = LaneOf(entry.path);
  // One that is made again had a place, and of those that are only warmed there is one a thread.
  const bool has_place = flight.attempt > 1 || flight.ahead;
  const std::lock_guard lock(lane.mutex);
  const std::optional<uint64_t> id = lane.pool->Submit(std::move(request), has_place);
  if (id) lane.flights.emplace(*id, std::move(flight));
  return id.has_value();
}

// For want of room, or at the end.
void SignatureCache::Drop(Flight flight) {
  if (!closed_) dropped_.fetch_add(1, std::memory_order_relaxed);
  flight.last = true;
  Publish(flight, Unverified(TrustStatus::kDropped));
}

// Once for an answer at a time: its verdict is given out meanwhile.
void SignatureCache::Refresh(const CachedSignaturePointer& entry, std::string_view path) {
  if (entry->refreshing.exchange(true)) return;
  const Flight flight{entry, std::string(path), options_.now()};
  if (!Begin(flight)) FinishRefresh(flight, Unverified(TrustStatus::kDropped));
}

void SignatureCache::Finish(Flight flight, const FileVerdict& verdict) {
  if (!flight.entry->pending()) {
    FinishRefresh(flight, verdict);
  } else {
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
  const std::lock_guard lock(room_mutex_);
  ++ended_;
  room_.notify_all();
}

bool SignatureCache::MayRepeat(const Flight& flight) const {
  return !flight.last && (flight.attempt < kAttempts || holds_back_);
}

CachedSignaturePointer SignatureCache::Answer(const CachedSignature& key,
                                              const FileVerdict& verdict) {
  auto answer = std::make_shared<CachedSignature>();
  answer->hash = key.hash;
  answer->numbers = key.numbers;
  answer->path = key.path;
  answer->flight = key.flight;
  const SignatureAnswer summary = SummaryOf(verdict);
  answer->verdict = verdicts_.Share(summary.verdict);
  answer->timestamp = summary.timestamp;
  answer->identity = verdict.identity;
  answer->generation = verdict.generation;
  return answer;
}

int64_t SignatureCache::TimeToLive(const FileVerdict& verdict) const {
  if (!WasVerified(verdict.status)) return Nanoseconds(options_.error_ttl);
  const bool trusted = verdict.status == TrustStatus::kTrusted;
  if (!trusted && verdict.generation) return Nanoseconds(options_.unsigned_ttl);
  const auto good_for = std::max(options_.error_ttl, verdict.good_for.value_or(options_.ttl));
  return Nanoseconds(std::min(options_.ttl, good_for));
}

void SignatureCache::Replace(Shard* shard, size_t at, CachedSignaturePointer answer, int64_t ttl) {
  const int64_t now = options_.now();
  const int64_t expires = now + ttl;
  answer->expires = expires;
  answer->refresh_at = now + Nanoseconds(options_.revalidate_after);
  // With the lock held nobody asks meanwhile.
  answer->loaded = shard->table.entry(at)->loaded.load();
  answer->asked = shard->table.entry(at)->asked.load();
  // The first question after a load is one that Find looks at.
  const bool awaits_question = answer->loaded != 0 && answer->asked == 0;
  const int64_t refresh_at = awaits_question ? 0 : answer->refresh_at;
  shard->table.Replace(at, std::move(answer), expires, refresh_at);
}

// Puts an answer in the place of its promise, and keeps that. False when it is of a file that has
// changed since, and there are attempts left; after the last it is unstable.
bool SignatureCache::Publish(const Flight& flight, const FileVerdict& verdict) {
  const CachedSignaturePointer answer = Answer(*flight.entry, verdict);
  const CachedSignaturePointer unstable = Answer(*flight.entry, Unverified(TrustStatus::kUnstable));
  Shard& shard = ShardOf(flight.entry->hash);
  const std::unique_lock lock(shard.lock);
  // A promise stays until it is kept.
  const size_t at = shard.table.Find(flight.entry->hash, flight.entry->numbers);
  const bool changed = flight.entry->changes != flight.changes;
  if (changed && MayRepeat(flight)) return false;
  if (changed && WasVerified(verdict.status)) {
    Replace(&shard, at, unstable, Nanoseconds(options_.error_ttl));
  } else {
    Replace(&shard, at, answer, TimeToLive(verdict));
  }
  flight.entry->Keep(shard.table.entry(at)->answer());
  return true;
}

// An answer that was erased or replaced stays so: what was found out is of before. One whose file
// could not be looked at is given out for as long as until the next look at a file.
void SignatureCache::FinishRefresh(const Flight& flight, const FileVerdict& verdict) {
  const bool failed = !verdict.unchanged && SaysNothing(verdict.status);
  const CachedSignaturePointer answer = Answer(*flight.entry, verdict);
  Shard& shard = ShardOf(flight.entry->hash);
  {
    const std::unique_lock lock(shard.lock);
    const size_t at = shard.table.Find(flight.entry->hash, flight.entry->numbers);
    if (at != SignatureTable::kNone && shard.table.entry(at) == flight.entry) {
      SignatureSlot& slot = shard.table.slot(at);
      const int64_t next_look = options_.now() + Nanoseconds(options_.revalidate_after);
      if (verdict.unchanged) {
        refreshed_.fetch_add(1, std::memory_order_relaxed);
        slot.refresh_at.store(next_look, std::memory_order_relaxed);
        slot.expires = flight.entry->expires;
      } else if (failed) {
        slot.refresh_at.store(options_.now() + Nanoseconds(options_.error_ttl),
                              std::memory_order_relaxed);
        slot.expires = std::min(slot.expires, next_look);
      } else {
        Replace(&shard, at, answer, TimeToLive(verdict));
      }
    }
  }
  flight.entry->refreshing = false;
}

// What nobody has asked for yet is counted when somebody does.
void SignatureCache::Count(const Flight& flight) {
  const int64_t asked = flight.ahead ? flight.entry->asked.load() : flight.began;
  if (flight.ahead && asked == 0) return;
  const int64_t took = std::max<int64_t>(0, options_.now() - asked);
  finished_.fetch_add(1, std::memory_order_relaxed);
  latencies_.Add(static_cast<uint64_t>(took / 1000));
  if (!flight.ahead && took <= Nanoseconds(options_.enrichment))
    within_enrichment_.fetch_add(1, std::memory_order_relaxed);
}

void SignatureCache::Invalidate(std::string_view path) {
  if (path.size() > NormalPath::kLongest) return;
  const NormalPath normal(path, options_.windows_volume.get(), /*asks=*/false);
  const SipHashes hash = HashOf(normal.text());
  Shard& shard = ShardOf(hash);
  const std::unique_lock lock(shard.lock);
  const size_t erased = shard.table.EraseIf(hash, [](CachedSignature* entry) {
    ++entry->changes;
    return !entry->pending();
  });
  invalidated_.fetch_add(erased, std::memory_order_relaxed);
}

void SignatureCache::SayWindowsVolume(std::string_view path) {
  const uint32_t number = DiskOf(path);
  if (number != 0 && options_.windows_volume) options_.windows_volume->Say(number);
}

void SignatureCache::StopHoldingBack() {
  const std::lock_guard lock(room_mutex_);
  holds_back_ = false;
  room_.notify_all();
}

void SignatureCache::Close() {
  closed_ = true;
  StopHoldingBack();
  for (Lane* lane : {&local_, &network_}) {
    {
      const std::lock_guard lock(lane->mutex);
      lane->ahead.Clear();
    }
    lane->pool->Close();
  }
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
  all.prewarmed = prewarmed_.load(std::memory_order_relaxed);
  all.refreshed = refreshed_.load(std::memory_order_relaxed);
  all.invalidated = invalidated_.load(std::memory_order_relaxed);
  all.repeated = repeated_.load(std::memory_order_relaxed);
  all.dropped = dropped_.load(std::memory_order_relaxed);
  all.finished = finished_.load(std::memory_order_relaxed);
  all.within_enrichment = within_enrichment_.load(std::memory_order_relaxed);
  all.enrichment_p50 = enrichments_.Percentile(0.5);
  all.enrichment_p99 = enrichments_.Percentile(0.99);
  all.p50 = latencies_.Percentile(0.5);
  all.p90 = latencies_.Percentile(0.9);
  all.p99 = latencies_.Percentile(0.99);
  return all;
}

}  // namespace nuthatch
