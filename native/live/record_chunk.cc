#include "live/record_chunk.h"

#include <cstring>
#include <type_traits>

#include "live/event_record.h"

namespace nuthatch {

static_assert(std::is_trivially_copyable_v<EtwRecord>);

bool RecordChunk::Add(const WinEventRecord& event, uint64_t time) {
  const size_t items = ItemBytes(event);
  const size_t payload = event.payload == nullptr ? 0 : event.payload_size;
  const size_t size = (sizeof(Head) + items + payload + 7) & ~size_t{7};
  if (size > kBytes - bytes_.size()) return false;
  Head head{static_cast<uint32_t>(size), static_cast<uint32_t>(items),
            static_cast<uint32_t>(payload), 0, ReadEventRecord(event)};
  head.record.time = time;
  const auto at = static_cast<uint32_t>(bytes_.size());
  Count(at, static_cast<uint32_t>(at + size), time);
  bytes_.resize(at + size);  // within what is reserved
  uint8_t* const to = bytes_.data() + at;
  std::memcpy(to, &head, sizeof head);
  WriteItems(event, {to + sizeof head, items});
  if (payload > 0) std::memcpy(to + sizeof head + items, event.payload, payload);
  return true;
}

void RecordChunk::Count(uint32_t at, uint32_t end, uint64_t time) {
  if (runs_.empty() || time < last_time_) runs_.push_back({at, at});
  runs_.back().end = end;
  last_time_ = time;
  ++records_;
}

bool RecordChunk::Append(const RecordChunk& other) {
  if (other.bytes_.size() > kBytes - bytes_.size()) return false;
  const auto at = static_cast<uint32_t>(bytes_.size());
  const size_t runs = runs_.size();
  runs_.insert(runs_.end(), other.runs_.begin(), other.runs_.end());
  for (size_t i = runs; i < runs_.size(); ++i) runs_[i] = {runs_[i].begin + at, runs_[i].end + at};
  bytes_.insert(bytes_.end(), other.bytes_.begin(), other.bytes_.end());
  records_ += other.records_;
  last_time_ = other.last_time_;
  return true;
}

std::span<uint8_t> RecordChunk::Restore(size_t size) {
  Clear();
  bytes_.resize(size);
  return bytes_;
}

void RecordChunk::Recount() {
  for (uint32_t at = 0; at < bytes_.size();) {
    EtwRecord record;
    const uint32_t end = Read(at, &record);
    Count(at, end, record.time);
    at = end;
  }
}

void RecordChunk::Clear() {
  bytes_.clear();
  runs_.clear();
  records_ = 0;
  is_urgent = false;
}

uint32_t RecordChunk::Read(uint32_t at, EtwRecord* record) const {
  Head head;
  std::memcpy(&head, bytes_.data() + at, sizeof head);
  const std::span<const uint8_t> rest = std::span(bytes_).subspan(at + sizeof head);
  *record = head.record;
  record->extended = ExtendedItems(rest.first(head.items));
  record->payload = rest.subspan(head.items, head.payload);
  return at + head.size;
}

uint64_t RecordChunk::TimeAt(uint32_t at) const {
  uint64_t time = 0;
  std::memcpy(&time, bytes_.data() + at + offsetof(Head, record) + offsetof(EtwRecord, time),
              sizeof time);
  return time;
}

}  // namespace nuthatch
