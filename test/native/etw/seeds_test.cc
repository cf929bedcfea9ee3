// test/fuzz/corpus/etl, from which the fuzzer of traces starts, is what the writer makes.
// NUTHATCH_WRITE_SEEDS=1 writes it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "etw/etl_writer.h"
#include "etw/known_providers.h"
#include "etw/metadata_writer.h"
#include "trace/trace_records.h"

namespace nuthatch {
namespace {

// A record of every kind, in both widths.
std::vector<Bytes> EveryKind() {
  std::vector<Bytes> records;
  uint64_t time = TraceFacts().origin;
  for (const uint8_t pointer_size : {uint8_t{4}, uint8_t{8}}) {
    KernelRecord kernel{.pointer_size = pointer_size, .payload = BytesOf("kernel")};
    for (const MarkerPair marker : {kSystemMarker, kCompactMarker, kPerfInfoMarker}) {
      kernel.marker = marker;
      kernel.time = ++time;
      records.push_back(kernel.Write());
    }
    kernel.version |= 0x8100;  // counters
    kernel.payload = Bytes(24, 1);
    records.push_back(kernel.Write());
    ClassicRecord classic{.pointer_size = pointer_size, .time = ++time, .guid = KernelClass(9)};
    records.push_back(classic.Write());
    classic.instance = true;
    records.push_back(classic.Write());
    EventRecord event{.pointer_size = pointer_size, .time = ++time, .payload = BytesOf("event")};
    records.push_back(event.Write());
    event.items = {{1, Bytes(16, 2)}, {6, Bytes(24, 3)}, {12, BytesOf("name")}};
    records.push_back(event.Write());
  }
  return records;
}

std::vector<Bytes> Messages() {
  std::vector<Bytes> records;
  for (const uint16_t flags : {0xAA, 0x6F, 0x04, 0x00}) {
    MessageRecord message{.flags = flags, .time = TraceFacts().origin, .payload = BytesOf("%s")};
    records.push_back(message.Write());
  }
  return records;
}

// What a first pass learns, before what needs it.
std::vector<Bytes> Learned() {
  constexpr Guid kProvider = ParseGuid("12345678-1234-1234-1234-123456789abc");
  std::vector<Bytes> records = {
      EventMap(kProvider, "K", 1, {{1, "One"}}), EventMap(kProvider, "F", 2, {{1, "A"}, {2, "B"}}),
      EventInfo(kProvider, 1, 0, {{"Kind", 8, 0, "K"}, {"Flags", 20, 0, "F"}})};
  EventRecord event{.time = 3'000'000, .provider = kProvider, .payload = Bytes(8, 1)};
  records.push_back(event.Write());
  event.version = 2;
  event.items = {{2, Bytes(12, 1)}, {3, Bytes(4, 1)}, {5, Bytes(16, 1)}, {16, Bytes(36, 'a')}};
  records.push_back(event.Write());
  event.provider = ParseGuid("f4e1897c-bb5d-5668-f1d8-040f4d8dd344");
  event.id = 4;
  event.payload = Bytes(200, 0);
  records.push_back(event.Write());
  for (const uint8_t type : {0x22, 0x23, 0x25, 0x26}) {
    KernelRecord walk{.group = 0x18, .type = type, .version = 2, .time = 3'000'000};
    walk.payload = Bytes(24, 7);
    records.push_back(walk.Write());
  }
  return records;
}

// Of every kind that is joined with others, in both widths.
std::vector<Bytes> Joined() {
  std::vector<Bytes> records;
  uint64_t tick = 0;
  for (const uint8_t size : {uint8_t{4}, uint8_t{8}}) {
    const auto add = [&](uint8_t group, uint8_t type, uint16_t version, const Payload& payload) {
      records.push_back(Kernel({.tick = ++tick}, group, type, version, payload));
    };
    records.push_back(ProcessRecord({.tick = ++tick, .pid = 4}, kStart, 8, 4, "a.exe", "a", size));
    records.push_back(ImageRecord({.tick = ++tick}, 3, 0x0A, 8, 0x1000, "\\a.exe", size));
    records.push_back(ThreadRecord({.tick = ++tick, .pid = 4}, kStart, 8, 9));
    add(4, 0x40, 3, Payload(size).Ptr(1).Ptr(2).U32(9).U32(2u << 24).U32(0).U32(0).Wide("\\b"));
    add(4, 0x4C, 2, Payload(size).Ptr(1).Ptr(2).U32(0));
    add(4, 0x44, 3, Payload(size).U64(0).Ptr(1).Ptr(2).Ptr(3).U32(9).U32(1).U32(0));
    add(4, 0x50, 3, Payload(size).Ptr(1).Ptr(2).Ptr(3).Ptr(0).U32(9).U32(1).Wide("c"));
    add(4, 0x24, 2, Payload(size).Ptr(3).Wide("\\c"));
    add(9, 0x0E, 2, Payload(size).U64(0).U32(0).U32(0).Ptr(5).Wide("value"));
    add(9, 0x19, 2, Payload(size).U64(0).U32(0).U32(0).Ptr(5).Wide("\\REGISTRY\\A"));
    add(8, 0x0A, 2, Payload(size).U32(8).U32(1).U32(1).U32(2).U16(3).U16(4).U32(0).Ptr(0));
    records.push_back(VolumeMapping(++tick, "\\Device\\HarddiskVolume1\\", "C:\\"));
    records.push_back(Provider({.tick = ++tick, .pid = 8}, kKernelRegistry, 5, 0,
                               Payload(size)
                                   .Ptr(5)
                                   .U32(0)
                                   .U32(4)
                                   .U32(4)
                                   .Wide({})
                                   .Wide("v")
                                   .U16(4)
                                   .U32(1)
                                   .U32(0)
                                   .U32(0)
                                   .U16(0)));
  }
  return records;
}

// A program loads a library from code that is in no image, by a system call of its own. Its stack
// comes in two parts, one of them cached.
std::vector<Bytes> Stacks() {
  constexpr uint64_t kNtdll = 0x7FFE'0000'0000;
  constexpr uint64_t kProgram = 0x7FF6'0000'0000;
  constexpr uint64_t kKernel = 0xFFFF'F800'0000'0000;
  const std::string volume = "\\Device\\HarddiskVolume3";
  const auto running = [](uint32_t pid, uint64_t base, std::string_view path) {
    return ImageRecord({.tick = 1, .pid = pid}, 0x14, kDcStart, pid, base, path);
  };
  return {
      running(0, kKernel, "\\SystemRoot\\system32\\ntoskrnl.exe"),
      running(8, kNtdll, volume + "\\Windows\\System32\\ntdll.dll"),
      running(8, kProgram, volume + "\\a\\a.exe"),
      ImageLoad({.tick = 1000, .pid = 8, .tid = 80}, 8, volume + "\\Windows\\System32\\winhttp.dll",
                0x6000'0000),
      StackKeyRecord(1001, kStackKeyKernel, {1000, 8, 80}, 0xA1),
      StackWalk(1002, {1000, 8, 80}, {0x1F2'0000'0ABC, kProgram + 0x10, kNtdll + 0x20}),
      StackKeyRundown(5000, 0xA1, {kKernel + 0x100}),
  };
}

std::map<std::string, Bytes> Seeds() {
  std::map<std::string, Bytes> seeds;
  for (const uint8_t pointer_size : {uint8_t{4}, uint8_t{8}}) {
    for (const uint32_t clock : {1, 2, 3}) {
      TraceFacts facts{.buffer_size = 1024, .pointer_size = pointer_size, .clock = clock};
      EtlWriter writer(facts);
      writer.Add({.cpu = 1, .records = EveryKind()});
      writer.Add({.cpu = 0, .windows7 = true, .records = Messages()});
      writer.Add({.flags = BufferHeader::kEventsLost, .type = 5, .records = Messages()});
      seeds["plain-" + std::to_string(pointer_size) + "-clock-" + std::to_string(clock)] =
          writer.bytes();
    }
  }
  EtlWriter learned({.buffer_size = 4096});
  learned.Add({.records = Learned()});
  seeds["learned"] = learned.bytes();
  EtlWriter joined({.buffer_size = 1024});
  joined.Add({.records = Joined()});
  seeds["joined"] = joined.bytes();
  EtlWriter stacks({.buffer_size = 4096});
  stacks.Add({.records = Stacks()});
  seeds["stacks"] = stacks.bytes();
  EtlWriter writer({.buffer_size = 1024, .mode = 0x04000001});
  writer.Add({.cpu = 3, .compressed = true, .records = EveryKind()});
  writer.Add({.cpu = 2, .compressed = true, .records = Messages()});
  seeds["compressed"] = writer.bytes();
  Bytes records;
  for (const Bytes& record : EveryKind()) {
    records.insert(records.end(), record.begin(), record.end());
    records.resize((records.size() + 7) & ~size_t{7});
  }
  seeds["records"] = records;
  seeds["records-compressed"] = XpressCompressor::Compress(records);
  return seeds;
}

TEST(FuzzerSeeds, AreWhatTheWriterMakes) {
  const std::filesystem::path folder = "test/fuzz/corpus/etl";
  for (const auto& [name, bytes] : Seeds()) {
    if (std::getenv("NUTHATCH_WRITE_SEEDS") != nullptr) {
      std::filesystem::create_directories(folder);
      std::ofstream(folder / name, std::ios::binary)
          .write(reinterpret_cast<const char*>(bytes.data()),
                 static_cast<std::streamsize>(bytes.size()));
    }
    std::ifstream file(folder / name, std::ios::binary);
    const Bytes stored(std::istreambuf_iterator<char>(file), {});
    EXPECT_EQ(stored, bytes) << name << ": NUTHATCH_WRITE_SEEDS=1 writes it anew";
  }
}

}  // namespace
}  // namespace nuthatch
