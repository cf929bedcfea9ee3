// A table by number that is bounded: the entries that were put last stay. Keyed at random, so that
// whoever writes a trace cannot choose numbers that collide.
#ifndef NUTHATCH_ENRICH_RECENT_MAP_H_
#define NUTHATCH_ENRICH_RECENT_MAP_H_

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "base/sip_hash.h"
#include "platform/random.h"

namespace nuthatch {

// Entries that were erased are used again, with the value that they had: a value that owns memory
// keeps it. Grows up to its capacity, and then allocates nothing. What is returned lasts until the
// next Put.
template <typename Value>
class RecentMap {
 public:
  explicit RecentMap(size_t capacity) : capacity_(capacity), key_{RandomWord(), RandomWord()} {
    assert(capacity > 0 && capacity < kNone);
  }

  size_t size() const { return size_; }

  // nullptr when there is none.
  Value* Find(uint64_t key) {
    if (size_ == 0) return nullptr;
    const uint32_t entry = buckets_[BucketOf(key)];
    return entry == kNone ? nullptr : &entries_[entry].value;
  }
  const Value* Find(uint64_t key) const { return const_cast<RecentMap*>(this)->Find(key); }

  // The entry of that key, which is now the newest. A new one (`added`) has the value of some
  // earlier entry; when there are as many as may be, it takes the place of the oldest.
  Value& Put(uint64_t key, bool* added) {
    if (buckets_.size() < 2 * (size_ + 1)) Grow();
    size_t bucket = BucketOf(key);
    uint32_t entry = buckets_[bucket];
    *added = entry == kNone;
    if (*added) {
      if (size_ == capacity_) {
        EraseOldest();
        bucket = BucketOf(key);
      }
      entry = TakeFree();
      buckets_[bucket] = entry;
      entries_[entry].key = key;
      ++size_;
    } else {
      Unlink(entry);
    }
    LinkNewest(entry);
    return entries_[entry].value;
  }

  // The value stays, to be used again.
  void Erase(uint64_t key) {
    if (size_ == 0) return;
    const size_t bucket = BucketOf(key);
    if (buckets_[bucket] != kNone) EraseAt(bucket);
  }

  // There must be one.
  Value& Oldest() { return entries_[oldest_].value; }
  void EraseOldest() { EraseAt(BucketOf(entries_[oldest_].key)); }

 private:
  static constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

  struct Entry {
    uint64_t key = 0;
    uint32_t older = kNone;
    uint32_t newer = kNone;  // of a free entry the next free one
    Value value{};
  };

  size_t HomeOf(uint64_t key) const {
    const char* bytes = reinterpret_cast<const char*>(&key);
    return SipHash(key_, {bytes, sizeof(key)}) & (buckets_.size() - 1);
  }
  // That of the key, or the free one where it belongs. At most half are in use.
  size_t BucketOf(uint64_t key) const {
    size_t bucket = HomeOf(key);
    while (buckets_[bucket] != kNone && entries_[buckets_[bucket]].key != key)
      bucket = (bucket + 1) & (buckets_.size() - 1);
    return bucket;
  }

  void Grow() {
    buckets_.assign(buckets_.empty() ? 16 : 2 * buckets_.size(), kNone);
    for (uint32_t entry = oldest_; entry != kNone; entry = entries_[entry].newer)
      buckets_[BucketOf(entries_[entry].key)] = entry;
  }

  uint32_t TakeFree() {
    if (free_ == kNone) {
      entries_.emplace_back();
      return static_cast<uint32_t>(entries_.size() - 1);
    }
    const uint32_t entry = free_;
    free_ = entries_[entry].newer;
    return entry;
  }

  void EraseAt(size_t bucket) {
    const uint32_t entry = buckets_[bucket];
    Unlink(entry);
    entries_[entry].newer = free_;
    free_ = entry;
    --size_;
    // Those that follow without a gap are moved up where they would not be found any more
    // (Knuth, TAOCP 3, 6.4, algorithm R).
    const size_t mask = buckets_.size() - 1;
    size_t gap = bucket;
    for (size_t at = (gap + 1) & mask; buckets_[at] != kNone; at = (at + 1) & mask) {
      const size_t home = HomeOf(entries_[buckets_[at]].key);
      if (((at - home) & mask) < ((at - gap) & mask)) continue;
      buckets_[gap] = buckets_[at];
      gap = at;
    }
    buckets_[gap] = kNone;
  }

  void Unlink(uint32_t entry) {
    const uint32_t older = entries_[entry].older;
    const uint32_t newer = entries_[entry].newer;
    (older == kNone ? oldest_ : entries_[older].newer) = newer;
    (newer == kNone ? newest_ : entries_[newer].older) = older;
  }
  void LinkNewest(uint32_t entry) {
    entries_[entry].older = newest_;
    entries_[entry].newer = kNone;
    (newest_ == kNone ? oldest_ : entries_[newest_].newer) = entry;
    newest_ = entry;
  }

  const size_t capacity_;
  const SipKey key_;
  std::vector<Entry> entries_;
  std::vector<uint32_t> buckets_;  // a power of two of them
  size_t size_ = 0;
  uint32_t oldest_ = kNone;
  uint32_t newest_ = kNone;
  uint32_t free_ = kNone;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_RECENT_MAP_H_
