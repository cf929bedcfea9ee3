// Records of the kernel's logger and of its providers, as the layouts of Microsoft's documentation
// have them.
#ifndef NUTHATCH_TEST_TRACE_TRACE_RECORDS_H_
#define NUTHATCH_TEST_TRACE_TRACE_RECORDS_H_

#include <initializer_list>
#include <string_view>
#include <vector>

#include "etw/etl_writer.h"
#include "etw/record.h"

namespace nuthatch {

// Times of records are in ticks of 100 ns since the trace's first record.
inline constexpr uint64_t kSecond = 10'000'000;
inline constexpr uint64_t kFirstTick = TraceFacts().origin;

class Payload {
 public:
  explicit Payload(uint8_t pointer_size = 8) : pointer_size_(pointer_size) {}

  Payload& U8(uint8_t value) { return Put(value, 1); }
  Payload& U16(uint16_t value) { return Put(value, 2); }
  Payload& U32(uint32_t value) { return Put(value, 4); }
  Payload& U64(uint64_t value) { return Put(value, 8); }
  Payload& Ptr(uint64_t value) { return Put(value, pointer_size_); }
  Payload& Narrow(std::string_view text) {
    sink_.Append(text);
    return U8(0);
  }
  Payload& Wide(std::string_view text) {
    for (const char c : text) sink_.U16(static_cast<unsigned char>(c));
    return U16(0);
  }
  Payload& Raw(const Bytes& bytes) {
    Append(bytes, &sink_);
    return *this;
  }
  const Bytes& bytes() const { return sink_.bytes(); }
  uint8_t pointer_size() const { return pointer_size_; }

 private:
  Payload& Put(uint64_t value, size_t size) {
    sink_.Put(value, size);
    return *this;
  }

  ByteSink sink_;
  uint8_t pointer_size_;
};

struct Header {
  uint64_t tick = 0;
  uint32_t pid = kNoId;  // without one it is a record of the kind that has none
  uint32_t tid = 1;
};

inline Bytes Kernel(const Header& header, uint8_t group, uint8_t type, uint16_t version,
                    const Payload& payload) {
  KernelRecord record;
  record.marker = header.pid == kNoId ? kPerfInfoMarker : kSystemMarker;
  record.pointer_size = payload.pointer_size();
  record.group = group;
  record.type = type;
  record.version = version;
  record.pid = header.pid;
  record.tid = header.tid;
  record.time = kFirstTick + header.tick;
  record.payload = payload.bytes();
  return record.Write();
}

inline Bytes Provider(const Header& header, const Guid& provider, uint16_t id, uint8_t version,
                      const Payload& payload) {
  EventRecord record;
  record.pointer_size = payload.pointer_size();
  record.pid = header.pid;
  record.tid = header.tid;
  record.time = kFirstTick + header.tick;
  record.provider = provider;
  record.id = id;
  record.version = version;
  record.payload = payload.bytes();
  return record.Write();
}

inline Bytes Merged(uint64_t tick, uint8_t type, std::initializer_list<std::string_view> texts) {
  Payload payload;
  for (const std::string_view text : texts) payload.Wide(text);
  ClassicRecord record;
  record.type = type;
  record.time = kFirstTick + tick;
  record.guid = ParseGuid("9b79ee91-b5fd-41c0-a243-4248e266e9d0");
  record.payload = payload.bytes();
  return record.Write();
}
inline Bytes VolumeMapping(uint64_t tick, std::string_view nt, std::string_view dos) {
  return Merged(tick, 0x23, {nt, dos});
}

constexpr uint8_t kStart = 1;
constexpr uint8_t kEnd = 2;
constexpr uint8_t kDcStart = 3;
constexpr uint8_t kDcEnd = 4;

inline const Bytes kLocalSystem = {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0};

// Version 4 of the class Process.
inline Bytes ProcessRecord(const Header& header, uint8_t type, uint32_t pid, uint32_t parent,
                           std::string_view name, std::string_view command_line = {},
                           uint8_t pointer_size = 8, const Bytes& user = kLocalSystem) {
  Payload payload(pointer_size);
  payload.Ptr(0xFFFF'8000'0000'1000).U32(pid).U32(parent).U32(1).U32(259).Ptr(0).U32(0);
  payload.Ptr(0x8000'1000).Ptr(0);  // TOKEN_USER
  payload.Raw(user).Narrow(name).Wide(command_line).Wide({}).Wide({});
  return Kernel(header, 3, type, 4, payload);
}

inline Bytes ImageRecord(const Header& header, uint8_t group, uint8_t type, uint32_t pid,
                         uint64_t base, std::string_view path, uint8_t pointer_size = 8) {
  Payload payload(pointer_size);
  payload.Ptr(base).Ptr(4096).U32(pid).U32(0).U32(0).U32(0).Ptr(base);
  payload.U32(0).U32(0).U32(0).U32(0).Wide(path);
  return Kernel(header, group, type, 2, payload);
}
inline Bytes ImageLoad(const Header& header, uint32_t pid, std::string_view path,
                       uint64_t base = 0x7FF6'0000'0000) {
  return ImageRecord(header, 3, 0x0A, pid, base, path);
}

// Of the record at the tick `of`.
struct StackOf {
  uint64_t of;
  uint32_t pid;
  uint32_t tid;

  Payload Begin() const { return Payload().U64(kFirstTick + of).U32(pid).U32(tid); }
};
inline Bytes StackWalk(uint64_t tick, const StackOf& event, const std::vector<uint64_t>& frames) {
  Payload payload = event.Begin();
  for (const uint64_t frame : frames) payload.Ptr(frame);
  return Kernel({tick}, 0x18, 0x20, 2, payload);
}
constexpr uint8_t kStackKeyKernel = 0x25;
constexpr uint8_t kStackKeyUser = 0x26;
inline Bytes StackKeyRecord(uint64_t tick, uint8_t type, const StackOf& event, uint64_t key) {
  return Kernel({tick}, 0x18, type, 2, event.Begin().Ptr(key));
}
inline Bytes StackKeyRundown(uint64_t tick, uint64_t key, const std::vector<uint64_t>& frames) {
  Payload payload;
  payload.Ptr(key);
  for (const uint64_t frame : frames) payload.Ptr(frame);
  return Kernel({tick}, 0x18, 0x24, 2, payload);
}

inline Bytes ThreadRecord(const Header& header, uint8_t type, uint32_t pid, uint32_t tid) {
  Payload payload;
  payload.U32(pid).U32(tid);
  for (int i = 0; i < 7; ++i) payload.Ptr(0);
  payload.U32(0).U32(0);
  return Kernel(header, 5, type, 3, payload);
}

inline constexpr Guid kKernelProcess = ParseGuid("22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716");
inline constexpr Guid kKernelFile = ParseGuid("edd08927-9cc4-4e65-b970-c2560fb5c289");
inline constexpr Guid kKernelRegistry = ParseGuid("70eb4f03-c1de-4f73-a051-33d13d5413bd");
inline constexpr Guid kKernelNetwork = ParseGuid("7dd42a49-5329-4832-8dfd-43d979153a88");

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_TRACE_TRACE_RECORDS_H_
