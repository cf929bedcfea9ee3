// The starts of processes, whose facts are joined onto their later events. What is kept of a start
// is the caller's matter: bytes here. Bounded, the oldest out first, and the same for any number of
// threads: starts are numbered in the order of the stream, and who asks says as of which start.
#ifndef NUTHATCH_ENRICH_PROCESS_TABLE_H_
#define NUTHATCH_ENRICH_PROCESS_TABLE_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sip_hash.h"
#include "platform/large_block.h"

namespace nuthatch {

class ProcessStarts;

class ProcessTable {
 public:
  // How many starts were published before, itself included: starts count from 1.
  using Ordinal = uint64_t;

  // Memory is limited too: to this much a start on average, but to no less than kLeastBytes.
  static constexpr uint64_t kBytesPerStart = 2048;
  static constexpr uint64_t kLeastBytes = uint64_t{16} << 20;
  // Room for starts that are published while earlier blocks are still being evaluated.
  static constexpr size_t kSlack = size_t{64} << 10;

  // Keeps the newest `capacity` starts.
  explicit ProcessTable(size_t capacity);

  // The newest start of `guid` among the `capacity` ones up to `as_of`, which lives until the
  // reader's ordinal is given up. Any thread, without locks.
  std::optional<std::string_view> Find(std::string_view guid, Ordinal as_of) const;

  // The rest is for one thread at a time, in the order of the stream. `oldest` is the least ordinal
  // that anybody may still ask as of.
  Ordinal published() const { return published_; }
  bool HasRoom(size_t starts, Ordinal oldest) const;
  void Publish(const ProcessStarts& starts, Ordinal oldest);

 private:
  friend class ProcessStarts;

  // Immutable while a reader may get to it.
  struct Entry {
    uint64_t hash;
    Ordinal next;    // the start before it in the same bucket
    uint64_t begin;  // bytes published before it
    uint64_t end;    // and with it
    const char* bytes;
    uint32_t guid_size;  // the first of its bytes
  };
  // Starts one after the other.
  struct Block {
    LargeBlock bytes;
    size_t size;
    size_t used;
    Ordinal last;
    uint64_t end;
  };

  Entry& EntryOf(Ordinal start) const { return entries_[start & entry_mask_]; }
  uint64_t EndOf(Ordinal start) const { return start == 0 ? 0 : EntryOf(start).end; }
  void FreeBlocks(Ordinal oldest);
  char* Allocate(size_t size);

  const size_t capacity_;
  const uint64_t budget_;
  const SipKey key_;
  const size_t entry_mask_;
  const std::unique_ptr<Entry[]> entries_;
  const size_t bucket_mask_;
  // The newest start in each bucket. A number at or below a reader's floor ends its search, so
  // links to entries that have been replaced are never followed.
  const std::unique_ptr<std::atomic<Ordinal>[]> buckets_;
  std::deque<Block> blocks_;  // the oldest first
  Ordinal published_ = 0;
};

// The starts of one block of records, gathered by one thread before they are published.
class ProcessStarts {
 public:
  // `table` may be nullptr when nothing is added.
  explicit ProcessStarts(const ProcessTable* table) : table_(table) {}

  void Clear();
  size_t size() const { return starts_.size(); }
  // A start follows, which is to be appended to what this returns; nullptr for a guid that is not
  // to be kept.
  std::string* Add(std::string_view guid);

 private:
  friend class ProcessTable;
  struct Start {
    uint64_t hash;
    size_t begin;  // in bytes_
    uint32_t guid_size;
  };

  const ProcessTable* const table_;
  std::vector<Start> starts_;
  std::string bytes_;  // of each start its guid, then itself
};

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_PROCESS_TABLE_H_
