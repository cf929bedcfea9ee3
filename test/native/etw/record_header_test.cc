#include "etw/record_header.h"

#include <gtest/gtest.h>

#include "etw/etl_writer.h"
#include "etw/event_key.h"
#include "etw/known_providers.h"

namespace nuthatch {
namespace {

using Step = RecordWalker::Step;

constexpr Guid kGuid = ParseGuid("01020304-0506-0708-090a-0b0c0d0e0f10");
constexpr Guid kOther = ParseGuid("a1a2a3a4-a5a6-a7a8-a9aa-abacadaeafb0");
constexpr uint64_t kTime = 0x1122334455667788;

// A buffer that holds these bytes, and nothing after them.
Bytes BufferOf(const std::vector<Bytes>& records) {
  Bytes buffer(kBufferHeaderSize);
  for (const Bytes& record : records) {
    buffer.insert(buffer.end(), record.begin(), record.end());
    buffer.resize((buffer.size() + 7) & ~size_t{7}, 0xEE);
  }
  return buffer;
}

struct Read {
  Bytes memory;
  EtwRecord record;
};

// The only record of a buffer; a failure where there is none.
Read ReadOnly(const Bytes& bytes) {
  Read read{BufferOf({bytes}), {}};
  RecordWalker walker(read.memory);
  RawRecord raw;
  EXPECT_EQ(walker.Next(&raw), Step::kRecord);
  EXPECT_TRUE(ReadRecordHeader(raw, &read.record));
  EXPECT_EQ(walker.Next(&raw), Step::kEnd);
  return read;
}

Bytes PayloadOf(const EtwRecord& record) { return {record.payload.begin(), record.payload.end()}; }

TEST(RecordHeader, KernelRecordsOfThreeSizes) {
  for (const uint8_t pointer_size : {uint8_t{4}, uint8_t{8}}) {
    KernelRecord written;
    written.pointer_size = pointer_size;
    written.group = 0x14;
    written.type = 3;
    written.time = kTime;
    written.processor_time = 77;
    written.payload = BytesOf("payload");

    const EtwRecord system = ReadOnly(written.Write()).record;
    EXPECT_EQ(system.kind, HeaderKind::kSystem);
    EXPECT_EQ(system.pointer_size, pointer_size);
    EXPECT_EQ(system.group, 0x14);
    EXPECT_STREQ(KnownProviderName(system.provider), "Image");
    EXPECT_EQ(system.opcode, 3);
    EXPECT_EQ(system.version, 4);
    EXPECT_EQ(system.pid, 100u);
    EXPECT_EQ(system.tid, 200u);
    EXPECT_EQ(system.raw_time, kTime);
    EXPECT_EQ(system.processor_time, 77u);

    written.marker = kCompactMarker;
    const EtwRecord compact = ReadOnly(written.Write()).record;
    EXPECT_EQ(compact.kind, HeaderKind::kCompact);
    EXPECT_EQ(compact.pointer_size, pointer_size);
    EXPECT_EQ(compact.pid, 100u);
    EXPECT_EQ(compact.tid, 200u);
    EXPECT_EQ(compact.raw_time, kTime);
    EXPECT_EQ(compact.processor_time, 0u);

    written.marker = kPerfInfoMarker;
    const Read read = ReadOnly(written.Write());
    EXPECT_EQ(read.record.kind, HeaderKind::kPerfInfo);
    EXPECT_EQ(read.record.pointer_size, pointer_size);
    EXPECT_EQ(read.record.pid, kNoId);
    EXPECT_EQ(read.record.tid, kNoId);
    EXPECT_EQ(read.record.raw_time, kTime);
    EXPECT_EQ(PayloadOf(read.record), BytesOf("payload"));
  }
}

// One event, whichever header a build of Windows gave it: PerfView's Image/Load.
TEST(RecordHeader, LoadsOfImagesAreOfTheClassImage) {
  const Guid image = ParseGuid("2cb15d1d-5fc1-11d2-abe1-00a0c911f518");
  const Guid process = ParseGuid("3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c");
  const EventKey key = {image, 10, 2, 0x14, EventForm::kType};
  for (const uint8_t group : {uint8_t{3}, uint8_t{0x14}}) {
    EXPECT_EQ(
        KeyOf(ReadOnly(KernelRecord{.group = group, .type = 10, .version = 2}.Write()).record),
        key);
  }
  for (const Guid& guid : {image, process}) {
    EXPECT_EQ(KeyOf(ReadOnly(ClassicRecord{.type = 10, .version = 2, .guid = guid}.Write()).record),
              key);
  }
  EXPECT_EQ(ReadOnly(KernelRecord{.group = 3, .type = 2}.Write()).record.provider, process);
}

TEST(RecordHeader, CountersAreNotInThePayload) {
  KernelRecord written;
  written.version = 0x8000 | 0x0200 | 3;  // a PEBS index and two counters
  written.payload = BytesOf(std::string(24, 'c') + "payload");
  const Read read = ReadOnly(written.Write());
  EXPECT_EQ(read.record.version, 3);
  EXPECT_EQ(PayloadOf(read.record), BytesOf("payload"));

  written.payload = BytesOf(std::string(23, 'c'));
  const Bytes memory = BufferOf({written.Write()});
  RecordWalker walker(memory);
  RawRecord raw;
  EtwRecord record;
  ASSERT_EQ(walker.Next(&raw), Step::kRecord);
  EXPECT_FALSE(ReadRecordHeader(raw, &record)) << "a byte of the counters is missing";
}

TEST(RecordHeader, AGroupThatIsNotKnownHasNoClass) {
  KernelRecord written;
  written.group = 0x7E;
  const EtwRecord record = ReadOnly(written.Write()).record;
  EXPECT_EQ(record.group, 0x7E);
  EXPECT_EQ(record.provider, Guid{});
}

TEST(RecordHeader, ClassicRecords) {
  for (const uint8_t pointer_size : {uint8_t{4}, uint8_t{8}}) {
    ClassicRecord written;
    written.pointer_size = pointer_size;
    written.type = 0x20;
    written.level = 5;
    written.version = 0x1234;
    written.time = kTime;
    written.guid = kGuid;
    written.processor_time = 9;
    written.payload = BytesOf("payload");
    const Read classic = ReadOnly(written.Write());
    EXPECT_EQ(classic.record.kind, HeaderKind::kClassic);
    EXPECT_EQ(classic.record.pointer_size, pointer_size);
    EXPECT_EQ(classic.record.opcode, 0x20);
    EXPECT_EQ(classic.record.level, 5);
    EXPECT_EQ(classic.record.version, 0x1234);
    EXPECT_EQ(classic.record.pid, 100u);
    EXPECT_EQ(classic.record.tid, 200u);
    EXPECT_EQ(classic.record.raw_time, kTime);
    EXPECT_EQ(classic.record.provider, kGuid);
    EXPECT_EQ(classic.record.group, kNoGroup);
    EXPECT_EQ(classic.record.processor_time, 9u);
    EXPECT_EQ(PayloadOf(classic.record), BytesOf("payload"));

    written.instance = true;
    written.id = 11;
    written.parent_id = 12;
    written.parent = kOther;
    const Read instance = ReadOnly(written.Write());
    EXPECT_EQ(instance.record.kind, HeaderKind::kInstance);
    EXPECT_EQ(instance.record.pointer_size, pointer_size);
    EXPECT_EQ(instance.record.provider, kGuid);
    EXPECT_EQ(instance.record.instance, 11u);
    EXPECT_EQ(instance.record.parent_instance, 12u);
    EXPECT_EQ(instance.record.parent_class, kOther);
    EXPECT_EQ(PayloadOf(instance.record), BytesOf("payload"));
  }
}

TEST(RecordHeader, AClassicRecordOfTheKernelsClassHasItsGroup) {
  ClassicRecord written;
  written.guid = KernelClass(5);
  EXPECT_EQ(ReadOnly(written.Write()).record.group, 5);
}

TEST(RecordHeader, EventsOfManifests) {
  for (const uint8_t pointer_size : {uint8_t{4}, uint8_t{8}}) {
    EventRecord written;
    written.pointer_size = pointer_size;
    written.flags = 0x10;
    written.properties = 2;
    written.time = kTime;
    written.provider = kGuid;
    written.id = 3008;
    written.version = 6;
    written.channel = 16;
    written.level = 3;
    written.opcode = 21;
    written.task = 0x1234;
    written.keyword = 0x8000000000000001;
    written.processor_time = 42;
    written.activity = kOther;
    written.payload = BytesOf("payload");
    const Read read = ReadOnly(written.Write());
    const EtwRecord& record = read.record;
    EXPECT_EQ(record.kind, HeaderKind::kEvent);
    EXPECT_EQ(record.pointer_size, pointer_size);
    EXPECT_EQ(record.flags, 0x10);
    EXPECT_EQ(record.properties, 2);
    EXPECT_EQ(record.pid, 100u);
    EXPECT_EQ(record.tid, 200u);
    EXPECT_EQ(record.raw_time, kTime);
    EXPECT_EQ(record.provider, kGuid);
    EXPECT_EQ(record.id, 3008);
    EXPECT_EQ(record.version, 6);
    EXPECT_EQ(record.channel, 16);
    EXPECT_EQ(record.level, 3);
    EXPECT_EQ(record.opcode, 21);
    EXPECT_EQ(record.task, 0x1234);
    EXPECT_EQ(record.keyword, 0x8000000000000001);
    EXPECT_EQ(record.processor_time, 42u);
    EXPECT_EQ(record.activity, kOther);
    EXPECT_EQ(PayloadOf(record), BytesOf("payload"));
    ExtendedItem item;
    ExtendedItems items = record.extended;
    EXPECT_FALSE(items.Next(&item));
  }
}

TEST(RecordHeader, ExtendedItemsComeBeforeThePayload) {
  EventRecord written;
  written.items = {{1, Bytes(16, 0xAB)}, {12, BytesOf("odd")}, {6, {}}};
  written.payload = BytesOf("payload");
  const Read read = ReadOnly(written.Write());
  EXPECT_EQ(PayloadOf(read.record), BytesOf("payload"));
  ExtendedItems items = read.record.extended;
  ExtendedItem item;
  ASSERT_TRUE(items.Next(&item));
  EXPECT_EQ(item.type, ExtendedType::kRelatedActivity);
  EXPECT_EQ(Bytes(item.data.begin(), item.data.end()), Bytes(16, 0xAB));
  ASSERT_TRUE(items.Next(&item));
  EXPECT_EQ(item.type, ExtendedType::kProviderTraits);
  EXPECT_EQ(Bytes(item.data.begin(), item.data.end()), BytesOf("odd"));
  ASSERT_TRUE(items.Next(&item));
  EXPECT_EQ(item.type, ExtendedType::kStack64);
  EXPECT_TRUE(item.data.empty());
  EXPECT_FALSE(items.Next(&item));
}

TEST(RecordHeader, MalformedItemsMakeTheRecordMalformed) {
  EventRecord written;
  written.items = {{1, Bytes(16, 0)}};
  const Bytes good = written.Write();
  constexpr size_t kItem = 80;
  // Size, linkage or data size of the item, and what makes it wrong.
  const std::pair<size_t, uint8_t> wrongs[] = {
      {kItem, 0}, {kItem, 4}, {kItem, 20}, {kItem, 32}, {kItem + 4, 1}, {kItem + 6, 17},
  };
  for (const auto& [at, value] : wrongs) {
    Bytes bytes = good;
    bytes[at] = value;
    const Bytes memory = BufferOf({bytes});
    RecordWalker walker(memory);
    RawRecord raw;
    EtwRecord record;
    ASSERT_EQ(walker.Next(&raw), Step::kRecord);
    EXPECT_FALSE(ReadRecordHeader(raw, &record)) << at << " = " << int{value};
  }
}

TEST(RecordHeader, MessagesSayWhatTheirHeaderHas) {
  MessageRecord written;
  written.number = 17;
  written.sequence = 5;
  written.guid = kGuid;
  written.component = 99;
  written.time = kTime;
  written.payload = BytesOf("payload");
  for (uint16_t flags = 0; flags < 0x100; ++flags) {
    written.flags = flags;
    const Bytes memory = BufferOf({written.Write()});
    RecordWalker walker(memory);
    RawRecord raw;
    EtwRecord record;
    ASSERT_EQ(walker.Next(&raw), Step::kRecord);
    ASSERT_TRUE(ReadRecordHeader(raw, &record)) << flags;
    const auto has = [&](MessageFlag flag) { return (flags & flag) != 0; };
    EXPECT_EQ(record.kind, HeaderKind::kMessage);
    EXPECT_EQ(record.id, 17);
    EXPECT_EQ(record.flags, flags);
    EXPECT_EQ(record.sequence, has(kMessageSequence) ? 5u : 0u);
    EXPECT_EQ(record.provider, has(kMessageGuid)        ? kGuid
                               : has(kMessageComponent) ? (Guid{99, 0})
                                                        : Guid{});
    EXPECT_EQ(raw.has_time, has(kMessageTime));
    if (raw.has_time) {
      EXPECT_EQ(record.raw_time, kTime);
    }
    EXPECT_EQ(record.pid, has(kMessageIds) ? 100u : kNoId);
    EXPECT_EQ(record.tid, has(kMessageIds) ? 200u : kNoId);
    EXPECT_EQ(record.pointer_size, has(kMessagePointer32) ? 4 : 8);
    EXPECT_EQ(PayloadOf(record), BytesOf("payload")) << flags;
  }
}

TEST(RecordWalker, GoesToTheEndOfWhatIsFilled) {
  KernelRecord written;
  const Bytes memory = BufferOf({written.Write(), MessageRecord().Write(), written.Write()});
  RecordWalker walker(memory);
  RawRecord raw;
  EXPECT_EQ(walker.Next(&raw), Step::kRecord);
  EXPECT_EQ(walker.position(), kBufferHeaderSize);
  EXPECT_EQ(walker.Next(&raw), Step::kRecord);
  EXPECT_EQ(walker.position(), kBufferHeaderSize + 32);
  EXPECT_EQ(walker.Next(&raw), Step::kRecord);
  EXPECT_EQ(walker.Next(&raw), Step::kEnd);
  EXPECT_EQ(walker.Next(&raw), Step::kEnd);
}

TEST(RecordWalker, ThePaddingOfTheLastRecordMayBeMissing) {
  KernelRecord written;
  written.payload = {1, 2, 3};
  Bytes memory = BufferOf({written.Write()});
  memory.resize(memory.size() - 5);
  RecordWalker walker(memory);
  RawRecord raw;
  EXPECT_EQ(walker.Next(&raw), Step::kRecord);
  EXPECT_EQ(walker.Next(&raw), Step::kEnd);
}

TEST(RecordWalker, ZerosAndOnesAreTheEnd) {
  for (const uint8_t fill : {uint8_t{0}, uint8_t{0xFF}}) {
    const Bytes memory =
        BufferOf({KernelRecord().Write(), Bytes(64, fill), KernelRecord().Write()});
    RecordWalker walker(memory);
    RawRecord raw;
    EXPECT_EQ(walker.Next(&raw), Step::kRecord);
    EXPECT_EQ(walker.Next(&raw), Step::kEnd);
  }
}

TEST(RecordWalker, KindsThatAreNotReadAreSteppedOver) {
  Bytes error = ClassicRecord().Write();
  error[2] = 13;  // TRACE_HEADER_TYPE_ERROR
  Bytes timed = error;
  timed[3] = 0xB0;
  Bytes later = error;
  later[2] = 22;
  const Bytes memory = BufferOf({error, timed, later, KernelRecord().Write()});
  RecordWalker walker(memory);
  RawRecord raw;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(walker.Next(&raw), Step::kUnknown);
  EXPECT_EQ(walker.Next(&raw), Step::kRecord);
}

TEST(RecordWalker, ARecordSmallerThanItsHeaderIsMalformedAndSteppedOver) {
  Bytes small = KernelRecord().Write();
  small[4] = 24;
  small.resize(24);
  Bytes message = MessageRecord().Write();
  message[0] = 16;
  message.resize(16);
  const Bytes memory = BufferOf({small, message, KernelRecord().Write()});
  RecordWalker walker(memory);
  RawRecord raw;
  EXPECT_EQ(walker.Next(&raw), Step::kMalformed);
  EXPECT_EQ(walker.Next(&raw), Step::kMalformed);
  EXPECT_EQ(walker.Next(&raw), Step::kRecord);
}

TEST(RecordWalker, ASizeThatCannotBeEndsTheBuffer) {
  const auto ends = [](size_t at, uint8_t value) {
    Bytes bad = KernelRecord().Write();
    bad[at] = value;
    const Bytes memory = BufferOf({bad, KernelRecord().Write()});
    RecordWalker walker(memory);
    RawRecord raw;
    EXPECT_EQ(walker.Next(&raw), Step::kMalformed);
    EXPECT_EQ(walker.Next(&raw), Step::kEnd);
  };
  ends(4, 7);     // too small for any record
  ends(5, 1);     // past the end
  ends(3, 0x40);  // no record at all
}

}  // namespace
}  // namespace nuthatch
