// What damage to a file costs: no more than what is damaged, and it is always told.
#include "etw/etl_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>

#include "etw/written_ticks.h"
#include "support/samples.h"

namespace nuthatch {
namespace {

// Ten buffers with one record each; where each begins.
struct Written {
  Bytes bytes;
  std::vector<size_t> at;
};

Written WriteTen(bool compressed) {
  TraceFacts facts;
  facts.mode = compressed ? 0x04000001 : 1;
  EtlWriter writer(facts);
  Written written;
  for (uint64_t i = 0; i < 10; ++i) {
    writer.Add({.compressed = compressed, .records = {At(i)}});
    written.at.push_back(writer.last());
  }
  written.bytes = writer.bytes();
  return written;
}

void Put32(Bytes* bytes, size_t at, uint32_t value) {
  for (size_t i = 0; i < 4; ++i) (*bytes)[at + i] = static_cast<uint8_t>(value >> (8 * i));
}

Ticks AllBut(std::initializer_list<uint64_t> lost) {
  Ticks ticks;
  for (uint64_t i = 0; i < 10; ++i) {
    if (std::find(lost.begin(), lost.end(), i) == lost.end()) ticks.push_back(i);
  }
  return ticks;
}

TEST(EtlFile, AWrongSizeIsToldAndCostsNothing) {
  for (const bool compressed : {false, true}) {
    const Written good = WriteTen(compressed);
    const uint32_t size = static_cast<uint32_t>(good.at[5] - good.at[4]);
    for (const uint32_t wrong : {0u, 1u, 71u, 72u, 73u, size - 1, size + 1, size + 100,
                                 2 * size + 9, 0x00F00000u, 0x01000001u, 0xFFFFFFFFu}) {
      Bytes bytes = good.bytes;
      Put32(&bytes, good.at[4], wrong);
      const auto reader = Open(bytes);
      EXPECT_EQ(TicksOf(reader.get()), AllBut({})) << compressed << " " << wrong;
      ExpectOneFault(*reader, EtlFaultKind::kBufferSize, good.at[4]);
      EXPECT_EQ(reader->faults().skipped(EtlFaultKind::kBufferSize), 0u);
    }
  }
}

TEST(EtlFile, ADestroyedHeaderCostsItsBuffer) {
  for (const bool compressed : {false, true}) {
    for (const uint8_t filling : {0x00, 0x41, 0xFF}) {
      Written written = WriteTen(compressed);
      std::fill_n(written.bytes.begin() + written.at[4], kBufferHeaderSize, filling);
      const auto reader = Open(written.bytes);
      EXPECT_EQ(TicksOf(reader.get()), AllBut({4})) << compressed << " " << int{filling};
      ExpectOneFault(*reader, EtlFaultKind::kBufferSize, written.at[4]);
      EXPECT_EQ(reader->faults().samples()[0].skipped, written.at[5] - written.at[4]);
    }
  }
}

TEST(EtlFile, ZerosInTheMiddleAreToldOnceWithTheirPlace) {
  for (const bool compressed : {false, true}) {
    Written written = WriteTen(compressed);
    std::fill(written.bytes.begin() + written.at[3], written.bytes.begin() + written.at[6], 0);
    const auto reader = Open(written.bytes);
    EXPECT_EQ(TicksOf(reader.get()), AllBut({3, 4, 5})) << compressed;
    ExpectOneFault(*reader, EtlFaultKind::kBufferSize, written.at[3]);
    EXPECT_EQ(reader->faults().samples()[0].skipped, written.at[6] - written.at[3]);
  }
}

TEST(EtlFile, ZerosToTheEndAreATailThatWasNeverUsed) {
  for (const bool compressed : {false, true}) {
    Written written = WriteTen(compressed);
    for (const size_t more : {1u, 71u, 72u, 4096u, 100u * 4096 + 5}) {
      Bytes bytes = written.bytes;
      bytes.resize(bytes.size() + more);
      EtlLimits limits;
      limits.buffers = 12;
      const auto reader = Open(bytes, limits);
      EXPECT_EQ(TicksOf(reader.get()), AllBut({})) << compressed << " " << more;
      EXPECT_EQ(reader->faults().total(), more < kBufferHeaderSize ? 1u : 0u) << "not walked";
      // One byte that is none says that something was there.
      bytes.back() = 1;
      EXPECT_GE(Open(bytes)->faults().total(), 1u) << compressed << " " << more;
    }
  }
}

TEST(EtlFile, WithoutASizeOfTheSessionDamageEndsAFileThatIsNotCompressed) {
  TraceFacts facts;
  facts.buffer_size = 100;
  EtlWriter writer(facts);
  writer.Add({.records = {At(1)}});
  writer.Add({.records = {At(2)}});
  const size_t damaged = writer.last();
  writer.Add({.records = {At(3)}});
  writer.Patch32(damaged, 5);
  const auto reader = Open(writer.bytes());
  EXPECT_EQ(TicksOf(reader.get()).size(), 1u + 1u) << "its header is good";
  ExpectOneFault(*reader, EtlFaultKind::kBufferSize, damaged);
}

// As a session that was closed counts them; buffers have numbers in the order of their writing.
Bytes WriteCounted(std::initializer_list<int64_t> left_out, TraceFacts facts = {}) {
  facts.buffers_written = 11;
  EtlWriter writer(facts);
  for (int64_t i = 1; i <= 10; ++i) {
    if (std::find(left_out.begin(), left_out.end(), i) != left_out.end()) continue;
    writer.Add({.sequence = i,
                .compressed = (facts.mode & TraceHeader::kModeCompressed) != 0,
                .records = {At(static_cast<uint64_t>(i))}});
  }
  return writer.bytes();
}

TEST(EtlFile, BuffersThatAreMissingAreToldWithTheirPlace) {
  EXPECT_EQ(Open(WriteCounted({}))->faults().total(), 0u);
  const Bytes cut = WriteCounted({8, 9, 10});
  ExpectOneFault(*Open(cut), EtlFaultKind::kBuffersMissing, cut.size());
  EXPECT_EQ(Open(cut)->faults().samples()[0].skipped, 3u);
  const auto gap = Open(WriteCounted({4, 5, 9}));
  ExpectOneFault(*gap, EtlFaultKind::kBuffersMissing, size_t{4} * 4096);
  EXPECT_EQ(gap->faults().samples()[0].skipped, 3u);
  const auto none = Open(WriteCounted({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  ExpectOneFault(*none, EtlFaultKind::kBuffersMissing, 4096);
  const Bytes compressed = WriteCounted({10}, {.mode = 0x04000001});
  ExpectOneFault(*Open(compressed), EtlFaultKind::kBuffersMissing, compressed.size());
}

TEST(EtlFile, ACircularFileAndOneThatWasNeverClosedMissNothing) {
  EXPECT_EQ(Open(WriteCounted({1, 2}, {.mode = 2}))->faults().total(), 0u);
  EXPECT_EQ(Open(WriteCounted({1, 2}, {.end_time = 0}))->faults().total(), 0u);
}

TEST(EtlFile, WhatIsMissingInDamageIsToldWithThat) {
  Bytes bytes = WriteCounted({10});
  std::fill_n(bytes.begin() + size_t{4} * 4096, 2 * 4096, 0);
  const auto reader = Open(bytes);
  EXPECT_EQ(reader->faults().count(EtlFaultKind::kBufferSize), 1u);
  ASSERT_EQ(reader->faults().count(EtlFaultKind::kBuffersMissing), 1u);
  EXPECT_EQ(reader->faults().skipped(EtlFaultKind::kBuffersMissing), 1u);
}

TEST(EtlFile, AnImpossibleEndOfRecordsIsTold) {
  const Written good = WriteTen(false);
  for (const uint32_t wrong : {0u, 1u, 0x47u, 4097u, 0xFFFFFFFFu}) {
    Bytes bytes = good.bytes;
    Put32(&bytes, good.at[4] + 0x30, wrong);
    const auto reader = Open(bytes);
    EXPECT_EQ(TicksOf(reader.get()), wrong < 72 ? AllBut({4}) : AllBut({})) << wrong;
    ExpectOneFault(*reader, EtlFaultKind::kBufferFilled, good.at[4]);
  }
  Bytes bytes = good.bytes;
  Put32(&bytes, good.at[4] + 0x30, kBufferHeaderSize);
  EXPECT_EQ(Open(bytes)->faults().total(), 0u) << "a buffer without a record";
}

// Buffers that hold no records cost time too: none is given between two looks at `stop` otherwise.
TEST(EtlFile, NothingIsReadOnceItIsStopped) {
  std::atomic<bool> stop = false;
  const Written good = WriteTen(true);
  const auto reader = Open(good.bytes, {.stop = &stop});
  EtwRecord record;
  EXPECT_TRUE(reader->Next(&record));
  stop = true;
  EXPECT_FALSE(reader->Next(&record));
  const auto stopped = Open(good.bytes, {.stop = &stop});
  EXPECT_EQ(stopped->file().buffers().size(), 0u);
  EXPECT_EQ(stopped->faults().total(), 0u);
}

// Bytes of a compressed buffer are not taken for a header, nor headers of another session.
TEST(EtlFile, OnlyHeadersOfTheSessionAreFound) {
  Written written = WriteTen(true);
  std::fill_n(written.bytes.begin() + written.at[4], kBufferHeaderSize, 0x41);
  written.bytes[written.at[5] + 0x2A] ^= 0x55;
  const auto reader = Open(written.bytes);
  EXPECT_EQ(TicksOf(reader.get()), AllBut({4, 5}));
  ExpectOneFault(*reader, EtlFaultKind::kBufferSize, written.at[4]);
}

// Every byte of a header in turn: nothing after the buffer is lost, and nothing before it.
TEST(EtlFile, NoByteOfAHeaderCostsAnotherBuffer) {
  for (const bool compressed : {false, true}) {
    const Written good = WriteTen(compressed);
    for (size_t at = 0; at < kBufferHeaderSize; ++at) {
      for (const uint8_t bits : {0x01, 0x80, 0xFF}) {
        Bytes bytes = good.bytes;
        bytes[good.at[4] + at] ^= bits;
        Ticks ticks = TicksOf(bytes);
        std::erase(ticks, 4);
        std::erase_if(ticks, [](uint64_t tick) { return tick > 10; });  // of what is no record
        EXPECT_EQ(ticks, AllBut({4})) << compressed << " " << at << " " << int{bits};
      }
    }
  }
}

uint64_t Records(TraceReader* reader) {
  EtwRecord record;
  uint64_t records = 0;
  while (reader->Next(&record)) ++records;
  return records;
}

std::vector<size_t> BuffersOf(const Bytes& bytes) {
  std::vector<size_t> at;
  for (size_t position = 0; position < bytes.size(); position += LoadAt<uint32_t>(bytes, position))
    at.push_back(position);
  return at;
}

TEST(EtlFile, ADamagedRealTraceLosesOnlyTheDamage) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  for (const char* name : {"perfview/net.4.5.2.x64.etl.zst", "tx/Process.etl.zst"}) {
    const Bytes good = Decompressed(TraceFolder() / name);
    const std::vector<size_t> at = BuffersOf(good);
    const uint64_t all = Records(Open(good).get());
    Bytes bytes = good;
    Put32(&bytes, at[20], 0);
    auto reader = Open(bytes);
    EXPECT_EQ(Records(reader.get()), all) << name;
    ExpectOneFault(*reader, EtlFaultKind::kBufferSize, at[20]);

    bytes = good;
    std::fill(bytes.begin() + at[20], bytes.begin() + at[22], 0);
    reader = Open(bytes);
    const uint64_t left = Records(reader.get());
    EXPECT_LT(left, all) << name;
    EXPECT_GT(left, all - all / 40) << name;
    ExpectOneFault(*reader, EtlFaultKind::kBufferSize, at[20]);
    EXPECT_EQ(reader->faults().samples()[0].skipped, at[22] - at[20]);
  }
}

// 200 MB of records in a file of 6 kB.
TEST(EtlFile, ADecompressionBombIsReadInBoundedMemory) {
  TraceFacts facts;
  facts.mode = 0x04000001;
  facts.buffer_size = 16u << 20;
  EtlWriter writer(facts);
  // One record, and a match that repeats it to the buffer's end.
  const Bytes record = At(1);
  constexpr uint32_t kBody = 0x00FFFF00;  // of whole records
  static_assert(kBody % 32 == 0);
  Bytes body(4, 0);
  body.insert(body.end(), record.begin(), record.end());
  body.insert(body.end(), 4, 0xFF);
  const uint32_t match = (32 - 1) << 3 | 7;
  body.push_back(static_cast<uint8_t>(match));
  body.push_back(static_cast<uint8_t>(match >> 8));
  body.insert(body.end(), {0x0F, 0xFF, 0x00, 0x00});
  for (int i = 0; i < 4; ++i) body.push_back(static_cast<uint8_t>((kBody - 32 - 3) >> (8 * i)));
  constexpr size_t kBuffers = 12;
  for (size_t i = 0; i < kBuffers; ++i) {
    writer.Add({.cpu = static_cast<uint16_t>(i), .compressed = true, .records = {record}});
    Bytes& bytes = writer.bytes();
    bytes.resize(writer.last() + kBufferHeaderSize);
    bytes.insert(bytes.end(), body.begin(), body.end());
    writer.Patch32(writer.last(), static_cast<uint32_t>(kBufferHeaderSize + body.size()));
    writer.Patch32(writer.last() + 0x30, kBufferHeaderSize + kBody);
  }
  EtlLimits limits;
  limits.open_bytes = size_t{64} << 20;
  const auto reader = Open(writer.bytes(), limits);
  EtwRecord read;
  uint64_t records = 0;
  size_t most = 0;
  while (reader->Next(&read)) {
    ++records;
    most = std::max(most, reader->open_bytes());
  }
  EXPECT_EQ(records, 1 + kBuffers * kBody / 32);
  EXPECT_LE(most, limits.open_bytes);
  EXPECT_GT(most, limits.open_bytes / 2);
  EXPECT_EQ(reader->faults().total(), 0u);
}

TEST(EtlFile, AsManyCpusAsAHeaderCanSay) {
  TraceFacts facts;
  facts.buffer_size = 1024;
  facts.processors = 65'535;
  EtlWriter writer(facts);
  constexpr uint32_t kCpus = 65'535;
  for (uint32_t cpu = 0; cpu < kCpus; ++cpu)
    writer.Add({.cpu = static_cast<uint16_t>(kCpus - 1 - cpu), .records = {At(1), At(2)}});
  const auto reader = Open(writer.bytes());
  EtwRecord record;
  ASSERT_TRUE(reader->Next(&record));  // the header's
  for (const uint64_t tick : {1, 2}) {
    for (uint32_t cpu = 0; cpu < kCpus; ++cpu) {
      ASSERT_TRUE(reader->Next(&record));
      ASSERT_EQ(record.cpu, cpu);
      ASSERT_EQ(record.raw_time, kOrigin + tick);
    }
  }
  EXPECT_FALSE(reader->Next(&record));
  EXPECT_EQ(reader->out_of_order(), 0u);
  EXPECT_EQ(reader->faults().total(), 0u);
}

}  // namespace
}  // namespace nuthatch
