#include "trace/trace_joiner.h"

#include <gtest/gtest.h>

#include <random>

#include "support/allocations.h"
#include "trace/joined.h"
#include "trace/trace_records.h"

namespace nuthatch {
namespace {

// SystemConfig's CPU, version 2, to the field after the names.
Bytes Cpu(uint64_t tick, std::string_view computer) {
  Payload payload;
  payload.U32(3000).U32(4).U32(0).U32(4096).U32(65536);
  ByteSink name;
  for (const char c : computer) name.U16(static_cast<unsigned char>(c));
  Bytes fixed = name.bytes();
  fixed.resize(2 * (256 + 134));
  payload.Raw(fixed).Ptr(0);
  return Kernel({.tick = tick}, 0x0B, 0x0A, 2, payload);
}

TEST(TraceJoiner, EveryRecordIsOfTheMachineThatIsNamedLater) {
  const auto lines = Joined::OfFile({
      Kernel({.tick = 1, .pid = 8}, 0x0F, 0x22, 0, Payload().Narrow("a mark")),
      Cpu(2, "MACHINE"),
  });
  EXPECT_EQ(lines[0], "\"device\":\"MACHINE\",\"process\":{\"guid\":\"8-0\",\"pid\":8}");
  EXPECT_EQ(lines[1], "\"device\":\"MACHINE\"");
}

TEST(TraceJoiner, WhatIsKnownOfAProcessIsWrittenAnewWhenMoreIs) {
  const auto mark = [](uint64_t tick) {
    return Kernel({.tick = tick, .pid = 500}, 0x0F, 0x22, 0, Payload().Narrow("a mark"));
  };
  const auto lines = Joined::OfSession({
      ProcessRecord({.tick = 1}, kDcStart, 500, 400, "x.exe"),
      mark(2),
      ProcessRecord({.tick = 3}, kDcStart, 400, 4, "parent.exe"),
      mark(4),
      ImageLoad({.tick = 5, .pid = 500}, 500, "\\Device\\HarddiskVolume3\\x.exe"),
      mark(6),
      VolumeMapping(7, "\\Device\\HarddiskVolume3\\", "C:\\"),
      mark(8),
  });
  EXPECT_NE(lines[1].find("\"parent\":{\"pid\":400}"), lines[1].npos) << lines[1];
  EXPECT_NE(lines[3].find("\"name\":\"parent.exe\""), lines[3].npos) << lines[3];
  EXPECT_NE(lines[5].find("\\\\Device\\\\HarddiskVolume3\\\\x.exe"), lines[5].npos) << lines[5];
  EXPECT_NE(lines[7].find("\"path\":\"C:\\\\x.exe\""), lines[7].npos) << lines[7];
}

// Records of every kind that is joined, with any bytes as payload.
std::vector<Bytes> AnyRecords(size_t count) {
  constexpr uint8_t kGroups[] = {1, 2, 3, 4, 5, 6, 8, 9, 0x0B, 0x14};
  constexpr Guid kGuids[] = {kKernelProcess, kKernelFile, kKernelRegistry, kKernelNetwork};
  std::mt19937 random(1);
  std::vector<Bytes> records;
  for (size_t i = 0; i < count; ++i) {
    Payload payload(random() % 2 == 0 ? 4 : 8);
    for (size_t size = random() % 160; size > 0; --size)
      payload.U8(static_cast<uint8_t>(random() % 4 == 0 ? random() : random() % 3));
    const Header header = {i, random() % 3 == 0 ? kNoId : static_cast<uint32_t>(random() % 8), 1};
    if (random() % 2 == 0) {
      records.push_back(Kernel(header, kGroups[random() % std::size(kGroups)],
                               static_cast<uint8_t>(random() % 0x60),
                               static_cast<uint16_t>(random() % 5), payload));
    } else {
      records.push_back(Provider(header, kGuids[random() % 4], static_cast<uint16_t>(random() % 64),
                                 static_cast<uint8_t>(random() % 4), payload));
    }
  }
  return records;
}

TEST(TraceJoiner, TakesAnyPayload) {
  EtlWriter writer({.buffer_size = 1 << 20});
  const std::vector<Bytes> records = AnyRecords(5000);
  writer.Add({.records = records});
  EventDecoder decoder;
  TraceJoiner joiner;
  JoinedJson json(&joiner);
  EtwRecord record;
  size_t joined = 0;
  const auto first = Open(writer.bytes());
  while (first->Next(&record)) {
    if (joiner.ObserveToLearn(record)) joiner.Learn(decoder.Decode(record));
  }
  const auto reader = Open(writer.bytes());
  std::string text;
  while (reader->Next(&record)) {
    joiner.Observe(record);
    text.clear();
    json.Append(joiner.Join(decoder.Decode(record)), &text);
    if (!text.empty()) ++joined;
  }
  EXPECT_GT(joined, records.size() / 4);
}

// A machine on which the same few things happen over and over.
TEST(TraceJoiner, AllocatesNothingOnceItKnowsTheMachine) {
  std::vector<Bytes> records;
  for (uint64_t i = 0; i < 200; ++i) {
    const uint64_t file = 0x1000 + i % 10 * 8;
    const std::string path = "\\Device\\HarddiskVolume3\\a\\" + std::to_string(i % 50);
    const Header header = {i, static_cast<uint32_t>(4 + i % 7 * 4), 1};
    records.push_back(
        Kernel(header, 4, 0x40, 3,
               Payload().Ptr(1).Ptr(file).U32(20).U32(2u << 24).U32(0).U32(0).Wide(path)));
    records.push_back(
        Kernel(header, 4, 0x44, 3, Payload().U64(0).Ptr(1).Ptr(file).Ptr(2).U32(20).U32(5).U32(0)));
    records.push_back(Kernel(header, 4, 0x42, 3, Payload().Ptr(1).Ptr(file).Ptr(2).U32(20)));
    records.push_back(
        Kernel(header, 9, 0x0E, 2,
               Payload().U64(0).U32(0).U32(0).Ptr(0x100).Wide("A value of some length")));
  }
  records.push_back(Kernel({.tick = 300}, 9, 0x19, 2,
                           Payload().U64(0).U32(0).U32(0).Ptr(0x100).Wide("\\REGISTRY\\MACHINE")));
  EtlWriter writer({.buffer_size = 1 << 20});
  writer.Add({.records = records});
  EventDecoder decoder;
  TraceJoiner joiner;
  JoinedJson json(&joiner);
  EtwRecord record;
  std::string text;
  text.reserve(1 << 20);
  size_t happened = 0;
  for (int pass = 0; pass < 3; ++pass) {
    const auto reader = Open(writer.bytes());
    reader->Next(&record);
    reader->Next(&record);
    const size_t before = Allocations();
    do {
      joiner.Observe(record);
      const JoinedEvent& joined = joiner.Join(decoder.Decode(record));
      happened += joined.happened ? 1 : 0;
      text.clear();
      json.Append(joined, &text);
    } while (reader->Next(&record));
    if (pass == 2) {
      EXPECT_EQ(Allocations(), before);
    }
  }
  EXPECT_EQ(happened, 3u * 200 * 3);
}

}  // namespace
}  // namespace nuthatch
