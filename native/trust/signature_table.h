// One shard of the signature cache: answers by path and numbers. Its user locks it.
#ifndef NUTHATCH_TRUST_SIGNATURE_TABLE_H_
#define NUTHATCH_TRUST_SIGNATURE_TABLE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/sip_hash.h"
#include "platform/large_page_allocator.h"
#include "trust/image_key.h"
#include "trust/shared_verdict.h"

namespace nuthatch {

// An answer, or the promise of one: what a hit does not need. Immutable once others can see it,
// but for what says otherwise: an answer takes the place of its promise as another object.
struct CachedSignature {
  // Of the path, by a key that nobody knows: paths are the same if these 128 bits are, so that no
  // look-up needs to read them.
  SipHashes hash{};
  ImageNumbers numbers;
  std::string path;              // normalised
  uint64_t flight = 0;           // of the check that will answer, or has
  SharedVerdictPointer verdict;  // nullptr: none yet
  std::optional<UnixMillis> timestamp;
  std::optional<FileIdentity> identity;  // of the file when it was read
  std::optional<uint64_t> generation;    // of catalogs, as FileVerdict has it
  std::atomic<bool> refreshing{false};   // any thread
  // When the image was loaded last of which nobody had asked yet, if a load began the check; else
  // 0. Then when somebody did first.
  std::atomic<int64_t> loaded{0};
  std::atomic<int64_t> asked{0};
  // How often the file has changed while its check was under way; written with the lock held alone.
  uint32_t changes = 0;
  // Of an answer: as long as its file can be looked at, and when it is to be.
  int64_t expires = 0;
  int64_t refresh_at = 0;

  bool pending() const { return verdict == nullptr; }
  SignatureAnswer answer() const {
    if (pending()) return {};
    return {verdict->Hold(), timestamp};
  }

  // Of a promise, for those who have joined its check: what it was answered with, which they get
  // even if nothing is in the table any more. Kept once; nullptr before. Any thread.
  void Keep(SignatureAnswer kept) {
    kept_ = std::move(kept);
    is_kept_.store(true, std::memory_order_release);
  }
  SignatureAnswer kept() const {
    return is_kept_.load(std::memory_order_acquire) ? kept_ : SignatureAnswer();
  }

 private:
  SignatureAnswer kept_;
  std::atomic<bool> is_kept_{false};
};
using CachedSignaturePointer = std::shared_ptr<CachedSignature>;

// All that a hit reads and writes of its own, in one line of the processor's cache. Atomics are
// written with the lock held by many.
struct alignas(64) SignatureSlot {
  static constexpr UnixMillis kNoTimestamp = INT64_MIN;
  static constexpr int64_t kFree = INT64_MIN;
  static constexpr int64_t kPending = INT64_MAX;

  SipHashes hash{};
  ImageNumbers numbers;
  std::atomic<uint32_t> used{0};       // last, in ticks
  std::atomic<int64_t> refresh_at{0};  // or later: is the file still the one that was verified?
  int64_t expires = kFree;
  UnixMillis timestamp = kNoTimestamp;
  const SharedVerdict* verdict = nullptr;  // which the entry holds

  bool free() const { return expires == kFree; }
  bool IsUsable(int64_t now) const { return now < expires; }
  // Of about a millisecond: what is used again and again is not written to each time, for that
  // would take the line from the other processors. They pass zero after 52 days.
  static uint32_t TicksOf(int64_t nanoseconds) { return static_cast<uint32_t>(nanoseconds >> 20); }
  SignatureAnswer answer() const {
    if (verdict == nullptr) return {};
    SignatureAnswer answer{verdict->Hold()};
    if (timestamp != kNoTimestamp) answer.timestamp = timestamp;
    return answer;
  }
  void Use(int64_t now) {
    const uint32_t ticks = TicksOf(now);
    if (used.load(std::memory_order_relaxed) != ticks) used.store(ticks, std::memory_order_relaxed);
  }
};
static_assert(sizeof(SignatureSlot) == 64);

// Open addressing with linear probing, at most half full: all keys of a path are neighbours.
class SignatureTable {
 public:
  // What an entry may take on average, besides its object.
  static constexpr size_t kBytesPerEntry = 1024;
  static constexpr size_t kNone = SIZE_MAX;

  // Places are good until something is inserted or erased; kNone when there is none.
  size_t Find(const SipHashes& path, const ImageNumbers& numbers) const;
  SignatureSlot& slot(size_t at) { return slots_[at]; }
  const CachedSignaturePointer& entry(size_t at) const { return entries_[at]; }

  // There must be none of its key; it is a promise.
  void Insert(CachedSignaturePointer entry, int64_t now);
  // By another of the same key.
  void Replace(size_t at, CachedSignaturePointer entry, int64_t expires, int64_t refresh_at);

  // Calls `visit` with each entry of a path, and erases those for which it is true; returns how
  // many.
  template <typename Visit>
  size_t EraseIf(SipHashes path, Visit visit) {  // a copy: it may be that of an entry
    size_t erased = 0;
    if (slots_.empty()) return 0;
    for (size_t at = HomeOf(path.first); !slots_[at].free();) {
      if (slots_[at].hash == path && visit(entries_[at].get())) {
        EraseAt(at);  // what follows has moved up
        ++erased;
      } else {
        at = Next(at);
      }
    }
    return erased;
  }

  // Makes room for one more: a sixteenth of the answers goes, those that were used longest ago.
  // False when there is none, because all are promises. Adds what has gone to *evicted.
  bool MakeRoom(size_t capacity, int64_t now, uint64_t* evicted);

  size_t size() const { return size_; }

 private:
  static size_t BytesOf(const CachedSignature& entry);
  size_t HomeOf(uint64_t hash) const { return hash & (slots_.size() - 1); }
  size_t Next(size_t at) const { return (at + 1) & (slots_.size() - 1); }
  void Grow();
  void Move(SignatureSlot* from, CachedSignaturePointer* entry, size_t to);
  void EraseAt(size_t slot);

  std::vector<SignatureSlot, LargePageAllocator<SignatureSlot>> slots_;  // a power of two of them
  std::vector<CachedSignaturePointer> entries_;                          // by the slots' places
  size_t size_ = 0;
  size_t bytes_ = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_SIGNATURE_TABLE_H_
