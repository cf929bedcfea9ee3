#include "enrich/process_table.h"

#include <algorithm>
#include <bit>
#include <cassert>

#include "platform/random.h"

namespace nuthatch {
namespace {

// Of an id that is none, but was sent as one.
constexpr size_t kLongestGuid = size_t{64} << 10;

}  // namespace

ProcessTable::ProcessTable(size_t capacity)
    : capacity_(capacity),
      budget_(std::max(capacity * kBytesPerStart, kLeastBytes)),
      key_{RandomWord(), RandomWord()},
      entry_mask_(std::bit_ceil(capacity + kSlack) - 1),
      entries_(std::make_unique_for_overwrite<Entry[]>(entry_mask_ + 1)),
      bucket_mask_(std::bit_ceil(std::max<size_t>(capacity, 1)) - 1),
      buckets_(std::make_unique<std::atomic<Ordinal>[]>(bucket_mask_ + 1)) {}

std::optional<std::string_view> ProcessTable::Find(std::string_view guid, Ordinal as_of) const {
  const uint64_t hash = SipHash(key_, guid);
  const Ordinal floor = as_of > capacity_ ? as_of - capacity_ : 0;
  const uint64_t end = EndOf(as_of);
  Ordinal start = buckets_[hash & bucket_mask_].load(std::memory_order_acquire);
  for (; start > floor; start = EntryOf(start).next) {
    const Entry& entry = EntryOf(start);
    if (start > as_of || entry.hash != hash) continue;
    if (entry.begin + budget_ < end) break;
    const std::string_view bytes(entry.bytes, entry.end - entry.begin);
    if (bytes.substr(0, entry.guid_size) == guid) return bytes.substr(entry.guid_size);
  }
  return std::nullopt;
}

bool ProcessTable::HasRoom(size_t starts, Ordinal oldest) const {
  return published_ - oldest + starts + capacity_ <= entry_mask_ + 1;
}

void ProcessTable::Publish(const ProcessStarts& starts, Ordinal oldest) {
  assert(HasRoom(starts.size(), oldest));
  FreeBlocks(oldest);
  if (starts.size() == 0) return;
  const size_t size = starts.bytes_.size();
  const uint64_t before = EndOf(published_);
  char* const bytes = Allocate(size);
  starts.bytes_.copy(bytes, size);
  for (size_t i = 0; i < starts.size(); ++i) {
    const ProcessStarts::Start& start = starts.starts_[i];
    const size_t end = i + 1 < starts.size() ? starts.starts_[i + 1].begin : size;
    std::atomic<Ordinal>& bucket = buckets_[start.hash & bucket_mask_];
    const Ordinal ordinal = published_ + i + 1;
    EntryOf(ordinal) = {start.hash,           bucket.load(std::memory_order_relaxed),
                        before + start.begin, before + end,
                        bytes + start.begin,  start.guid_size};
    bucket.store(ordinal, std::memory_order_release);
  }
  published_ += starts.size();
  blocks_.back().last = published_;
  blocks_.back().end = before + size;
}

char* ProcessTable::Allocate(size_t size) {
  if (blocks_.empty() || blocks_.back().size - blocks_.back().used < size) {
    const size_t capacity = std::max(size, kLargeBlockBytes);
    blocks_.push_back({AllocateLargeBlock(capacity), capacity, 0, 0, 0});
  }
  Block& block = blocks_.back();
  block.used += size;
  return block.bytes.get() + block.used - size;
}

void ProcessTable::FreeBlocks(Ordinal oldest) {
  while (!blocks_.empty()) {
    const Block& block = blocks_.front();
    const bool in_capacity = block.last + capacity_ > oldest;
    const bool in_budget = block.end + budget_ > EndOf(oldest);
    if (in_capacity && in_budget) return;
    blocks_.pop_front();
  }
}

void ProcessStarts::Clear() {
  starts_.clear();
  bytes_.clear();
}

std::string* ProcessStarts::Add(std::string_view guid) {
  if (guid.size() > kLongestGuid) return nullptr;
  starts_.push_back(
      {SipHash(table_->key_, guid), bytes_.size(), static_cast<uint32_t>(guid.size())});
  bytes_.append(guid);
  return &bytes_;
}

}  // namespace nuthatch
