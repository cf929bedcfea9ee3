#include "trust/signature_table.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace nuthatch {

size_t SignatureTable::BytesOf(const CachedSignature& entry) {
  const SignatureVerdict& verdict = entry.verdict;
  return entry.path.capacity() + verdict.signer.capacity() + verdict.issuer.capacity() +
         verdict.serial.capacity() + verdict.thumbprint.capacity();
}

const CachedSignaturePointer* SignatureTable::Find(const SipHashes& path,
                                                   const ImageNumbers& numbers) const {
  if (slots_.empty()) return nullptr;
  const size_t mask = slots_.size() - 1;
  for (size_t at = HomeOf(path.first); slots_[at].entry != nullptr; at = (at + 1) & mask) {
    if (slots_[at].hash != path.first) continue;
    const CachedSignature& entry = *slots_[at].entry;
    if (entry.hash == path && entry.numbers == numbers) return &slots_[at].entry;
  }
  return nullptr;
}

void SignatureTable::Insert(CachedSignaturePointer entry) {
  if (slots_.size() < 2 * (size_ + 1)) Grow();
  size_t at = HomeOf(entry->hash.first);
  while (slots_[at].entry != nullptr) at = (at + 1) & (slots_.size() - 1);
  bytes_ += BytesOf(*entry);
  ++size_;
  slots_[at] = {entry->hash.first, std::move(entry)};
}

void SignatureTable::Replace(CachedSignaturePointer* at, CachedSignaturePointer entry) {
  bytes_ += BytesOf(*entry) - BytesOf(**at);
  *at = std::move(entry);
}

void SignatureTable::Erase(const CachedSignature& key) {
  EraseIf(key.hash, [&](CachedSignature* entry) { return entry->numbers == key.numbers; });
}

bool SignatureTable::MakeRoom(size_t capacity, uint64_t* evicted) {
  if (size_ < capacity && bytes_ <= capacity * kBytesPerEntry) return true;
  std::vector<CachedSignaturePointer> answers;
  for (const Slot& slot : slots_) {
    if (slot.entry != nullptr && !slot.entry->pending()) answers.push_back(slot.entry);
  }
  if (answers.empty()) return size_ < capacity;
  // What others do meanwhile must not change the order.
  std::vector<std::pair<int64_t, size_t>> order(answers.size());
  for (size_t i = 0; i < answers.size(); ++i)
    order[i] = {answers[i]->used.load(std::memory_order_relaxed), i};
  const size_t going = (answers.size() + 15) / 16;
  std::nth_element(order.begin(), order.begin() + static_cast<ptrdiff_t>(going - 1), order.end());
  for (size_t i = 0; i < going; ++i) Erase(*answers[order[i].second]);
  *evicted += going;
  return true;
}

void SignatureTable::Grow() {
  std::vector<Slot> old =
      std::exchange(slots_, std::vector<Slot>(std::max<size_t>(16, 2 * slots_.size())));
  for (Slot& slot : old) {
    if (slot.entry == nullptr) continue;
    size_t at = HomeOf(slot.hash);
    while (slots_[at].entry != nullptr) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = std::move(slot);
  }
}

void SignatureTable::EraseAt(size_t slot) {
  bytes_ -= BytesOf(*slots_[slot].entry);
  --size_;
  // Those that follow without a gap are moved up where they would not be found any more
  // (Knuth, TAOCP 3, 6.4, algorithm R).
  const size_t mask = slots_.size() - 1;
  size_t gap = slot;
  for (size_t at = (gap + 1) & mask; slots_[at].entry != nullptr; at = (at + 1) & mask) {
    const size_t home = HomeOf(slots_[at].hash);
    if (((at - home) & mask) < ((at - gap) & mask)) continue;
    slots_[gap] = std::move(slots_[at]);
    gap = at;
  }
  slots_[gap] = {};
}

}  // namespace nuthatch
