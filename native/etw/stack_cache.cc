#include "etw/stack_cache.h"

#include <iterator>

#include "base/byte_reader.h"

namespace nuthatch {
namespace {

constexpr uint8_t kStackWalk = 0x18;
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
  constexpr size_t kNodeBytes = 128;  // of a std::map, about
  if (record.group != kStackWalk || record.opcode < kKeyCreate || record.opcode > kKeyRundown)
    return;
  ByteReader reader(record.payload);
  const uint64_t key = Pointer(record, &reader);
  const size_t size = reader.remaining() / record.pointer_size * record.pointer_size;
  if (!reader.ok() || size == 0 || bytes_ + kNodeBytes + size > kMaxBytes) return;
  const auto frames = reader.Bytes(size);
  const auto [place, added] = said_.try_emplace({key, record.raw_time});
  if (!added) return;
  place->second = {
      record.opcode == kKeyCreate, record.pointer_size, {frames.begin(), frames.end()}};
  bytes_ += kNodeBytes + size;
}

StackFrames StackCache::Find(const EtwRecord& record) const {
  if (record.group != kStackWalk ||
      (record.opcode != kStackKeyKernel && record.opcode != kStackKeyUser))
    return {};
  ByteReader reader(record.payload);
  reader.Bytes(kBeforeKey);
  const uint64_t key = Pointer(record, &reader);
  if (!reader.ok()) return {};
  const auto frames = [](const Said& said) { return StackFrames{said.frames, said.frame_size}; };
  // Where the key ends; if that was lost, or not yet written, where it began.
  const auto next = said_.lower_bound({key, record.raw_time});
  if (next != said_.end() && next->first.first == key && !next->second.creates)
    return frames(next->second);
  const auto after = said_.upper_bound({key, record.raw_time});
  if (after == said_.begin()) return {};
  const auto before = std::prev(after);
  return before->first.first == key && before->second.creates ? frames(before->second)
                                                              : StackFrames{};
}

}  // namespace nuthatch
