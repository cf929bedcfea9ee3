#include "etw/trace_header.h"

#include "base/byte_reader.h"
#include "base/utf16.h"
#include "etw/buffer.h"

namespace nuthatch {
namespace {

constexpr size_t kTimeZoneSize = 172;  // TIME_ZONE_INFORMATION

ClockType ClockTypeOf(uint32_t reserved_flags) {
  return reserved_flags == 2   ? ClockType::kSystemTime
         : reserved_flags == 3 ? ClockType::kCpuCycles
                               : ClockType::kPerformanceCounter;
}

// Two texts, each up to its NUL or the end.
void ReadNames(std::span<const uint8_t> bytes, TraceHeader* header) {
  header->session = Utf16ToUtf8(bytes);
  size_t at = 0;
  while (at + 2 <= bytes.size() && LoadAt<uint16_t>(bytes, at) != 0) at += 2;
  if (at + 2 <= bytes.size()) header->file = Utf16ToUtf8(bytes.subspan(at + 2));
}

bool ReadPayload(std::span<const uint8_t> payload, TraceHeader* header) {
  ByteReader reader(payload);
  header->buffer_size = reader.U32();
  header->os_major = reader.U8();
  header->os_minor = reader.U8();
  header->layout_major = reader.U8();
  header->layout_minor = reader.U8();
  header->os_build = reader.U32();
  header->processors = reader.U32();
  header->end_time = reader.U64();
  header->timer_resolution = reader.U32();
  header->max_file_size = reader.U32();
  header->mode = reader.U32();
  header->buffers_written = reader.U32();
  reader.Bytes(8);  // buffers at the start; the width of pointers, which the record's kind says too
  header->events_lost = reader.U32();
  header->cpu_megahertz = reader.U32();
  reader.Bytes(size_t{2} * header->pointer_size);
  header->bias = static_cast<int32_t>(reader.U32());
  reader.Bytes(kTimeZoneSize - 4 + 4);  // and padding
  header->boot_time = reader.U64();
  header->perf_frequency = reader.U64();
  header->start_time = reader.U64();
  header->clock_type = ClockTypeOf(reader.U32());
  header->buffers_lost = reader.U32();
  if (!reader.ok()) return false;
  ReadNames(payload.subspan(reader.position()), header);
  return true;
}

}  // namespace

uint64_t TraceHeader::ClockFrequency() const {
  const uint64_t frequency = clock_type == ClockType::kPerformanceCounter ? perf_frequency
                             : clock_type == ClockType::kCpuCycles
                                 ? uint64_t{cpu_megahertz} * 1'000'000
                                 : 0;
  return frequency > TraceClock::kMaxFrequency ? 0 : frequency;
}

TraceClock TraceHeader::Clock() const {
  const uint64_t frequency = ClockFrequency();
  return frequency == 0 ? TraceClock() : TraceClock(start_time, origin, frequency);
}

bool ReadTraceHeader(std::span<const uint8_t> record, TraceHeader* header) {
  if (record.size() < 8) return false;
  const RecordLayout layout = LayoutOf(LoadAt<uint32_t>(record, 0));
  const size_t size = LoadAt<uint16_t>(record, 4);
  if (layout.header_size == 0 || layout.kind != HeaderKind::kSystem) return false;
  if (record[6] != 0 || record[7] != 0) return false;  // type, group
  if (size < layout.header_size || size > record.size()) return false;
  header->pointer_size = layout.pointer_size;
  header->origin = LoadAt<uint64_t>(record, layout.time_at);
  return ReadPayload(record.subspan(layout.header_size, size - layout.header_size), header);
}

}  // namespace nuthatch
