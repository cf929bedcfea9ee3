#include "etw/buffer.h"

#include <algorithm>
#include <iterator>

namespace nuthatch {
namespace {

constexpr uint32_t kEventMarker = 0xC0;    // TRACE_HEADER_FLAG | TRACE_HEADER_EVENT_TRACE
constexpr uint32_t kMessageMarker = 0x90;  // TRACE_HEADER_FLAG | TRACE_MESSAGE
constexpr uint32_t kMarkerFlag = 0x80;
constexpr size_t kLeastRecord = 8;
constexpr size_t kMessageHeaderSize = 8;  // and what its flags say

size_t Padded(size_t size) { return (size + 7) & ~size_t{7}; }

constexpr RecordLayout System(uint8_t pointer) { return {HeaderKind::kSystem, pointer, 32, 4, 16}; }
constexpr RecordLayout Compact(uint8_t pointer) {
  return {HeaderKind::kCompact, pointer, 24, 4, 16};
}
constexpr RecordLayout PerfInfo(uint8_t pointer) {
  return {HeaderKind::kPerfInfo, pointer, 16, 4, 8};
}
constexpr RecordLayout Classic(uint8_t pointer) {
  return {HeaderKind::kClassic, pointer, 48, 0, 16};
}
constexpr RecordLayout Instance(uint8_t pointer) {
  return {HeaderKind::kInstance, pointer, 72, 0, 16};
}
constexpr RecordLayout Event(uint8_t pointer) { return {HeaderKind::kEvent, pointer, 80, 0, 16}; }
constexpr RecordLayout kNotRead = {HeaderKind::kSystem, 0, 0, 0, 0};

// By TRACE_HEADER_TYPE_…: the width of pointers is the record's, not the file's.
constexpr RecordLayout kLayouts[] = {
    kNotRead,    System(4),   System(8),  Compact(4),  Compact(8), kNotRead,    kNotRead, kNotRead,
    kNotRead,    kNotRead,    Classic(4), Instance(4), kNotRead,   kNotRead,    kNotRead, kNotRead,
    PerfInfo(4), PerfInfo(8), Event(4),   Event(8),    Classic(8), Instance(8),
};

// Where in a message its time is, or would be.
size_t MessageTimeAt(uint16_t flags) {
  const size_t source = (flags & kMessageGuid) != 0 ? 16 : (flags & kMessageComponent) != 0 ? 4 : 0;
  return kMessageHeaderSize + ((flags & kMessageSequence) != 0 ? 4 : 0) + source;
}

// False when the message is shorter than its flags say.
bool ReadMessageLayout(RawRecord* record) {
  const auto flags = LoadAt<uint16_t>(record->bytes, 6);
  record->has_time = (flags & kMessageTime) != 0;
  const size_t size =
      MessageTimeAt(flags) + (record->has_time ? 8 : 0) + ((flags & kMessageIds) != 0 ? 8 : 0);
  if (size > record->bytes.size()) return false;
  if (record->has_time) record->time = LoadAt<uint64_t>(record->bytes, MessageTimeAt(flags));
  if ((flags & kMessagePointer32) != 0) record->pointer_size = 4;
  record->header_size = static_cast<uint8_t>(size);
  return true;
}

}  // namespace

BufferHeader ReadBufferHeader(std::span<const uint8_t> bytes) {
  BufferHeader header;
  header.size = LoadAt<uint32_t>(bytes, 0x00);
  header.sequence = LoadAt<int64_t>(bytes, 0x18);
  header.state = LoadAt<uint32_t>(bytes, 0x2C);
  header.filled = LoadAt<uint32_t>(bytes, 0x30);
  header.logger = LoadAt<uint16_t>(bytes, 0x2A);
  header.flags = LoadAt<uint16_t>(bytes, 0x34);
  header.type = LoadAt<uint16_t>(bytes, 0x36);
  // Before Windows 8 the second byte is an alignment.
  header.cpu = (header.flags & BufferHeader::kProcessorIndex) != 0 ? LoadAt<uint16_t>(bytes, 0x28)
                                                                   : bytes[0x28];
  return header;
}

RecordLayout LayoutOf(uint32_t marker) {
  const size_t kind = marker >> 16 & 0xFF;
  switch (marker >> 24) {
    case kEventMarker:
      return kind < std::size(kLayouts) ? kLayouts[kind] : kNotRead;
    case kMessageMarker:
      return {HeaderKind::kMessage, 8, kMessageHeaderSize, 0, 0};
    default:
      return kNotRead;
  }
}

std::optional<uint64_t> TimeOf(std::span<const uint8_t> record) {
  if (record.size() < kLeastRecord) return std::nullopt;
  const RecordLayout layout = LayoutOf(LoadAt<uint32_t>(record, 0));
  size_t at = layout.time_at;
  if (layout.kind == HeaderKind::kMessage) {
    const auto flags = LoadAt<uint16_t>(record, 6);
    at = (flags & kMessageTime) != 0 ? MessageTimeAt(flags) : 0;
  }
  if (at == 0 || record.size() < at + 8) return std::nullopt;
  return LoadAt<uint64_t>(record, at);
}

bool RecordWalker::IsNextCut() const {
  const size_t left = bytes_.size() - next_;
  if (left < kLeastRecord) return true;
  const auto marker = LoadAt<uint32_t>(bytes_, next_);
  if ((marker >> 24 & kMarkerFlag) == 0 || marker == 0xFFFFFFFF) return false;
  return NextSize() > left;
}

size_t RecordWalker::NextSize() const {
  if (bytes_.size() - next_ < kLeastRecord) return 0;
  const auto marker = LoadAt<uint32_t>(bytes_, next_);
  return Padded(LoadAt<uint16_t>(bytes_, next_ + LayoutOf(marker).size_at));
}

RecordWalker::Step RecordWalker::Next(RawRecord* record) {
  at_ = next_;
  const size_t left = bytes_.size() - at_;
  if (left < kLeastRecord) return Step::kEnd;
  const auto marker = LoadAt<uint32_t>(bytes_, at_);
  if (marker == 0 || marker == 0xFFFFFFFF) return Step::kEnd;
  if ((marker >> 24 & kMarkerFlag) == 0) return Stop();
  const RecordLayout layout = LayoutOf(marker);
  const size_t size = LoadAt<uint16_t>(bytes_, at_ + layout.size_at);
  if (size < kLeastRecord || size > left) return Stop();
  next_ = at_ + std::min(Padded(size), left);  // the last one's padding can be missing
  if (layout.header_size == 0) return Step::kUnknown;
  if (size < layout.header_size) return Step::kMalformed;
  *record = {bytes_.subspan(at_, size), layout.kind, layout.pointer_size,
             layout.header_size,        true,        0};
  if (layout.kind == HeaderKind::kMessage)
    return ReadMessageLayout(record) ? Step::kRecord : Step::kMalformed;
  record->time = LoadAt<uint64_t>(record->bytes, layout.time_at);
  return Step::kRecord;
}

}  // namespace nuthatch
