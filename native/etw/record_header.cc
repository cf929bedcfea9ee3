#include "etw/record_header.h"

#include <bit>

#include "base/byte_reader.h"
#include "etw/known_providers.h"

namespace nuthatch {
namespace {

// Bits of a kernel record's version: what lies between header and payload, 8 bytes each.
constexpr uint16_t kPebsIndex = 0x8000;
constexpr uint16_t kPmcCounters = 0x0700;

bool SetPayload(const RawRecord& raw, size_t at, EtwRecord* record) {
  if (at > raw.bytes.size()) return false;
  record->payload = raw.bytes.subspan(at);
  return true;
}

// System, compact and perf info: the same first 8 bytes.
bool ReadKernel(const RawRecord& raw, EtwRecord* record) {
  const auto version = LoadAt<uint16_t>(raw.bytes, 0x00);
  record->version = version & 0xFF;
  record->opcode = raw.bytes[0x06];
  SetKernelClass(raw.bytes[0x07], record);
  if (raw.kind != HeaderKind::kPerfInfo) {
    record->tid = LoadAt<uint32_t>(raw.bytes, 0x08);
    record->pid = LoadAt<uint32_t>(raw.bytes, 0x0C);
  }
  if (raw.kind == HeaderKind::kSystem) record->processor_time = LoadAt<uint64_t>(raw.bytes, 0x18);
  const size_t extra = ((version & kPebsIndex) != 0 ? 1u : 0u) + ((version & kPmcCounters) >> 8);
  return SetPayload(raw, raw.header_size + 8 * extra, record);
}

bool ReadClassic(const RawRecord& raw, EtwRecord* record) {
  record->opcode = raw.bytes[0x04];
  record->level = raw.bytes[0x05];
  record->version = LoadAt<uint16_t>(raw.bytes, 0x06);
  record->tid = LoadAt<uint32_t>(raw.bytes, 0x08);
  record->pid = LoadAt<uint32_t>(raw.bytes, 0x0C);
  record->provider = LoadAt<Guid>(raw.bytes, 0x18);
  if (const uint8_t group = KernelGroup(record->provider); group != kNoGroup)
    SetKernelClass(group, record);
  record->processor_time = LoadAt<uint64_t>(raw.bytes, 0x28);
  if (raw.kind == HeaderKind::kInstance) {
    record->instance = LoadAt<uint32_t>(raw.bytes, 0x30);
    record->parent_instance = LoadAt<uint32_t>(raw.bytes, 0x34);
    record->parent_class = LoadAt<Guid>(raw.bytes, 0x38);
  }
  return SetPayload(raw, raw.header_size, record);
}

// Walks the items once, so that nobody has to doubt them afterwards. Returns where they end; 0 when
// one of them is malformed.
size_t EndOfItems(std::span<const uint8_t> bytes, size_t begin) {
  ExtendedItems items(bytes.subspan(begin));
  ExtendedItem item;
  do {
    if (!items.Next(&item)) return 0;
  } while (items.more());
  return bytes.size() - items.rest().size();
}

bool ReadEvent(const RawRecord& raw, EtwRecord* record) {
  constexpr uint16_t kExtended = 1;  // EVENT_HEADER_FLAG_EXTENDED_INFO
  record->flags = LoadAt<uint16_t>(raw.bytes, 0x04);
  record->properties = LoadAt<uint16_t>(raw.bytes, 0x06);
  record->tid = LoadAt<uint32_t>(raw.bytes, 0x08);
  record->pid = LoadAt<uint32_t>(raw.bytes, 0x0C);
  record->provider = LoadAt<Guid>(raw.bytes, 0x18);
  record->id = LoadAt<uint16_t>(raw.bytes, 0x28);
  record->version = raw.bytes[0x2A];
  record->channel = raw.bytes[0x2B];
  record->level = raw.bytes[0x2C];
  record->opcode = raw.bytes[0x2D];
  record->task = LoadAt<uint16_t>(raw.bytes, 0x2E);
  record->keyword = LoadAt<uint64_t>(raw.bytes, 0x30);
  record->processor_time = LoadAt<uint64_t>(raw.bytes, 0x38);
  record->activity = LoadAt<Guid>(raw.bytes, 0x40);
  if ((record->flags & kExtended) == 0) return SetPayload(raw, raw.header_size, record);
  const size_t end = EndOfItems(raw.bytes, raw.header_size);
  if (end == 0) return false;
  record->extended = ExtendedItems(raw.bytes.subspan(raw.header_size, end - raw.header_size));
  return SetPayload(raw, end, record);
}

bool ReadMessage(const RawRecord& raw, EtwRecord* record) {
  ByteReader reader(raw.bytes.first(raw.header_size));
  reader.Bytes(4);  // size, marker
  record->id = reader.U16();
  record->flags = reader.U16();
  const auto has = [&](MessageFlag flag) { return (record->flags & flag) != 0; };
  if (has(kMessageSequence)) record->sequence = reader.U32();
  if (has(kMessageGuid)) {
    record->provider = LoadAt<Guid>(reader.Bytes(sizeof(Guid)), 0);
  } else if (has(kMessageComponent)) {
    record->provider.low = reader.U32();
  }
  if (has(kMessageTime)) reader.U64();
  if (has(kMessageIds)) {
    record->tid = reader.U32();
    record->pid = reader.U32();
  }
  return reader.AtEnd() && SetPayload(raw, raw.header_size, record);
}

}  // namespace

void SetKernelClass(uint8_t group, EtwRecord* record) {
  constexpr uint8_t kProcess = 0x03;
  constexpr uint8_t kImage = 0x14;
  constexpr uint8_t kLoad = 0x0A;
  record->group = group == kProcess && record->opcode == kLoad ? kImage : group;
  record->provider = KernelClass(record->group);
}

bool ReadRecordHeader(const RawRecord& raw, EtwRecord* record) {
  *record = EtwRecord{};
  record->kind = raw.kind;
  record->pointer_size = raw.pointer_size;
  record->raw_time = raw.time;
  switch (raw.kind) {
    case HeaderKind::kSystem:
    case HeaderKind::kCompact:
    case HeaderKind::kPerfInfo:
      return ReadKernel(raw, record);
    case HeaderKind::kClassic:
    case HeaderKind::kInstance:
      return ReadClassic(raw, record);
    case HeaderKind::kEvent:
      return ReadEvent(raw, record);
    case HeaderKind::kMessage:
      return ReadMessage(raw, record);
  }
  return false;
}

}  // namespace nuthatch
