// What is known of processes from their starts, to be joined onto their later events. Bounded, the
// oldest out first, and the same for any number of threads: starts are numbered in the order of the
// stream, and who asks says as of which start.
#ifndef NUTHATCH_ENRICH_PROCESS_TABLE_H_
#define NUTHATCH_ENRICH_PROCESS_TABLE_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/sip_hash.h"
#include "model/schema.h"
#include "model/value.h"

namespace nuthatch {

class ProcessStarts;

class ProcessTable {
 public:
  // How many starts were published before, itself included: starts count from 1.
  using Ordinal = uint64_t;

  // Memory for facts is limited too: to this much a start on average, but to no less than kLeast.
  static constexpr uint64_t kBytesPerStart = 1024;
  static constexpr uint64_t kLeastBytes = uint64_t{16} << 20;
  // Room for starts that are published while earlier blocks are still being evaluated.
  static constexpr size_t kSlack = size_t{64} << 10;

  // Keeps `properties` of the newest `capacity` starts.
  ProcessTable(std::vector<PropertyId> properties, size_t capacity);
  ~ProcessTable();

  std::span<const PropertyId> properties() const { return properties_; }

  // One process, as it was at its start. Texts live until the reader's ordinal is given up.
  class Process {
   public:
    bool known() const { return bytes_ != nullptr; }
    // Missing when the start did not tell it, or nobody keeps it.
    Value Fact(PropertyId id) const;

   private:
    friend class ProcessTable;
    const ProcessTable* table_ = nullptr;
    const char* bytes_ = nullptr;
  };

  // The newest start of `guid` among the `capacity` ones up to `as_of`. Any thread, without locks.
  Process Find(std::string_view guid, Ordinal as_of) const;

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
    uint64_t begin;  // bytes of facts published before it
    uint64_t end;    // and with it
    const char* bytes;
  };
  struct Block {
    std::string bytes;
    Ordinal last;
    uint64_t end;
  };

  Entry& EntryOf(Ordinal start) const { return entries_[start & entry_mask_]; }
  uint64_t EndOf(Ordinal start) const { return start == 0 ? 0 : EntryOf(start).end; }
  void FreeBlocks(Ordinal oldest);

  const std::vector<PropertyId> properties_;
  std::array<int16_t, kPropertyCount> fact_of_;  // index in properties_, or -1
  const size_t capacity_;
  const uint64_t budget_;
  const SipKey key_;
  const size_t entry_mask_;
  const std::unique_ptr<Entry[]> entries_;
  const size_t bucket_mask_;
  // The newest start in each bucket. A number at or below a reader's floor ends its search, so
  // links to entries that have been replaced are never followed.
  const std::unique_ptr<std::atomic<Ordinal>[]> buckets_;
  std::deque<Block> blocks_;
  Ordinal published_ = 0;
};

// The starts of one block of records, gathered by one thread before they are published.
class ProcessStarts {
 public:
  // `table` may be nullptr when nothing is added.
  explicit ProcessStarts(const ProcessTable* table) : table_(table) {}

  void Clear();
  size_t size() const { return starts_.size(); }
  // `facts` are the values of table.properties(), in that order.
  void Add(std::string_view guid, std::span<const Value> facts);

 private:
  friend class ProcessTable;
  struct Start {
    uint64_t hash;
    size_t begin;  // in bytes_
  };

  const ProcessTable* const table_;
  std::vector<Start> starts_;
  // For each start: u32 sizes (kNone: missing) of guid and facts, then the texts; numbers as 8
  // bytes.
  std::string bytes_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_PROCESS_TABLE_H_
