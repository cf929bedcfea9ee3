#include "live/event_record.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "etw/known_providers.h"
#include "etw/record_header.h"

namespace nuthatch {
namespace {

constexpr size_t kItemHead = 8;

bool IsGiven(const WinExtendedItem& item) { return item.data != nullptr || item.size == 0; }

size_t Padded(size_t size) { return (size + 7) & ~size_t{7}; }

std::span<const WinExtendedItem> ItemsOf(const WinEventRecord& event) {
  return event.items == nullptr ? std::span<const WinExtendedItem>()
                                : std::span(event.items, event.item_count);
}

HeaderKind KindOf(const WinEventHeader& header) {
  if ((header.flags & WinEventHeader::kTraceMessage) != 0) return HeaderKind::kMessage;
  return (header.flags & WinEventHeader::kClassic) != 0 ? HeaderKind::kClassic : HeaderKind::kEvent;
}

}  // namespace

EtwRecord ReadEventRecord(const WinEventRecord& event) {
  const WinEventHeader& header = event.header;
  EtwRecord record;
  record.kind = KindOf(header);
  record.pointer_size = (header.flags & WinEventHeader::k32Bit) != 0 ? 4 : 8;
  record.opcode = header.opcode;
  record.level = header.level;
  record.channel = header.channel;
  record.id = header.id;
  record.version = header.version;
  record.task = header.task;
  record.flags = header.flags & ~WinEventHeader::kProcessorIndex;
  record.properties = header.properties;
  const bool is_index = (header.flags & WinEventHeader::kProcessorIndex) != 0;
  record.cpu = is_index ? event.cpu : event.cpu & 0xFF;
  record.pid = header.pid;
  record.tid = header.tid;
  record.keyword = header.keyword;
  record.raw_time = header.time;
  record.processor_time = header.processor_time;
  record.provider = header.provider;
  record.activity = header.activity;
  if (record.kind == HeaderKind::kClassic) {
    const uint8_t group = KernelGroup(header.provider);
    if (group != kNoGroup) SetKernelClass(group, &record);
  }
  if (event.payload != nullptr) record.payload = {event.payload, event.payload_size};
  return record;
}

WinEventHeader HeaderOf(const EtwRecord& record) {
  WinEventHeader header{};
  header.flags = record.kind == HeaderKind::kEvent     ? record.flags
                 : record.kind == HeaderKind::kMessage ? WinEventHeader::kTraceMessage
                                                       : WinEventHeader::kClassic;
  if (record.pointer_size == 4) header.flags |= WinEventHeader::k32Bit;
  header.properties = record.properties;
  header.tid = record.tid;
  header.pid = record.pid;
  header.time = record.raw_time;
  header.provider = record.provider;
  header.id = record.id;
  header.version = static_cast<uint8_t>(record.version);
  header.channel = record.channel;
  header.level = record.level;
  header.opcode = record.opcode;
  header.task = record.task;
  header.keyword = record.keyword;
  header.processor_time = record.processor_time;
  header.activity = record.activity;
  return header;
}

size_t ItemBytes(const WinEventRecord& event) {
  size_t bytes = 0;
  for (const WinExtendedItem& item : ItemsOf(event)) {
    if (IsGiven(item)) bytes += Padded(kItemHead + item.size);
  }
  return bytes;
}

void WriteItems(const WinEventRecord& event, std::span<uint8_t> to) {
  assert(to.size() == ItemBytes(event));
  for (const WinExtendedItem& item : ItemsOf(event)) {
    if (!IsGiven(item)) continue;
    const size_t size = Padded(kItemHead + item.size);
    const bool more = size < to.size();
    const uint16_t head[4] = {static_cast<uint16_t>(size), item.type,
                              static_cast<uint16_t>(more ? 1 : 0), item.size};
    std::memcpy(to.data(), head, sizeof head);
    if (item.size > 0) std::memcpy(to.data() + kItemHead, item.data, item.size);
    std::fill(to.begin() + kItemHead + item.size, to.begin() + static_cast<ptrdiff_t>(size), 0);
    to = to.subspan(size);
  }
}

}  // namespace nuthatch
