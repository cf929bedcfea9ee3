#include "live/spilled_chunks.h"

namespace nuthatch {

// After the newest, or at the beginning, before the oldest; whole in any case.
std::optional<uint64_t> SpilledChunks::RoomFor(uint64_t bytes) const {
  const uint64_t begin = places_.empty() ? 0 : places_.front().position;
  const uint64_t end = places_.empty() ? 0 : places_.back().position + places_.back().bytes;
  const bool goes_round = !places_.empty() && places_.back().position < begin;
  if (end + bytes <= (goes_round ? begin : most_)) return end;
  if (!goes_round && bytes <= begin) return 0;
  return std::nullopt;
}

bool SpilledChunks::Push(const RecordChunk& chunk) {
  Place place{0, chunk.bytes().size(), chunk.records(), chunk.first_arrived};
  {
    const std::lock_guard lock(mutex_);
    const std::optional<uint64_t> room = RoomFor(place.bytes);
    if (!room) return false;
    place.position = *room;
  }
  if (!file_->Write(place.position, chunk.bytes())) return false;
  const std::lock_guard lock(mutex_);
  places_.push_back(place);
  return true;
}

bool SpilledChunks::Pop(RecordChunk* chunk, uint32_t* records) {
  Place place{};
  {
    const std::lock_guard lock(mutex_);
    place = places_.front();
  }
  *records = place.records;
  chunk->first_arrived = place.first_arrived;
  const bool is_read = file_->Read(place.position, chunk->Restore(place.bytes));
  if (is_read) {
    chunk->Recount();
  } else {
    chunk->Clear();
  }
  // Not before: what is pushed next may be written over it.
  const std::lock_guard lock(mutex_);
  places_.pop_front();
  return is_read;
}

size_t SpilledChunks::size() const {
  const std::lock_guard lock(mutex_);
  return places_.size();
}

}  // namespace nuthatch
