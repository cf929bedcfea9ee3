// Names by number (files by their objects and keys, registry keys by their control blocks), bounded
// in number and in bytes: those that were put last stay.
#ifndef NUTHATCH_ENRICH_RECENT_NAMES_H_
#define NUTHATCH_ENRICH_RECENT_NAMES_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

#include "base/sip_hash.h"
#include "platform/random.h"

namespace nuthatch {

// A log of names, the newest last, and a table of where they are. What is erased leaves a gap; when
// gaps are as large as names, or the log is full, names are moved together. Memory is touched only
// as far as the log has grown, and nothing is allocated but for the table while it grows. Keyed at
// random, so that whoever writes a trace cannot choose numbers that collide.
class RecentNames {
 public:
  // In the log, before its text.
  struct Name {
    uint64_t key;
    uint32_t note;  // the caller's
    uint32_t size : 31;
    uint32_t erased : 1;

    std::string_view text() const { return {reinterpret_cast<const char*>(this + 1), size}; }
  };

  // At most so many names in so many bytes, with all that is kept besides.
  RecentNames(size_t names, size_t bytes);

  // nullptr when there is none; lasts until the next Put.
  Name* Find(uint64_t key);
  const Name* Find(uint64_t key) const { return const_cast<RecentNames*>(this)->Find(key); }

  // The note of a new entry is 0, else it stays. A text that needs more than a half of the log is
  // not kept: its entry is empty. `text` is none of these names'.
  Name& Put(uint64_t key, std::string_view text);
  // What is there stays.
  void PutIfAbsent(uint64_t key, std::string_view text) {
    if (Find(key) == nullptr) Put(key, text);
  }
  void Erase(uint64_t key);
  // Whether it is among the older half, which go next.
  bool IsOld(const Name& name) const { return PlaceOf(name) < (oldest_ + end_) / 2; }

  size_t size() const { return size_; }
  // What is in use, without gaps.
  size_t bytes() const { return live_ * kWord + buckets_.size() * sizeof(uint32_t); }

 private:
  static constexpr size_t kWord = sizeof(uint64_t);
  static constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

  static size_t WordsOf(size_t text) { return (sizeof(Name) + text + kWord - 1) / kWord; }
  static size_t WordsOf(const Name& name) { return WordsOf(name.size); }
  Name& At(size_t place) { return *reinterpret_cast<Name*>(log_.get() + place); }
  const Name& At(size_t place) const { return *reinterpret_cast<const Name*>(log_.get() + place); }
  size_t PlaceOf(const Name& name) const {
    return static_cast<size_t>(reinterpret_cast<const uint64_t*>(&name) - log_.get());
  }
  size_t HomeOf(uint64_t key) const;
  size_t BucketOf(uint64_t key) const;
  void EraseAt(size_t bucket);
  void EraseOldest();
  void MoveTogether(size_t buckets);

  const size_t most_names_;
  const size_t capacity_;  // of the log; words, as all places in it
  const SipKey key_{RandomWord(), RandomWord()};
  const std::unique_ptr<uint64_t[]> log_;
  size_t end_ = 0;
  size_t oldest_ = 0;  // where it, or a gap before it, is
  size_t live_ = 0;    // without gaps
  size_t size_ = 0;
  std::vector<uint32_t> buckets_;  // places; a power of two of them, half of which are free
};

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_RECENT_NAMES_H_
