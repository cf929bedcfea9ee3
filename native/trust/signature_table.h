// One shard of the signature cache: answers by path and numbers. Its user locks it.
#ifndef NUTHATCH_TRUST_SIGNATURE_TABLE_H_
#define NUTHATCH_TRUST_SIGNATURE_TABLE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/sip_hash.h"
#include "trust/image_key.h"
#include "trust/signature_verdict.h"

namespace nuthatch {

// An answer, or the promise of one. Immutable once others can see it, but for what says otherwise:
// an answer takes the place of its promise as another object.
//
// What a hit reads comes first, so that it is in one line of the processor's cache.
struct CachedSignature {
  static constexpr int64_t kPending = INT64_MAX;

  // Of the path, by a key that nobody knows: paths are the same if these 128 bits are, so that a
  // hit needs not read them.
  SipHashes hash{};
  ImageNumbers numbers;
  // Written with the lock held by many, as the atomics that follow.
  std::atomic<bool> refreshing{false};
  std::atomic<int64_t> used{0};        // last
  std::atomic<int64_t> refresh_at{0};  // or later: is the file still the one that was verified?
  int64_t expires = kPending;          // kPending: there is no answer yet

  SignatureVerdict verdict;
  std::string path;     // normalised
  uint64_t flight = 0;  // of the check that will answer
  // How often the file has changed while its check was under way; written with the lock held alone.
  uint32_t changes = 0;

  bool pending() const { return expires == kPending; }
};
using CachedSignaturePointer = std::shared_ptr<CachedSignature>;

// Open addressing with linear probing, at most half full: all keys of a path are neighbours.
class SignatureTable {
 public:
  // What an entry may take on average, besides its object.
  static constexpr size_t kBytesPerEntry = 1024;

  // nullptr when there is none.
  const CachedSignaturePointer* Find(const SipHashes& path, const ImageNumbers& numbers) const;
  CachedSignaturePointer* Find(const CachedSignature& key) {
    return const_cast<CachedSignaturePointer*>(Find(key.hash, key.numbers));
  }
  // There must be none of its key.
  void Insert(CachedSignaturePointer entry);
  void Replace(CachedSignaturePointer* at, CachedSignaturePointer entry);
  void Erase(const CachedSignature& key);

  // Calls `visit` with each entry of a path, and erases those for which it is true; returns how
  // many.
  template <typename Visit>
  size_t EraseIf(const SipHashes& path, Visit visit) {
    size_t erased = 0;
    if (slots_.empty()) return 0;
    for (size_t at = HomeOf(path.first); slots_[at].entry != nullptr;) {
      CachedSignature& entry = *slots_[at].entry;
      if (entry.hash == path && visit(&entry)) {
        EraseAt(at);  // what follows has moved up
        ++erased;
      } else {
        at = (at + 1) & (slots_.size() - 1);
      }
    }
    return erased;
  }

  // Makes room for one more: a sixteenth of the answers goes, those that were used longest ago.
  // False when there is none, because all are promises. Adds what has gone to *evicted.
  bool MakeRoom(size_t capacity, uint64_t* evicted);

  size_t size() const { return size_; }

 private:
  struct Slot {
    uint64_t hash = 0;
    CachedSignaturePointer entry;
  };

  static size_t BytesOf(const CachedSignature& entry);
  size_t HomeOf(uint64_t hash) const { return hash & (slots_.size() - 1); }
  void Grow();
  void EraseAt(size_t slot);

  std::vector<Slot> slots_;  // a power of two of them
  size_t size_ = 0;
  size_t bytes_ = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_SIGNATURE_TABLE_H_
