#include "etw/trace_reader.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "etw/written_ticks.h"
#include "support/allocations.h"

namespace nuthatch {
namespace {

TEST(TraceReader, TheHeadersRecordComesFirst) {
  EtlWriter writer;
  const auto reader = Open(writer.bytes());
  EtwRecord record;
  ASSERT_TRUE(reader->Next(&record));
  EXPECT_EQ(record.group, 0);
  EXPECT_EQ(record.opcode, 0);
  EXPECT_EQ(record.position, kBufferHeaderSize);
  EXPECT_EQ(record.time, TraceFacts().start_time);
  EXPECT_FALSE(reader->Next(&record));
  EXPECT_FALSE(reader->Next(&record));
  EXPECT_EQ(reader->file().header().session, "A session");
}

TEST(TraceReader, ClosedItIsAtItsEndAndKeepsWhatItHasFoundOut) {
  EtlWriter writer;
  writer.Add({.cpu = 1, .records = {At(2), At(5)}});
  writer.Add({.cpu = 0, .records = {At(3), At(4)}});
  const auto reader = Open(writer.bytes());
  EtwRecord record;
  ASSERT_TRUE(reader->Next(&record));
  ASSERT_TRUE(reader->Next(&record));
  reader->Close();
  EXPECT_FALSE(reader->Next(&record));
  EXPECT_EQ(reader->open_bytes(), 0u);
  EXPECT_EQ(reader->progress(), 1);
  EXPECT_EQ(reader->file().size(), writer.bytes().size());
  EXPECT_EQ(reader->file().header().session, "A session");
  reader->Close();
}

TEST(TraceReader, RecordsOfAllCpusComeInOrder) {
  EtlWriter writer;
  writer.Add({.cpu = 1, .sequence = 4, .records = {At(2), At(5), At(9)}});
  writer.Add({.cpu = 0, .sequence = 3, .records = {At(1), At(6)}});
  writer.Add({.cpu = 0, .sequence = 5, .records = {At(7), At(8)}});
  writer.Add({.cpu = 700, .sequence = 2, .records = {At(3), At(4), At(10)}});
  const auto reader = Open(writer.bytes());
  EXPECT_EQ(TicksOf(reader.get()), (Ticks{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  EXPECT_EQ(reader->out_of_order(), 0u);
  EXPECT_EQ(reader->faults().total(), 0u);
}

TEST(TraceReader, ARecordHasTheCpuOfItsBufferAndItsPlace) {
  EtlWriter writer;
  writer.Add({.cpu = 700, .records = {At(1), At(2)}});
  const size_t second = writer.last();
  writer.Add({.cpu = 3, .compressed = true, .windows7 = true, .records = {At(3)}});
  const auto reader = Open(writer.bytes());
  EtwRecord record;
  ASSERT_TRUE(reader->Next(&record));
  ASSERT_TRUE(reader->Next(&record));
  EXPECT_EQ(record.cpu, 700);
  EXPECT_EQ(record.position, second + kBufferHeaderSize);
  ASSERT_TRUE(reader->Next(&record));
  EXPECT_EQ(record.position, second + kBufferHeaderSize + 32);
  ASSERT_TRUE(reader->Next(&record));
  EXPECT_EQ(record.cpu, 3) << "in Windows 7 a byte, and then another number";
  EXPECT_EQ(record.position, writer.last()) << "a compressed record has no place of its own";
}

TEST(TraceReader, AtTheSameTimeTheLowerCpuIsFirstThenTheEarlierBuffer) {
  EtlWriter writer;
  writer.Add({.cpu = 2, .records = {At(3, 9), At(5, 20)}});
  writer.Add({.cpu = 1, .sequence = 10, .records = {At(5, 13)}});
  writer.Add({.cpu = 1, .sequence = 9, .records = {At(5, 12)}});
  writer.Add({.cpu = 1, .sequence = 8, .records = {At(4, 10), At(5, 11)}});
  const auto reader = Open(writer.bytes());
  std::vector<uint32_t> pids;
  EtwRecord record;
  while (reader->Next(&record)) pids.push_back(record.pid);
  EXPECT_EQ(pids, (std::vector<uint32_t>{100, 9, 10, 11, 12, 13, 20}));
}

TEST(TraceReader, CircularFilesBeginInTheMiddle) {
  TraceFacts facts;
  facts.mode = 2;
  EtlWriter writer(facts);
  writer.Add({.sequence = 908, .records = {At(50), At(60)}});
  writer.Add({.sequence = 909, .records = {At(70)}});
  writer.Add({.sequence = 906, .records = {At(10), At(20)}});
  writer.Add({.sequence = 907, .records = {At(30), At(40)}});
  EXPECT_EQ(TicksOf(writer.bytes()), (Ticks{10, 20, 30, 40, 50, 60, 70}));
}

// Any number of buffers, records and CPUs, each CPU's in order, as a session writes them.
TEST(TraceReader, IsASortOfAllRecords) {
  std::mt19937 random(11);
  for (int round = 0; round < 50; ++round) {
    const bool compressed = round % 2 == 1;
    TraceFacts facts;
    facts.mode = compressed ? 0x04000001 : 1;
    EtlWriter writer(facts);
    Ticks all;
    std::vector<WrittenBuffer> buffers;
    for (uint16_t cpu = 0; cpu < 1 + random() % 6; ++cpu) {
      uint64_t ticks = 0;
      for (unsigned b = 0; b < random() % 8; ++b) {
        WrittenBuffer buffer{.cpu = cpu, .sequence = b, .compressed = compressed};
        for (unsigned r = 0; r < random() % 30; ++r) {
          all.push_back(ticks += random() % 4);
          buffer.records.push_back(At(ticks));
        }
        buffers.push_back(buffer);
      }
    }
    std::shuffle(buffers.begin(), buffers.end(), random);
    for (const WrittenBuffer& buffer : buffers) writer.Add(buffer);
    std::sort(all.begin(), all.end());
    const auto reader = Open(writer.bytes());
    EXPECT_EQ(TicksOf(reader.get()), all);
    EXPECT_EQ(reader->out_of_order(), 0u);
    EXPECT_EQ(reader->faults().total(), 0u);
  }
}

TEST(TraceReader, RecordsOutOfOrderInABufferAreCountedAndGiven) {
  EtlWriter writer;
  writer.Add({.records = {At(5), At(3), At(9)}});
  const auto reader = Open(writer.bytes());
  EXPECT_EQ(TicksOf(reader.get()), (Ticks{5, 3, 9}));
  EXPECT_EQ(reader->out_of_order(), 1u);
}

TEST(TraceReader, AMessageWithoutATimeIsAsOldAsTheRecordBefore) {
  MessageRecord timeless;
  timeless.flags = kMessageGuid;
  EtlWriter writer;
  writer.Add({.cpu = 1, .records = {At(7)}});
  writer.Add({.cpu = 0, .records = {timeless.Write(), At(8), timeless.Write()}});
  writer.Add({.cpu = 2, .records = {At(9)}});
  const auto reader = Open(writer.bytes());
  EXPECT_EQ(TicksOf(reader.get()), (Ticks{7, 7, 8, 8, 9}))
      << "and first in a buffer, as that before";
}

TEST(TraceReader, CompressedAndOtherBuffersOfOneFile) {
  TraceFacts facts;
  facts.mode = 0x04000001;
  EtlWriter writer(facts);
  std::vector<Bytes> records;
  Ticks ticks;
  for (uint64_t i = 0; i < 3000; ++i) {
    records.push_back(At(i));
    ticks.push_back(i);
  }
  writer.Add({.compressed = true, .records = records});
  EXPECT_LT(writer.bytes().size(), 3000u * 32 / 2) << "or nothing was compressed";
  writer.Add({.records = {At(3000)}});
  ticks.push_back(3000);
  EXPECT_EQ(TicksOf(writer.bytes()), ticks);
}

TEST(TraceReader, AFileThatWasNeverClosedIsRead) {
  TraceFacts facts;
  facts.end_time = 0;
  facts.buffers_written = 0;
  EtlWriter writer(facts);
  writer.Add({.records = {At(1)}});
  writer.bytes().resize(writer.bytes().size() + 3 * 4096);  // allocated, and not used
  const auto reader = Open(writer.bytes());
  EXPECT_EQ(TicksOf(reader.get()), (Ticks{1}));
  EXPECT_EQ(reader->faults().total(), 0u);
}

TEST(TraceReader, AFileCutOffAnywhereGivesItsWholeRecords) {
  TraceFacts facts;
  facts.mode = 0x04000001;
  EtlWriter writer(facts);
  writer.Add({.records = {At(1), At(2), At(3)}});
  const size_t last = writer.last();
  for (size_t size = last + 1; size < last + kBufferHeaderSize + 3 * 32; ++size) {
    const Bytes cut(writer.bytes().begin(), writer.bytes().begin() + size);
    const auto reader = Open(cut);
    const size_t whole =
        size < last + kBufferHeaderSize ? 0 : (size - last - kBufferHeaderSize) / 32;
    EXPECT_EQ(TicksOf(reader.get()).size(), whole) << size;
    ExpectOneFault(*reader, EtlFaultKind::kTruncated, last);
  }
}

TEST(TraceReader, ACompressedBufferCutOffGivesItsWholeRecords) {
  TraceFacts facts;
  facts.mode = 0x04000001;
  EtlWriter writer(facts);
  writer.Add({.compressed = true, .records = {At(1), At(2), At(3)}});
  const size_t last = writer.last();
  size_t most = 0;
  for (size_t size = last + kBufferHeaderSize; size < writer.bytes().size(); ++size) {
    const Bytes cut(writer.bytes().begin(), writer.bytes().begin() + size);
    const auto reader = Open(cut);
    most = std::max(most, TicksOf(reader.get()).size());
    ExpectOneFault(*reader, EtlFaultKind::kTruncated, last);
  }
  EXPECT_GE(most, 2u);
}

TEST(TraceReader, AFileThatIsNoTraceIsRefused) {
  const Bytes good = EtlWriter().bytes();
  const auto code = [](const Bytes& bytes) -> std::string {
    std::unique_ptr<TraceReader> reader;
    const Status status = TraceReader::Open(std::make_unique<MemorySource>(bytes), {}, &reader);
    return status.ok() ? "" : status.code();
  };
  EXPECT_EQ(code(good), "");
  EXPECT_EQ(code({}), "NUTHATCH_ETL_FORMAT");
  EXPECT_EQ(code(Bytes(71, 0)), "NUTHATCH_ETL_FORMAT");
  EXPECT_EQ(code(Bytes(5000, 0)), "NUTHATCH_ETL_FORMAT");
  EXPECT_EQ(code(BytesOf(std::string(5000, '{'))), "NUTHATCH_ETL_FORMAT");
  EXPECT_EQ(code({good.begin() + 72, good.end()}), "NUTHATCH_ETL_FORMAT");
}

TEST(TraceReader, AMalformedRecordCostsTheRestOfItsBuffer) {
  EtlWriter writer;
  writer.Add({.records = {At(1), At(2), At(3)}});
  const size_t record = writer.last() + kBufferHeaderSize + 32;
  writer.Add({.records = {At(4)}});
  writer.bytes()[record + 3] = 0;
  const auto reader = Open(writer.bytes());
  EXPECT_EQ(TicksOf(reader.get()), (Ticks{1, 4}));
  ExpectOneFault(*reader, EtlFaultKind::kRecord, record);
}

TEST(TraceReader, MalformedItemsCostTheirRecord) {
  EventRecord event;
  event.time = kOrigin + 2;
  event.items = {{1, Bytes(16, 0)}};
  EtlWriter writer;
  writer.Add({.records = {At(1), event.Write(), At(3)}});
  const size_t record = writer.last() + kBufferHeaderSize + 32;
  writer.bytes()[record + 80] = 4;
  const auto reader = Open(writer.bytes());
  EXPECT_EQ(TicksOf(reader.get()), (Ticks{1, 3}));
  ExpectOneFault(*reader, EtlFaultKind::kRecord, record);
}

TEST(TraceReader, AKindThatIsNotReadIsCounted) {
  EtlWriter writer;
  writer.Add({.records = {At(1), At(2), At(3)}});
  const size_t record = writer.last() + kBufferHeaderSize + 32;
  // An ERROR record, whose size is at its beginning.
  writer.bytes()[record] = 32;
  writer.bytes()[record + 2] = 13;
  const auto reader = Open(writer.bytes());
  EXPECT_EQ(TicksOf(reader.get()), (Ticks{1, 3}));
  ExpectOneFault(*reader, EtlFaultKind::kRecordKind, record);
}

TEST(TraceReader, BuffersOfOtherTypes) {
  for (const uint16_t type : {0, 1, 4}) {
    EtlWriter writer;
    writer.Add({.type = type, .records = {At(1)}});
    EXPECT_EQ(TicksOf(writer.bytes()), (Ticks{1})) << type;
  }
  for (const uint16_t type : {3, 6, 7}) {
    EtlWriter writer;
    writer.Add({.type = type, .records = {At(1)}});
    const auto reader = Open(writer.bytes());
    EXPECT_EQ(TicksOf(reader.get()), Ticks{}) << type;
    EXPECT_EQ(reader->faults().total(), 0u) << "there are no events in it";
  }
  for (const uint16_t type : {2, 5, 8, 0xFFFF}) {
    EtlWriter writer;
    writer.Add({.type = type, .records = {At(1)}});
    const auto reader = Open(writer.bytes());
    EXPECT_EQ(TicksOf(reader.get()), Ticks{}) << type;
    ExpectOneFault(*reader, EtlFaultKind::kBufferType, writer.last());
  }
}

TEST(TraceReader, OtherCompressionIsNotGuessed) {
  TraceFacts facts;
  facts.mode = 0x04000001;
  for (const uint16_t format : {2, 4}) {
    EtlWriter writer(facts, format);
    writer.Add({.compressed = true, .records = {At(1)}});
    const size_t compressed = writer.last();
    writer.Add({.records = {At(2)}});
    const auto reader = Open(writer.bytes());
    EXPECT_EQ(TicksOf(reader.get()), (Ticks{2}));
    ExpectOneFault(*reader, EtlFaultKind::kCompression, compressed);
  }
}

TEST(TraceReader, CorruptCompressionGivesWhatComesBefore) {
  TraceFacts facts;
  facts.mode = 0x04000001;
  EtlWriter writer(facts);
  writer.Add({.compressed = true, .records = {At(1), At(2)}});
  const size_t compressed = writer.last();
  // It decompresses to less than it says.
  writer.Patch32(compressed + 0x30, kBufferHeaderSize + 100 * 32);
  const auto reader = Open(writer.bytes());
  EXPECT_EQ(TicksOf(reader.get()), (Ticks{1, 2}));
  ExpectOneFault(*reader, EtlFaultKind::kCompressedData, compressed);
}

TEST(TraceReader, ABombIsNotLit) {
  TraceFacts facts;
  facts.mode = 0x04000001;
  EtlWriter writer(facts);
  writer.Add({.compressed = true, .records = {At(1)}});
  const size_t bomb = writer.last();
  for (const uint32_t filled : {(16u << 20) + 1, 0xFFFFFFFFu}) {
    writer.Patch32(bomb + 0x30, filled);
    const auto reader = Open(writer.bytes());
    EXPECT_EQ(TicksOf(reader.get()), Ticks{});
    ExpectOneFault(*reader, EtlFaultKind::kCompressedData, bomb);
  }
}

TEST(TraceReader, LossesAreCounted) {
  TraceFacts facts;
  facts.events_lost = 12;
  facts.buffers_lost = 3;
  EtlWriter writer(facts);
  writer.Add({.flags = BufferHeader::kEventsLost, .records = {At(1)}});
  writer.Add({.flags = BufferHeader::kBufferLost | BufferHeader::kEventsLost, .records = {At(2)}});
  writer.Add({.flags = 1, .records = {At(3)}});
  const auto reader = Open(writer.bytes());
  EXPECT_EQ(reader->file().header().events_lost, 12u);
  EXPECT_EQ(reader->file().header().buffers_lost, 3u);
  EXPECT_EQ(reader->file().loss_marks(), 2u);
}

TEST(TraceReader, MoreBuffersThanTheLimitAreLeftOut) {
  EtlWriter writer;
  for (uint64_t i = 1; i <= 5; ++i) writer.Add({.records = {At(i)}});
  EtlLimits limits;
  limits.buffers = 4;
  const auto reader = Open(writer.bytes(), limits);
  EXPECT_EQ(TicksOf(reader.get()), (Ticks{1, 2, 3}));
  ExpectOneFault(*reader, EtlFaultKind::kTooManyBuffers, 4 * 4096);
}

TEST(TraceReader, WithoutRoomForAllCpusEveryRecordComesAllTheSame) {
  EtlWriter writer;
  constexpr uint32_t kCpus = 60'000;
  for (uint32_t cpu = 0; cpu < kCpus; cpu += 1000)
    writer.Add({.cpu = static_cast<uint16_t>(cpu), .records = {At(1), At(2 + cpu)}});
  EtlLimits limits;
  limits.open_bytes = 2000;
  const auto reader = Open(writer.bytes(), limits);
  EXPECT_EQ(TicksOf(reader.get()).size(), kCpus / 1000 * 2);
  EXPECT_GT(reader->out_of_order(), 0u);
  EXPECT_EQ(reader->faults().total(), 0u);
}

TEST(TraceReader, ABufferThatIsClosedMakesRoomForTheNext) {
  EtlWriter writer;
  for (uint64_t pair = 0; pair < 100; ++pair) {
    writer.Add({.cpu = 0, .records = {At(10 * pair + 1), At(10 * pair + 3)}});
    writer.Add({.cpu = 1, .records = {At(10 * pair + 2), At(10 * pair + 4)}});
  }
  EtlLimits limits;
  limits.open_bytes = 1500;  // two of them and the header's
  const auto reader = Open(writer.bytes(), limits);
  EXPECT_EQ(TicksOf(reader.get()).size(), 400u);
  EXPECT_EQ(reader->out_of_order(), 0u);
}

Bytes Sized(uint64_t tick, size_t size) {
  KernelRecord record;
  record.time = kOrigin + tick;
  record.payload = Bytes(size, static_cast<uint8_t>(tick));
  return record.Write();
}

// A record may be larger than a part, end with one, or a few bytes before it.
TEST(TraceReader, PartsOfAnySizeGiveTheSameRecords) {
  EtlWriter writer({.buffer_size = 1 << 18});
  std::vector<Bytes> records;
  for (uint64_t tick = 1; tick <= 600; ++tick)
    records.push_back(Sized(tick, tick % 50 == 0 ? 40 * tick : tick % 97));
  writer.Add({.records = records});
  const auto whole = Open(writer.bytes());
  const Ticks expected = TicksOf(whole.get());
  ASSERT_EQ(expected.size(), records.size());
  for (size_t part = 80; part <= 1024; part += 8) {
    EtlLimits limits;
    limits.part_bytes = part;
    const auto reader = Open(writer.bytes(), limits);
    EXPECT_EQ(TicksOf(reader.get()), expected) << part;
    EXPECT_EQ(reader->faults().total(), 0u) << part;
  }
}

// Records of all sizes lie across the ends of parts.
TEST(TraceReader, OfALargeBufferAPartIsInMemoryAtATime) {
  constexpr uint32_t kBuffer = 1 << 20;
  EtlWriter writer({.buffer_size = kBuffer});
  std::vector<Bytes> records;
  Ticks ticks;
  size_t size = kBufferHeaderSize;
  for (uint64_t tick = 1;; ++tick) {
    Bytes record = Sized(tick, tick * 7919 % 60'000);
    if (size + record.size() + 8 > kBuffer) break;
    size += (record.size() + 7) & ~size_t{7};
    ticks.push_back(tick);
    records.push_back(std::move(record));
  }
  writer.Add({.records = records});
  const auto reader = Open(writer.bytes());
  EtwRecord read;
  ASSERT_TRUE(reader->Next(&read)) << "the trace's header";
  uint64_t position = kBuffer + kBufferHeaderSize;
  for (const uint64_t tick : ticks) {
    ASSERT_TRUE(reader->Next(&read));
    const Bytes& written = records[tick - 1];
    EXPECT_EQ(read.position, position);
    ASSERT_LE(read.payload.size(), written.size());
    EXPECT_TRUE(std::equal(read.payload.rbegin(), read.payload.rend(), written.rbegin()));
    EXPECT_EQ(read.payload.size(), tick * 7919 % 60'000);
    EXPECT_LE(reader->open_bytes(), size_t{140'000});
    position += (written.size() + 7) & ~size_t{7};
  }
  EXPECT_FALSE(reader->Next(&read));
  EXPECT_EQ(reader->faults().total(), 0u);
}

// Of a large buffer.
constexpr size_t kPart = EtlLimits().part_bytes;

// Records of which the fifth ends at `end` in its buffer, before its padding.
std::vector<Bytes> FiveTo(size_t end) {
  constexpr size_t kEach = 30'000;
  std::vector<Bytes> records;
  for (uint64_t tick = 1; tick <= 4; ++tick) records.push_back(Sized(tick, kEach - 32));
  records.push_back(Sized(5, end - kBufferHeaderSize - 4 * kEach - 32));
  return records;
}

TEST(TraceReader, ARecordMayEndAnywhereNearTheEndOfAPart) {
  for (size_t end = kPart - 24; end <= kPart + 24; ++end) {
    std::vector<Bytes> records = FiveTo(end);
    for (uint64_t tick = 6; tick <= 8; ++tick) records.push_back(At(tick));
    EtlWriter writer({.buffer_size = 1 << 20});
    writer.Add({.records = records});
    const auto reader = Open(writer.bytes());
    EXPECT_EQ(TicksOf(reader.get()), (Ticks{1, 2, 3, 4, 5, 6, 7, 8})) << end;
    EXPECT_EQ(reader->faults().total(), 0u) << end;
  }
}

// The padding of a buffer's last record can be missing.
TEST(TraceReader, ABufferMayEndAnywhereNearTheEndOfAPart) {
  for (size_t end = kPart - 24; end <= kPart + 24; ++end) {
    EtlWriter writer({.buffer_size = 1 << 20});
    writer.Add({.records = FiveTo(end)});
    writer.Patch32(writer.last() + 0x30, static_cast<uint32_t>(end));
    writer.Add({.records = {At(6)}});
    const auto reader = Open(writer.bytes());
    EXPECT_EQ(TicksOf(reader.get()), (Ticks{1, 2, 3, 4, 5, 6})) << end;
    EXPECT_EQ(reader->faults().total(), 0u) << end;
  }
}

// The second part begins where the record does that the first has not all of.
TEST(TraceReader, ARecordMayEndAnywhereNearTheEndOfTheSecondPart) {
  for (size_t end = kPart - 24; end <= kPart + 24; ++end) {
    std::vector<Bytes> records = FiveTo(kPart);
    const std::vector<Bytes> second = FiveTo(kBufferHeaderSize + end);
    for (Bytes record : second) {
      record[16] = static_cast<uint8_t>(record[16] + 5);  // its time
      records.push_back(std::move(record));
    }
    records.push_back(At(11));
    EtlWriter writer({.buffer_size = 1 << 20});
    writer.Add({.records = records});
    const auto reader = Open(writer.bytes());
    EXPECT_EQ(TicksOf(reader.get()), (Ticks{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})) << end;
    EXPECT_EQ(reader->faults().total(), 0u) << end;
  }
}

TEST(TraceReader, AMalformedRecordCostsTheRestOfALargeBuffer) {
  EtlWriter writer({.buffer_size = 1 << 20});
  std::vector<Bytes> records;
  for (uint64_t tick = 1; tick <= 40; ++tick) records.push_back(Sized(tick, 20'000));
  const size_t step = (records[0].size() + 7) & ~size_t{7};
  writer.Add({.records = records});
  writer.Patch32(writer.last() + kBufferHeaderSize + 10 * step, 0x12345678);
  const auto reader = Open(writer.bytes());
  EXPECT_EQ(TicksOf(reader.get()), (Ticks{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  ExpectOneFault(*reader, EtlFaultKind::kRecord, writer.last() + kBufferHeaderSize + 10 * step);
}

TEST(TraceReader, ABufferSaidToBeFilledBeyondItsEndIsReadToItsEnd) {
  for (const uint32_t filled : {4097u, 0xFFFFFFFFu}) {
    EtlWriter writer;
    writer.Add({.records = {At(1), At(2)}});
    writer.Patch32(writer.last() + 0x30, filled);
    writer.Add({.records = {At(3)}});
    const auto reader = Open(writer.bytes());
    EXPECT_EQ(TicksOf(reader.get()), (Ticks{1, 2, 3}));
    ExpectOneFault(*reader, EtlFaultKind::kBufferFilled, 4096);
  }
}

// It says that it has bytes which it then does not have, or cannot read.
class FailingSource : public MemorySource {
 public:
  FailingSource(const Bytes& bytes, size_t from, bool shortened)
      : MemorySource(bytes), from_(from), shortened_(shortened) {}
  std::optional<size_t> ReadAt(uint64_t position, std::span<uint8_t> out) override {
    // Its buffers have been looked over by then.
    if (position != from_ || ++reads_ == 1) return MemorySource::ReadAt(position, out);
    if (!shortened_) return std::nullopt;
    return MemorySource::ReadAt(position, out.first(std::min<size_t>(out.size(), 100)));
  }

 private:
  const size_t from_;
  const bool shortened_;
  int reads_ = 0;
};

TEST(TraceReader, WhatCannotBeReadIsAFaultAndTheRestIsRead) {
  for (const bool shortened : {false, true}) {
    EtlWriter writer;
    writer.Add({.records = {At(1), At(2)}});
    const size_t bad = writer.last();
    writer.Add({.records = {At(3)}});
    std::unique_ptr<TraceReader> reader;
    ASSERT_TRUE(TraceReader::Open(std::make_unique<FailingSource>(writer.bytes(), bad, shortened),
                                  {}, &reader)
                    .ok());
    EXPECT_EQ(TicksOf(reader.get()), (Ticks{3}));
    EXPECT_EQ(
        reader->faults().count(shortened ? EtlFaultKind::kTruncated : EtlFaultKind::kUnreadable),
        1u);
    EXPECT_EQ(reader->faults().samples()[0].position, bad);
  }
}

TEST(TraceReader, ReadingARecordAllocatesNothing) {
  EtlWriter writer;
  std::vector<Bytes> records;
  EventRecord event;
  event.items = {{1, Bytes(16, 0)}};
  for (uint64_t i = 0; i < 10; ++i) {
    event.time = kOrigin + i;
    records.push_back(event.Write());
  }
  writer.Add({.records = records});
  const auto reader = Open(writer.bytes());
  EtwRecord record;
  ASSERT_TRUE(reader->Next(&record));  // the header's
  ASSERT_TRUE(reader->Next(&record));  // opens the buffer
  const size_t before = Allocations();
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(reader->Next(&record));
  EXPECT_EQ(Allocations(), before);
}

}  // namespace
}  // namespace nuthatch
