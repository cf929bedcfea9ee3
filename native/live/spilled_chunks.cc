#include "live/spilled_chunks.h"

namespace nuthatch {

// One after the other, and from the beginning again once all have been taken.
bool SpilledChunks::Push(const RecordChunk& chunk) {
  Place place{0, chunk.bytes().size(), chunk.records(), chunk.first_arrived};
  {
    const std::lock_guard lock(mutex_);
    if (!places_.empty()) place.position = places_.back().position + places_.back().bytes;
  }
  if (place.position + place.bytes > most_) return false;
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
