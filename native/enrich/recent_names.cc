#include "enrich/recent_names.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

namespace nuthatch {
namespace {

constexpr size_t kLeastBuckets = 16;

// What of the bytes the table does not need.
size_t LogWords(size_t names, size_t bytes) {
  const size_t table = std::max(kLeastBuckets, std::bit_ceil(2 * names)) * sizeof(uint32_t);
  assert(bytes > 2 * table);
  return (bytes - table) / sizeof(uint64_t);
}

}  // namespace

// The log's memory is not written to before names are: new[] without parentheses.
RecentNames::RecentNames(size_t names, size_t bytes)
    : most_names_(names),
      capacity_(LogWords(names, bytes)),
      log_(new uint64_t[capacity_]),
      buckets_(kLeastBuckets, kNone) {}

size_t RecentNames::HomeOf(uint64_t key) const {
  const char* bytes = reinterpret_cast<const char*>(&key);
  return SipHash(key_, {bytes, sizeof(key)}) & (buckets_.size() - 1);
}

// That of the key, or the free one where it belongs.
size_t RecentNames::BucketOf(uint64_t key) const {
  size_t bucket = HomeOf(key);
  while (buckets_[bucket] != kNone && At(buckets_[bucket]).key != key)
    bucket = (bucket + 1) & (buckets_.size() - 1);
  return bucket;
}

RecentNames::Name* RecentNames::Find(uint64_t key) {
  if (size_ == 0) return nullptr;
  const uint32_t place = buckets_[BucketOf(key)];
  return place == kNone ? nullptr : &At(place);
}

RecentNames::Name& RecentNames::Put(uint64_t key, std::string_view text) {
  if (WordsOf(text.size()) > capacity_ / 2) text = {};
  const size_t words = WordsOf(text.size());
  uint32_t note = 0;
  if (const size_t bucket = BucketOf(key); buckets_[bucket] != kNone) {
    note = At(buckets_[bucket]).note;
    EraseAt(bucket);
  }
  // An eighth of a full log is gaps, so that names are not moved together for every new one.
  while (size_ > 0 && (size_ == most_names_ || live_ + words > capacity_ / 8 * 7)) EraseOldest();
  constexpr size_t kSlack = (size_t{64} << 10) / kWord;
  const bool grows = buckets_.size() < 2 * (size_ + 1);
  if (grows || end_ + words > capacity_ || end_ - live_ > live_ + kSlack)
    MoveTogether(grows ? 2 * buckets_.size() : buckets_.size());
  Name& name = At(end_);
  name = {key, note, static_cast<uint32_t>(text.size()), 0};
  text.copy(reinterpret_cast<char*>(&name + 1), text.size());
  buckets_[BucketOf(key)] = static_cast<uint32_t>(end_);
  end_ += words;
  live_ += words;
  ++size_;
  return name;
}

void RecentNames::Erase(uint64_t key) {
  const size_t bucket = BucketOf(key);
  if (buckets_[bucket] != kNone) EraseAt(bucket);
}

void RecentNames::EraseOldest() {
  while (At(oldest_).erased != 0) oldest_ += WordsOf(At(oldest_));
  EraseAt(BucketOf(At(oldest_).key));
}

void RecentNames::EraseAt(size_t bucket) {
  Name& name = At(buckets_[bucket]);
  name.erased = 1;
  live_ -= WordsOf(name);
  --size_;
  // Those that follow without a gap are moved up where they would not be found any more
  // (Knuth, TAOCP 3, 6.4, algorithm R).
  const size_t mask = buckets_.size() - 1;
  size_t gap = bucket;
  for (size_t at = (gap + 1) & mask; buckets_[at] != kNone; at = (at + 1) & mask) {
    const size_t home = HomeOf(At(buckets_[at]).key);
    if (((at - home) & mask) < ((at - gap) & mask)) continue;
    buckets_[gap] = buckets_[at];
    gap = at;
  }
  buckets_[gap] = kNone;
}

void RecentNames::MoveTogether(size_t buckets) {
  buckets_.assign(buckets, kNone);
  size_t to = 0;
  for (size_t from = oldest_; from < end_;) {
    const Name& name = At(from);
    const size_t words = WordsOf(name);
    if (name.erased == 0) {
      size_t bucket = HomeOf(name.key);
      while (buckets_[bucket] != kNone) bucket = (bucket + 1) & (buckets - 1);
      buckets_[bucket] = static_cast<uint32_t>(to);
      std::memmove(log_.get() + to, log_.get() + from, words * kWord);
      to += words;
    }
    from += words;
  }
  oldest_ = 0;
  end_ = to;
}

}  // namespace nuthatch
