#include "live/event_record.h"

#include <gtest/gtest.h>

#include "etw/known_providers.h"

namespace nuthatch {
namespace {

TEST(EventRecord, OfAnEventByManifestHasWhatItsHeaderSays) {
  const uint8_t payload[] = {1, 2, 3};
  WinEventRecord event{};
  event.header.flags = WinEventHeader::k32Bit;
  event.header.tid = 7;
  event.header.pid = 8;
  event.header.time = 9;
  event.header.provider = ParseGuid("1c95126e-7eea-49a9-a3fe-a378b03ddb4d");
  event.header.id = 3008;
  event.header.version = 2;
  event.header.channel = 16;
  event.header.level = 4;
  event.header.opcode = 5;
  event.header.task = 6;
  event.header.keyword = 0x8000000000000001;
  event.payload = payload;
  event.payload_size = sizeof payload;
  const EtwRecord record = ReadEventRecord(event);
  EXPECT_EQ(record.kind, HeaderKind::kEvent);
  EXPECT_EQ(record.pointer_size, 4);
  EXPECT_EQ(record.group, kNoGroup);
  EXPECT_EQ(record.tid, 7u);
  EXPECT_EQ(record.pid, 8u);
  EXPECT_EQ(record.raw_time, 9u);
  EXPECT_EQ(record.provider, event.header.provider);
  EXPECT_EQ(record.id, 3008);
  EXPECT_EQ(record.version, 2);
  EXPECT_EQ(record.channel, 16);
  EXPECT_EQ(record.level, 4);
  EXPECT_EQ(record.opcode, 5);
  EXPECT_EQ(record.task, 6);
  EXPECT_EQ(record.keyword, 0x8000000000000001);
  EXPECT_EQ(record.payload.size(), 3u);
}

TEST(EventRecord, OfTheKernelsIsOfItsClassesGroup) {
  WinEventRecord event{};
  event.header.flags = WinEventHeader::kClassic;
  event.header.provider = KernelClass(3);
  event.header.opcode = 1;
  const EtwRecord record = ReadEventRecord(event);
  EXPECT_EQ(record.kind, HeaderKind::kClassic);
  EXPECT_EQ(record.group, 3);
  EXPECT_EQ(record.opcode, 1);
  EXPECT_EQ(record.pointer_size, 8);
}

TEST(EventRecord, ALoadOfAnImageIsOfTheClassImageWhicheverItComesWith) {
  constexpr uint8_t kProcess = 0x03;
  constexpr uint8_t kImage = 0x14;
  for (const uint8_t group : {kProcess, kImage}) {
    WinEventRecord event{};
    event.header.flags = WinEventHeader::kClassic;
    event.header.provider = KernelClass(group);
    event.header.opcode = 10;
    const EtwRecord record = ReadEventRecord(event);
    EXPECT_EQ(record.group, kImage);
    EXPECT_EQ(record.provider, KernelClass(kImage));
    event.header = HeaderOf(record);
    EXPECT_EQ(ReadEventRecord(event).group, kImage) << "and back";
  }
}

TEST(EventRecord, OfAProcessorHasTheIndexOrTheNumberBesideTheAlignment) {
  WinEventRecord event{};
  event.cpu = 3 | 8 << 8;
  EXPECT_EQ(ReadEventRecord(event).cpu, 3);
  event.header.flags = WinEventHeader::kProcessorIndex;
  event.cpu = 300;
  EXPECT_EQ(ReadEventRecord(event).cpu, 300);
  EXPECT_EQ(ReadEventRecord(event).flags, 0) << "which of them it is says nothing of the event";
}

TEST(EventRecord, WithoutPayloadHasNone) {
  WinEventRecord event{};
  event.payload_size = 4;  // and no payload
  EXPECT_TRUE(ReadEventRecord(event).payload.empty());
}

TEST(EventRecord, ItemsStandAsInAFile) {
  const uint8_t sid[] = {1, 0, 0, 0, 0, 0, 0, 5};
  const uint8_t key[] = {1, 2, 3};
  const WinExtendedItem items[] = {{0, 2, 0, 8, sid}, {0, 99, 0, 4, nullptr}, {0, 10, 0, 3, key}};
  WinEventRecord event{};
  event.items = items;
  event.item_count = 3;
  std::vector<uint8_t> bytes(ItemBytes(event), 0xEE);
  WriteItems(event, bytes);
  EXPECT_EQ(bytes.size(), 16u + 16u) << "what Windows gives no data of is left out";
  ExtendedItems read(bytes);
  ExtendedItem item;
  ASSERT_TRUE(read.Next(&item));
  EXPECT_EQ(item.type, ExtendedType::kSid);
  EXPECT_EQ(std::vector(item.data.begin(), item.data.end()), std::vector(sid, sid + 8));
  EXPECT_TRUE(read.more());
  ASSERT_TRUE(read.Next(&item));
  EXPECT_EQ(item.type, ExtendedType::kEventKey);
  EXPECT_EQ(std::vector(item.data.begin(), item.data.end()), std::vector(key, key + 3));
  EXPECT_FALSE(read.more());
  EXPECT_FALSE(read.Next(&item));
}

TEST(EventRecord, ACountWithoutItemsIsNone) {
  WinEventRecord event{};
  event.item_count = 3;
  EXPECT_EQ(ItemBytes(event), 0u);
}

}  // namespace
}  // namespace nuthatch
