#ifndef NUTHATCH_LIVE_SPILLED_CHUNKS_H_
#define NUTHATCH_LIVE_SPILLED_CHUNKS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "live/record_chunk.h"
#include "platform/temporary_file.h"

namespace nuthatch {

// Chunks on a disk, first in, first out, in a ring: their room is used again once they have been
// taken. One thread pushes, another one pops.
class SpilledChunks {
 public:
  SpilledChunks(std::unique_ptr<TemporaryFile> file, uint64_t most_bytes)
      : file_(std::move(file)), most_(most_bytes) {}

  // False when there is no room, or the disk fails.
  bool Push(const RecordChunk& chunk);
  // Into an empty one. False when the disk fails: the chunk's records, which are told, are lost.
  bool Pop(RecordChunk* chunk, uint32_t* records);
  size_t size() const;

 private:
  struct Place {
    uint64_t position;
    uint64_t bytes;
    uint32_t records;
    int64_t first_arrived;
  };

  std::optional<uint64_t> RoomFor(uint64_t bytes) const;

  const std::unique_ptr<TemporaryFile> file_;
  const uint64_t most_;
  mutable std::mutex mutex_;  // of the places; neither thread holds it while the disk works
  std::deque<Place> places_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_LIVE_SPILLED_CHUNKS_H_
