#include "trust/signature_table.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <utility>

namespace nuthatch {

size_t SignatureTable::BytesOf(const CachedSignature& entry) {
  return entry.path.capacity() + (entry.pending() ? 0 : entry.verdict->verdict()->bytes());
}

size_t SignatureTable::Find(const SipHashes& path, const ImageNumbers& numbers) const {
  if (slots_.empty()) return kNone;
  for (size_t at = HomeOf(path.first); !slots_[at].free(); at = Next(at)) {
    if (slots_[at].hash == path && slots_[at].numbers == numbers) return at;
  }
  return kNone;
}

void SignatureTable::Insert(CachedSignaturePointer entry, int64_t now) {
  assert(entry->pending());
  if (slots_.size() < 2 * (size_ + 1)) Grow();
  size_t at = HomeOf(entry->hash.first);
  while (!slots_[at].free()) at = Next(at);
  bytes_ += BytesOf(*entry);
  ++size_;
  SignatureSlot& slot = slots_[at];
  slot.hash = entry->hash;
  slot.numbers = entry->numbers;
  slot.expires = SignatureSlot::kPending;
  slot.Use(now);
  entries_[at] = std::move(entry);
}

void SignatureTable::Replace(size_t at, CachedSignaturePointer entry, int64_t expires,
                             int64_t refresh_at) {
  SignatureSlot& slot = slots_[at];
  slot.verdict = entry->verdict.get();
  slot.timestamp = entry->timestamp.value_or(SignatureSlot::kNoTimestamp);
  bytes_ += BytesOf(*entry) - BytesOf(*entries_[at]);
  slot.expires = expires;
  slot.refresh_at.store(refresh_at, std::memory_order_relaxed);
  entries_[at] = std::move(entry);
}

bool SignatureTable::MakeRoom(size_t capacity, int64_t now, uint64_t* evicted) {
  if (size_ < capacity && bytes_ <= capacity * kBytesPerEntry) return true;
  // By age, which what others do meanwhile must not change.
  std::vector<std::pair<uint32_t, CachedSignature*>> order;
  for (size_t at = 0; at < slots_.size(); ++at) {
    if (slots_[at].free() || entries_[at]->pending()) continue;
    const uint32_t used = slots_[at].used.load(std::memory_order_relaxed);
    order.emplace_back(SignatureSlot::TicksOf(now) - used, entries_[at].get());
  }
  if (order.empty()) return size_ < capacity;
  const size_t going = (order.size() + 15) / 16;
  std::nth_element(order.begin(), order.begin() + static_cast<ptrdiff_t>(going - 1), order.end(),
                   std::greater<>());
  for (size_t i = 0; i < going; ++i)
    EraseIf(order[i].second->hash,
            [&](CachedSignature* entry) { return entry == order[i].second; });
  *evicted += going;
  return true;
}

void SignatureTable::Grow() {
  const size_t size = std::max<size_t>(16, 2 * slots_.size());
  auto slots = std::exchange(slots_, decltype(slots_)(size));
  auto entries = std::exchange(entries_, decltype(entries_)(size));
  for (size_t from = 0; from < slots.size(); ++from) {
    if (slots[from].free()) continue;
    size_t at = HomeOf(slots[from].hash.first);
    while (!slots_[at].free()) at = Next(at);
    Move(&slots[from], &entries[from], at);
  }
}

void SignatureTable::Move(SignatureSlot* from, CachedSignaturePointer* entry, size_t to) {
  SignatureSlot& slot = slots_[to];
  slot.hash = from->hash;
  slot.numbers = from->numbers;
  slot.used.store(from->used.load(std::memory_order_relaxed), std::memory_order_relaxed);
  slot.refresh_at.store(from->refresh_at.load(std::memory_order_relaxed),
                        std::memory_order_relaxed);
  slot.expires = from->expires;
  slot.timestamp = from->timestamp;
  slot.verdict = from->verdict;
  entries_[to] = std::move(*entry);
}

void SignatureTable::EraseAt(size_t slot) {
  bytes_ -= BytesOf(*entries_[slot]);
  --size_;
  // Those that follow without a gap are moved up where they would not be found any more
  // (Knuth, TAOCP 3, 6.4, algorithm R).
  const size_t mask = slots_.size() - 1;
  size_t gap = slot;
  for (size_t at = Next(gap); !slots_[at].free(); at = Next(at)) {
    const size_t home = HomeOf(slots_[at].hash.first);
    if (((at - home) & mask) < ((at - gap) & mask)) continue;
    Move(&slots_[at], &entries_[at], gap);
    gap = at;
  }
  slots_[gap].expires = SignatureSlot::kFree;
  slots_[gap].verdict = nullptr;
  entries_[gap] = nullptr;
}

}  // namespace nuthatch
