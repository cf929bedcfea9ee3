#include "etw/stack_cache.h"

#include <algorithm>
#include <iterator>

#include "base/byte_reader.h"
#include "etw/kernel_groups.h"

namespace nuthatch {
namespace {

constexpr uint8_t kKeyCreate = 0x22;
constexpr uint8_t kKeyRundown = 0x24;
constexpr uint8_t kStackKeyKernel = 0x25;
constexpr uint8_t kStackKeyUser = 0x26;
constexpr size_t kBeforeKey = 16;  // u64 time stamp, u32 process, u32 thread

uint64_t Pointer(const EtwRecord& record, ByteReader* reader) {
  return record.pointer_size == 4 ? reader->U32() : reader->U64();
}

}  // namespace

void StackCache::Learn(const EtwRecord& record) {
  if (record.group != kStackWalkGroup || record.opcode < kKeyCreate || record.opcode > kKeyRundown)
    return;
  ByteReader reader(record.payload);
  const uint64_t key = Pointer(record, &reader);
  const size_t size = reader.remaining() / record.pointer_size * record.pointer_size;
  if (!reader.ok() || size == 0) return;
  const auto frames = reader.Bytes(size);
  const auto [place, added] = said_.try_emplace({key, record.raw_time});
  if (!added) return;
  order_.push_back(place->first);
  place->second = {
      record.opcode == kKeyCreate, record.pointer_size, {frames.begin(), frames.end()}};
  bytes_ += BytesOf(place->second);
  while (bytes_ > kMaxBytes) ForgetOldest();
}

size_t StackCache::BytesOf(const Said& said) {
  constexpr size_t kNodeBytes = 144;  // of a std::map, about, and its place in the order
  return kNodeBytes + said.frames.size();
}

void StackCache::ForgetOldest() {
  const auto oldest = said_.find(order_.front());
  forgotten_ = std::max(forgotten_, oldest->first.second);
  bytes_ -= BytesOf(oldest->second);
  said_.erase(oldest);
  order_.pop_front();
}

std::optional<StackReference> StackCache::ReferenceOf(const EtwRecord& record) {
  if (record.group != kStackWalkGroup ||
      (record.opcode != kStackKeyKernel && record.opcode != kStackKeyUser))
    return std::nullopt;
  ByteReader reader(record.payload);
  reader.Bytes(kBeforeKey);
  const uint64_t key = Pointer(record, &reader);
  if (!reader.ok()) return std::nullopt;
  return StackReference{key, record.raw_time};
}

StackFrames StackCache::Find(const EtwRecord& record) const {
  const std::optional<StackReference> of = ReferenceOf(record);
  return of ? Find(*of) : StackFrames{};
}

StackFrames StackCache::Find(const StackReference& of) const {
  if (of.raw_time <= forgotten_) return {};
  const auto frames = [](const Said& said) { return StackFrames{said.frames, said.frame_size}; };
  // Where the key ends; if that was lost, or not yet written, where it began.
  const auto next = said_.lower_bound({of.key, of.raw_time});
  if (next != said_.end() && next->first.first == of.key && !next->second.creates)
    return frames(next->second);
  const auto after = said_.upper_bound({of.key, of.raw_time});
  if (after == said_.begin()) return {};
  const auto before = std::prev(after);
  return before->first.first == of.key && before->second.creates ? frames(before->second)
                                                                 : StackFrames{};
}

}  // namespace nuthatch
