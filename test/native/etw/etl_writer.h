// Writes trace files of every shape that the format allows, and of some that it does not. Layouts:
// evntrace.h, evntcons.h and the WMI_BUFFER_HEADER of ntwmi.h.
#ifndef NUTHATCH_TEST_ETW_ETL_WRITER_H_
#define NUTHATCH_TEST_ETW_ETL_WRITER_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/guid.h"
#include "etw/buffer.h"
#include "etw/record.h"
#include "support/byte_sink.h"

namespace nuthatch {

using Bytes = std::vector<uint8_t>;

inline Bytes BytesOf(std::string_view text) { return {text.begin(), text.end()}; }

inline void Append(const Bytes& bytes, ByteSink* sink) {
  for (const uint8_t byte : bytes) sink->U8(byte);
}

inline void AppendGuid(const Guid& guid, ByteSink* sink) {
  sink->Put(guid.low, 8);
  sink->Put(guid.high, 8);
}

// Plain LZ77 of MS-XCA: a match wherever the last occurrence of three bytes gives one.
class XpressCompressor {
 public:
  static Bytes Compress(const Bytes& in) { return XpressCompressor(in).Run(); }

 private:
  explicit XpressCompressor(const Bytes& in) : in_(in) {}

  Bytes Run() {
    size_t at = 0;
    while (at < in_.size()) {
      const auto [distance, length] = FindMatch(at);
      Flag(length >= 3);
      const size_t taken = length >= 3 ? length : 1;
      if (length >= 3) {
        PutMatch(distance, length);
      } else {
        out_.push_back(in_[at]);
      }
      for (size_t i = at; i < at + taken && i + 3 <= in_.size(); ++i) last_[KeyAt(i)] = i;
      at += taken;
    }
    // Bits without meaning are 1.
    while (bits_ > 0 && bits_ < 32) Flag(true);
    return out_;
  }

  void Flag(bool match) {
    if (bits_ == 0 || bits_ == 32) {
      flags_at_ = out_.size();
      out_.resize(out_.size() + 4);
      bits_ = 0;
    }
    const unsigned bit = 31 - bits_++;
    if (match) out_[flags_at_ + bit / 8] |= static_cast<uint8_t>(1u << bit % 8);
  }

  std::tuple<size_t, size_t, size_t> KeyAt(size_t at) const {
    return {in_[at], in_[at + 1], in_[at + 2]};
  }

  std::pair<size_t, size_t> FindMatch(size_t at) const {
    if (at + 3 > in_.size()) return {0, 0};
    const auto found = last_.find(KeyAt(at));
    if (found == last_.end() || at - found->second > 8192) return {0, 0};
    size_t length = 3;
    while (at + length < in_.size() && in_[found->second + length] == in_[at + length]) ++length;
    return {at - found->second, length};
  }

  void PutMatch(size_t distance, size_t length) {
    const size_t rest = length - 3;
    Put((distance - 1) << 3 | std::min<size_t>(rest, 7), 2);
    if (rest < 7) return;
    const size_t nibble = std::min<size_t>(rest - 7, 15);
    if (half_at_ == SIZE_MAX) {
      half_at_ = out_.size();
      Put(nibble, 1);
    } else {
      out_[half_at_] |= static_cast<uint8_t>(nibble << 4);
      half_at_ = SIZE_MAX;
    }
    if (nibble < 15) return;
    Put(std::min<size_t>(rest - 22, 255), 1);
    if (rest - 22 < 255) return;
    Put(rest <= 0xFFFF ? rest : 0, 2);
    if (rest > 0xFFFF) Put(rest, 4);
  }

  void Put(size_t value, size_t size) {
    for (size_t i = 0; i < size; ++i) out_.push_back(static_cast<uint8_t>(value >> (8 * i)));
  }

  const Bytes& in_;
  Bytes out_;
  std::map<std::tuple<size_t, size_t, size_t>, size_t> last_;
  size_t flags_at_ = 0;
  unsigned bits_ = 0;
  size_t half_at_ = SIZE_MAX;
};

// Kinds of header that differ by the width of pointers: TRACE_HEADER_TYPE_….
struct MarkerPair {
  uint8_t bits32;
  uint8_t bits64;
};
inline constexpr MarkerPair kSystemMarker = {1, 2};
inline constexpr MarkerPair kCompactMarker = {3, 4};
inline constexpr MarkerPair kPerfInfoMarker = {16, 17};
inline constexpr MarkerPair kClassicMarker = {10, 20};
inline constexpr MarkerPair kInstanceMarker = {11, 21};
inline constexpr MarkerPair kEventMarker = {18, 19};

struct KernelRecord {
  MarkerPair marker = kSystemMarker;
  uint8_t pointer_size = 8;
  uint8_t group = 3;
  uint8_t type = 1;
  uint16_t version = 4;
  uint32_t pid = 100;
  uint32_t tid = 200;
  uint64_t time = 0;
  uint64_t processor_time = 0;
  Bytes payload;  // counters before it, where the version says so

  Bytes Write() const {
    const bool perf_info = marker.bits32 == kPerfInfoMarker.bits32;
    const bool system = marker.bits32 == kSystemMarker.bits32;
    ByteSink sink;
    sink.U16(version);
    sink.U8(pointer_size == 4 ? marker.bits32 : marker.bits64);
    sink.U8(0xC0);
    sink.U16((perf_info ? 16 : system ? 32 : 24) + payload.size());
    sink.U8(type);
    sink.U8(group);
    if (!perf_info) {
      sink.U32(tid);
      sink.U32(pid);
    }
    sink.Put(time, 8);
    if (system) sink.Put(processor_time, 8);
    Append(payload, &sink);
    return sink.bytes();
  }
};

struct ClassicRecord {
  uint8_t pointer_size = 8;
  uint8_t type = 0;
  uint8_t level = 0;
  uint16_t version = 0;
  uint32_t pid = 100;
  uint32_t tid = 200;
  uint64_t time = 0;
  Guid guid = {};
  uint64_t processor_time = 0;
  Bytes payload = {};
  bool instance = false;
  uint32_t id = 0;
  uint32_t parent_id = 0;
  Guid parent = {};

  Bytes Write() const {
    const MarkerPair marker = instance ? kInstanceMarker : kClassicMarker;
    ByteSink sink;
    sink.U16((instance ? 72 : 48) + payload.size());
    sink.U8(pointer_size == 4 ? marker.bits32 : marker.bits64);
    sink.U8(0xC0);
    sink.U8(type);
    sink.U8(level);
    sink.U16(version);
    sink.U32(tid);
    sink.U32(pid);
    sink.Put(time, 8);
    AppendGuid(guid, &sink);
    sink.Put(processor_time, 8);
    if (instance) {
      sink.U32(id);
      sink.U32(parent_id);
      AppendGuid(parent, &sink);
    }
    Append(payload, &sink);
    return sink.bytes();
  }
};

struct WrittenItem {
  uint16_t type;
  Bytes data;
};

struct EventRecord {
  uint8_t pointer_size = 8;
  uint16_t flags = 0;  // that there are items is added
  uint16_t properties = 0;
  uint32_t pid = 100;
  uint32_t tid = 200;
  uint64_t time = 0;
  Guid provider = {};
  uint16_t id = 1;
  uint8_t version = 0;
  uint8_t channel = 0;
  uint8_t level = 4;
  uint8_t opcode = 0;
  uint16_t task = 0;
  uint64_t keyword = 0;
  uint64_t processor_time = 0;
  Guid activity = {};
  std::vector<WrittenItem> items = {};
  Bytes payload = {};

  Bytes Write() const {
    ByteSink tail;
    for (const WrittenItem& item : items) WriteItem(item, &item == &items.back(), &tail);
    Append(payload, &tail);
    ByteSink sink;
    sink.U16(80 + tail.bytes().size());
    sink.U8(pointer_size == 4 ? kEventMarker.bits32 : kEventMarker.bits64);
    sink.U8(0xC0);
    sink.U16(flags | (items.empty() ? 0u : 1u));
    sink.U16(properties);
    sink.U32(tid);
    sink.U32(pid);
    sink.Put(time, 8);
    AppendGuid(provider, &sink);
    sink.U16(id);
    sink.U8(version);
    sink.U8(channel);
    sink.U8(level);
    sink.U8(opcode);
    sink.U16(task);
    sink.Put(keyword, 8);
    sink.Put(processor_time, 8);
    AppendGuid(activity, &sink);
    Append(tail.bytes(), &sink);
    return sink.bytes();
  }

 private:
  static void WriteItem(const WrittenItem& item, bool last, ByteSink* sink) {
    const size_t padding = (8 - item.data.size() % 8) % 8;
    sink->U16(8 + item.data.size() + padding);
    sink->U16(item.type);
    sink->U16(last ? 0 : 1);
    sink->U16(item.data.size());
    Append(item.data, sink);
    for (size_t i = 0; i < padding; ++i) sink->U8(0);
  }
};

struct MessageRecord {
  uint16_t number = 10;
  uint16_t flags = kMessageGuid | kMessageTime | kMessageIds | kMessagePointer64;
  uint32_t sequence = 0;
  Guid guid = {};
  uint32_t component = 0;
  uint64_t time = 0;
  uint32_t pid = 100;
  uint32_t tid = 200;
  Bytes payload = {};

  Bytes Write() const {
    ByteSink rest;
    rest.U16(number);
    rest.U16(flags);
    if ((flags & kMessageSequence) != 0) rest.U32(sequence);
    if ((flags & kMessageGuid) != 0) {
      AppendGuid(guid, &rest);
    } else if ((flags & kMessageComponent) != 0) {
      rest.U32(component);
    }
    if ((flags & kMessageTime) != 0) rest.Put(time, 8);
    if ((flags & kMessageIds) != 0) {
      rest.U32(tid);
      rest.U32(pid);
    }
    Append(payload, &rest);
    ByteSink sink;
    sink.U16(4 + rest.bytes().size());
    sink.U8(0);
    sink.U8(0x90);
    Append(rest.bytes(), &sink);
    return sink.bytes();
  }
};

// What TRACE_LOGFILE_HEADER says.
struct TraceFacts {
  uint32_t buffer_size = 4096;
  uint8_t pointer_size = 8;
  uint32_t mode = 1;
  uint64_t end_time = 133'000'000'600'000'000;  // FILETIME; in 2022, as are the others
  uint64_t boot_time = 132'999'000'000'000'000;
  uint64_t start_time = 133'000'000'000'000'000;
  uint64_t origin = 1'000'000;  // time stamp of the first record
  uint64_t frequency = 10'000'000;
  uint32_t clock = 1;
  uint32_t megahertz = 3000;
  uint32_t processors = 4;
  uint32_t buffers_written = 1;
  uint32_t events_lost = 0;
  uint32_t buffers_lost = 0;
  int32_t bias = -60;
  std::string_view session = "A session";
  std::string_view file = "C:\\a.etl";

  Bytes Write() const {
    KernelRecord record;
    record.pointer_size = pointer_size;
    record.group = record.type = 0;
    record.version = 2;
    record.time = origin;
    record.payload = Payload();
    return record.Write();
  }

  Bytes Payload() const {
    ByteSink sink;
    sink.U32(buffer_size);
    for (const unsigned part : {10u, 0u, 5u, 1u}) sink.U8(part);
    sink.U32(19045);
    sink.U32(processors);
    sink.Put(end_time, 8);
    sink.U32(156250);
    sink.U32(100);
    sink.U32(mode);
    sink.U32(buffers_written);
    sink.U32(1);
    sink.U32(pointer_size);
    sink.U32(events_lost);
    sink.U32(megahertz);
    sink.Put(0, pointer_size);
    sink.Put(0, pointer_size);
    sink.U32(static_cast<uint32_t>(bias));
    for (int i = 0; i < 168 + 4; ++i) sink.U8(0);
    sink.Put(boot_time, 8);
    sink.Put(frequency, 8);
    sink.Put(start_time, 8);
    sink.U32(clock);
    sink.U32(buffers_lost);
    for (const std::string_view name : {session, file}) {
      for (const char c : name) sink.U16(static_cast<unsigned char>(c));
      sink.U16(0);
    }
    return sink.bytes();
  }
};

struct WrittenBuffer {
  uint16_t cpu = 0;
  int64_t sequence = 1;
  uint16_t flags = 0;  // that it is compressed, and has a processor's index, is added
  uint16_t type = 0;
  bool compressed = false;
  bool windows7 = false;  // the processor in a byte
  std::vector<Bytes> records = {};
};

class EtlWriter {
 public:
  explicit EtlWriter(const TraceFacts& facts = {}, uint16_t compression = 3) : facts_(facts) {
    state_ = (facts.mode & 0x04000000) != 0 ? compression : 3;  // else "flush", by chance the same
    Add({.type = 4, .records = {facts.Write()}});
  }

  void Add(const WrittenBuffer& buffer) {
    ByteSink records;
    for (const Bytes& record : buffer.records) {
      Append(record, &records);
      while (records.bytes().size() % 8 != 0) records.U8(0xEE);
    }
    const size_t filled = kBufferHeaderSize + records.bytes().size();
    Bytes body = buffer.compressed ? XpressCompressor::Compress(records.bytes()) : records.bytes();
    if (!buffer.compressed)
      body.resize(std::max<size_t>(facts_.buffer_size, filled) - kBufferHeaderSize, 0xFF);
    WriteHeader(buffer, kBufferHeaderSize + body.size(), filled);
    bytes_.insert(bytes_.end(), body.begin(), body.end());
  }

  // Changes what was written, to make it wrong.
  void Patch32(size_t at, uint32_t value) {
    for (size_t i = 0; i < 4; ++i) bytes_[at + i] = static_cast<uint8_t>(value >> (8 * i));
  }
  Bytes& bytes() { return bytes_; }
  // Where the buffer that was added last begins.
  size_t last() const { return last_; }

 private:
  void WriteHeader(const WrittenBuffer& buffer, size_t size, size_t filled) {
    ByteSink sink;
    sink.U32(size);
    sink.U32(filled);
    sink.U32(0x5A5A5A5A);  // meaningless on disk, as is all that is not zero below
    sink.U32(0);
    sink.Put(0, 8);
    sink.Put(static_cast<uint64_t>(buffer.sequence), 8);
    sink.Put(0xFFFFF80012345678, 8);
    sink.U16(buffer.windows7 ? buffer.cpu | 0x0800 : buffer.cpu);
    sink.U16(1);
    sink.U32(state_);
    sink.U32(filled);
    sink.U16(buffer.flags | (buffer.compressed ? BufferHeader::kCompressed : 0u) |
             (buffer.windows7 ? 0u : BufferHeader::kProcessorIndex));
    sink.U16(buffer.type);
    sink.Put(0xFFFFF80012345678, 8);
    sink.Put(0, 8);
    last_ = bytes_.size();
    bytes_.insert(bytes_.end(), sink.bytes().begin(), sink.bytes().end());
  }

  const TraceFacts facts_;
  uint32_t state_;
  Bytes bytes_;
  size_t last_ = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_ETW_ETL_WRITER_H_
