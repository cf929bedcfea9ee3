// Copies of records on their way from the thread that the system calls.
#ifndef NUTHATCH_LIVE_RECORD_CHUNK_H_
#define NUTHATCH_LIVE_RECORD_CHUNK_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "etw/record.h"
#include "live/etw_structures.h"

namespace nuthatch {

// For one thread at a time. Once it has been filled, a record allocates nothing.
class RecordChunk {
 public:
  // The largest event that Windows takes has 64 KiB, its header and items included.
  static constexpr size_t kBytes = size_t{256} << 10;

  // Records in the order of their time.
  struct Run {
    uint32_t begin;
    uint32_t end;
  };

  RecordChunk() { bytes_.reserve(kBytes); }

  // False when there is no room for it; then nothing has changed, nor when it throws
  // std::bad_alloc. `time` is its FILETIME.
  bool Add(const WinEventRecord& event, uint64_t time);
  // Everything of another chunk; false as above.
  bool Append(const RecordChunk& other);
  void Clear();
  // Room for the bytes of a chunk of this process that were put elsewhere; when they stand there,
  // Recount makes it that chunk again.
  std::span<uint8_t> Restore(size_t size);
  void Recount();

  uint32_t records() const { return records_; }
  std::span<const uint8_t> bytes() const { return bytes_; }
  std::span<const Run> runs() const { return runs_; }
  // What it takes of the memory, however much of that is in use.
  size_t memory() const { return bytes_.capacity() + runs_.capacity() * sizeof(Run); }
  // Of the record that begins there. Where the next one begins is returned.
  uint32_t Read(uint32_t at, EtwRecord* record) const;
  uint64_t TimeAt(uint32_t at) const;

  // When its last records were handed over, and its first: ClockNanoseconds.
  int64_t arrived = 0;
  int64_t first_arrived = 0;
  // Until it is handed over: who reads should learn from it at once.
  bool is_urgent = false;

 private:
  struct Head {
    uint32_t size;  // of all, with this; a multiple of 8
    uint32_t items;
    uint32_t payload;
    uint32_t unused;
    EtwRecord record;  // its spans mean nothing
  };

  void Count(uint32_t at, uint32_t end, uint64_t time);

  std::vector<uint8_t> bytes_;
  std::vector<Run> runs_;
  uint32_t records_ = 0;
  uint64_t last_time_ = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_LIVE_RECORD_CHUNK_H_
