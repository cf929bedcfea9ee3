// Events that our samples lack, written by etl_writer.h.
#include "etw/event_decoder.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "etw/decode_records.h"
#include "etw/etl_writer.h"
#include "etw/known_providers.h"
#include "etw/metadata_writer.h"
#include "etw/open_trace.h"
#include "etw/trace_logging_writer.h"
#include "support/allocations.h"

namespace nuthatch {
namespace {

std::string DecodeKernel(uint8_t group, uint8_t type, uint16_t version, uint8_t pointer_size,
                         const ByteSink& payload) {
  KernelRecord record;
  record.group = group;
  record.type = type;
  record.version = version;
  record.pointer_size = pointer_size;
  record.time = 2'000'000;
  record.payload = payload.bytes();
  return DecodeRecords({record.Write()}).at(0);
}

class OfEitherWidth : public testing::TestWithParam<uint8_t> {
 protected:
  void Pointer(uint64_t value) { payload_.Put(value, GetParam()); }
  std::string Decode(uint8_t group, uint8_t type, uint16_t version) const {
    return DecodeKernel(group, type, version, GetParam(), payload_);
  }
  // TOKEN_USER and S-1-5-18.
  void TokenSid() {
    Pointer(0xABCD);
    Pointer(0);
    for (const unsigned byte : {1u, 1u, 0u, 0u, 0u, 0u, 0u, 5u}) payload_.U8(byte);
    payload_.U32(18);
  }
  ByteSink payload_;
};
INSTANTIATE_TEST_SUITE_P(Pointers, OfEitherWidth, testing::Values(4, 8));

TEST_P(OfEitherWidth, ProcessWithItsSid) {
  Pointer(0x1000);
  for (const unsigned number : {7u, 4u, 1u, 259u}) payload_.U32(number);
  Pointer(0x2000);
  payload_.U32(2);
  TokenSid();
  PutNarrow("cmd.exe", &payload_);
  for (const char* text : {"cmd /c dir", "", ""}) PutWide(text, &payload_);
  const std::string expected =
      "Process/Start: UniqueProcessKey=0x1000; ProcessId=7; ParentId=4; SessionId=1; "
      "ExitStatus=259; DirectoryTableBase=0x2000; Flags=0x2; UserSID=S-1-5-18; "
      "ImageFileName=cmd.exe; CommandLine=cmd /c dir; PackageFullName=; ApplicationId=";
  EXPECT_EQ(Decode(3, 1, 4), expected);
  payload_.U32(77);  // of a version to come
  EXPECT_EQ(Decode(3, 1, 4), expected + " +4");
}

TEST_P(OfEitherWidth, ProcessWithoutASid) {
  Pointer(0x1000);
  for (const unsigned number : {7u, 4u, 1u, 259u}) payload_.U32(number);
  payload_.U32(0);
  PutNarrow("a.exe", &payload_);
  EXPECT_EQ(Decode(3, 3, 1),
            "Process/DCStart: PageDirectoryBase=0x1000; ProcessId=7; ParentId=4; SessionId=1; "
            "ExitStatus=259; UserSID=; ImageFileName=a.exe");
}

TEST_P(OfEitherWidth, RegistryOperation) {
  payload_.Put(static_cast<uint64_t>(-5), 8);
  payload_.U32(0xC0000034);
  payload_.U32(3);
  Pointer(0xF00);
  PutWide("Software\\Run", &payload_);
  EXPECT_EQ(Decode(9, 0x0E, 2),
            "Registry/SetValue: InitialTime=-5; Status=0xc0000034; Index=3; KeyHandle=0xf00; "
            "KeyName=Software\\Run");
}

TEST_P(OfEitherWidth, FileOperationOfVersion3) {
  Pointer(1);
  Pointer(2);
  for (const unsigned number : {9u, 0x01000060u, 0x80u, 7u}) payload_.U32(number);
  PutWide("\\Device\\x", &payload_);
  EXPECT_EQ(Decode(4, 0x40, 3),
            "FileIo/Create: IrpPtr=0x1; FileObject=0x2; TTID=9; CreateOptions=0x1000060; "
            "FileAttributes=0x80; ShareAccess=0x7; OpenPath=\\Device\\x");
}

TEST_P(OfEitherWidth, HandleAndVirtualMemory) {
  Pointer(0x10);
  payload_.U32(8);
  payload_.U32(0x44);
  payload_.U16(5);
  PutWide("\\x", &payload_);
  EXPECT_EQ(Decode(0x11, 0x26, 2),
            "Object/HandleDCStart: Object=0x10; ProcessId=8; Handle=68; ObjectType=5; "
            "ObjectName=\\x");
  payload_ = {};
  Pointer(0x10000);
  Pointer(4096);
  payload_.U32(8);
  payload_.U32(0x1000);
  EXPECT_EQ(Decode(2, 0x62, 2),
            "PageFault/VirtualAlloc: BaseAddress=0x10000; RegionSize=4096; ProcessId=8; "
            "Flags=0x1000");
  EXPECT_EQ(Decode(2, 0x63, 2),
            "PageFault/VirtualFree: BaseAddress=0x10000; RegionSize=4096; ProcessId=8; "
            "Flags=0x1000");
}

TEST_P(OfEitherWidth, StackOfAsManyFramesAsThereAre) {
  payload_.Put(99, 8);
  payload_.U32(7);
  payload_.U32(8);
  for (const unsigned frame : {0xA0u, 0xB0u, 0xC0u}) Pointer(frame);
  EXPECT_EQ(Decode(0x18, 0x20, 2),
            "StackWalk/Stack: EventTimeStamp=99; StackProcess=7; StackThread=8; "
            "Stack=[0xa0,0xb0,0xc0]");
}

TEST_P(OfEitherWidth, ConnectionOverIpv6) {
  payload_.U32(7);
  payload_.U32(0);
  for (const unsigned last : {1u, 2u}) {
    payload_.U16(0x0120);  // 2001::
    for (int i = 0; i < 13; ++i) payload_.U8(0);
    payload_.U8(last);
  }
  payload_.U16(0xBB01);  // 443 in network order
  payload_.U16(0x0100);
  for (int i = 0; i < 4; ++i) payload_.U16(0);
  payload_.U32(0);
  payload_.U16(0);
  payload_.U16(0);
  payload_.U32(3);
  Pointer(0x9);
  EXPECT_EQ(Decode(6, 0x1C, 2),
            "TcpIp/ConnectIPV6: PID=7; size=0; daddr=2001::1; saddr=2001::2; dport=443; sport=1; "
            "mss=0; sackopt=0; tsopt=0; wsopt=0; rcvwin=0; rcvwinscale=0; sndwinscale=0; "
            "seqnum=3; connid=0x9");
}

TEST(EventDecoder, ThreadsHaveNamesOnlyInLaterBuilds) {
  ByteSink payload;
  payload.U32(1);
  payload.U32(2);
  for (int i = 0; i < 7; ++i) payload.Put(0, 8);
  payload.U32(0);
  for (int i = 0; i < 4; ++i) payload.U8(0);
  const std::string unnamed = DecodeKernel(5, 3, 3, 8, payload);
  EXPECT_TRUE(unnamed.ends_with("ThreadFlags=0")) << unnamed;
  PutWide("worker", &payload);
  EXPECT_EQ(DecodeKernel(5, 3, 3, 8, payload), unnamed + "; ThreadName=worker");
}

TEST(EventDecoder, APayloadThatEndsEarlyGivesTheFieldsBeforeItsEnd) {
  ByteSink payload;
  payload.U32(1);
  payload.U16(2);
  EXPECT_EQ(DecodeKernel(5, 0x48, 2, 8, payload), "Thread/SetName: ProcessId=1 (incomplete) +2");
}

constexpr Guid kProvider = ParseGuid("12345678-1234-1234-1234-123456789abc");

Bytes ManifestChunk(uint16_t total, uint16_t number, std::string_view text) {
  ByteSink payload;
  for (const unsigned byte : {1u, 1u, 0u, 0x5Bu}) payload.U8(byte);
  payload.U16(total);
  payload.U16(number);
  payload.Append(text);
  return EventRecord{.time = 3'000'000,
                     .provider = kProvider,
                     .id = 0xFFFE,
                     .opcode = 0xFE,
                     .task = 0xFFFE,
                     .payload = payload.bytes()}
      .Write();
}

constexpr std::string_view kManifest = R"(<instrumentationManifest>
 <!-- <event value="9"/> --><provider name="My-Source" guid="{12345678-1234-1234-1234-123456789abc}">
 <events><event value="1" version="2" symbol="Sent &gt; 1" task="Sending" opcode="win:Start" template="T"/></events>
 <templates><template tid="T"><data name="n" inType="win:UInt32"/>
 <data name="bytes" inType="win:Binary" length="n"/><struct name="pair" count="2">
 <data name="x" inType="win:Int8"/></struct></template></templates>
</provider></instrumentationManifest>)";

TEST(EventSource, AManifestInPiecesAfterTheEventsThatNeedIt) {
  ByteSink payload;
  payload.U32(2);
  payload.U16(0xBEEF);
  payload.U8(1);
  payload.U8(0xFF);
  const EventRecord event = {
      .time = 2'000'000, .provider = kProvider, .id = 1, .version = 2, .payload = payload.bytes()};
  const auto texts = DecodeRecords({event.Write(), ManifestChunk(2, 0, kManifest.substr(0, 200)),
                                    ManifestChunk(2, 1, kManifest.substr(200))});
  EXPECT_EQ(texts[0], "My-Source/Sent > 1: n=2; bytes=efbe; pair=[{x=1},{x=-1}]");
}

TEST(EventSource, ALaterVersionIsReadAsTheNewestBeforeIt) {
  ByteSink payload;
  payload.U32(0);
  for (int i = 0; i < 6; ++i) payload.U8(9);
  const EventRecord event = {
      .time = 2'000'000, .provider = kProvider, .id = 1, .version = 7, .payload = payload.bytes()};
  EXPECT_EQ(DecodeRecords({event.Write(), ManifestChunk(1, 0, kManifest)})[0],
            "My-Source/Sent > 1: n=0; bytes=; pair=[{x=9},{x=9}] +4");
}

TEST(EventSource, AManifestWithAMissingPieceTeachesNothing) {
  const EventRecord event = {.time = 2'000'000, .provider = kProvider, .id = 1, .version = 2};
  EXPECT_EQ(DecodeRecords({event.Write(), ManifestChunk(2, 1, kManifest)})[0], "/: ");
}

TEST(EventDecoder, WhatATraceTeachesIsBounded) {
  const std::string name(100, 'x');
  const std::vector<WrittenProperty> properties(200, {name});
  EventDecoder decoder;
  EtwRecord record;
  record.kind = HeaderKind::kClassic;
  record.provider = ParseGuid("bbccf6c1-6cd1-48c4-80ff-839482e37671");
  record.opcode = 0x20;
  constexpr uint16_t kMore = EventDecoder::kMaxLearnedBytes / (200 * 100) + 1;
  for (uint16_t id = 1; id <= kMore; ++id) {
    const Bytes info = EventInfo(kProvider, id, 0, properties);
    record.payload = std::span<const uint8_t>(info).subspan(48);
    decoder.Learn(record);
  }
  EtwRecord event;
  event.kind = HeaderKind::kEvent;
  event.provider = kProvider;
  event.id = 1;
  EXPECT_EQ(decoder.Decode(event).source, SchemaSource::kTraceMetadata);
  event.id = kMore;
  EXPECT_EQ(decoder.Decode(event).source, SchemaSource::kNone);
}

// Who is asked says so of each event that it is asked for.
class AskedForInfo : public testing::Test {
 protected:
  AskedForInfo() {
    decoder_.SetAsking({[this](const EtwRecord& record, std::vector<uint8_t>* info) {
                          asked_.push_back(record.id);
                          if (answer_.empty()) return false;
                          info->assign(answer_.begin() + 48, answer_.end());
                          return true;
                        },
                        [this](const EtwRecord&, const std::string& name, std::vector<uint8_t>*) {
                          asked_maps_ += name;
                          return false;
                        }});
  }

  SchemaSource Decode(uint16_t id, HeaderKind kind = HeaderKind::kEvent) {
    EtwRecord record;
    record.kind = kind;
    record.provider = kProvider;
    record.id = id;
    return decoder_.Decode(record).source;
  }

  using Ids = std::vector<uint16_t>;

  EventDecoder decoder_;
  Bytes answer_;  // a record of EventMetadata's
  Ids asked_;
  std::string asked_maps_;
};

TEST_F(AskedForInfo, MapsOfItsFieldsAreWithAnEvent) {
  answer_ = EventInfo(kProvider, 7, 0, {{"a", 8, 0, "M"}, {"b"}, {"c", 8, 0, "N"}});
  for (int i = 0; i < 3; ++i) Decode(7);
  EXPECT_EQ(asked_maps_, "MN");
}

TEST_F(AskedForInfo, AnEventIsOnlyOnce) {
  answer_ = EventInfo(kProvider, 7, 0, {{"a"}});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Decode(7), SchemaSource::kTraceMetadata);
  EXPECT_EQ(asked_, Ids{7});
}

TEST_F(AskedForInfo, SoIsOneThatThereIsNoneOf) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Decode(7), SchemaSource::kNone);
  EXPECT_EQ(Decode(8), SchemaSource::kNone);
  EXPECT_EQ(asked_, (Ids{7, 8}));
}

TEST_F(AskedForInfo, AndIsNotAskedForAgainOnceAnotherHasBeenLearned) {
  EXPECT_EQ(Decode(7), SchemaSource::kNone);
  answer_ = EventInfo(kProvider, 8, 0, {{"a"}});
  EXPECT_EQ(Decode(8), SchemaSource::kTraceMetadata);
  EXPECT_EQ(Decode(7), SchemaSource::kNone);
  EXPECT_EQ(asked_, (Ids{7, 8}));
}

TEST_F(AskedForInfo, WhatIsOfAnotherEventIsNotBelieved) {
  answer_ = EventInfo(kProvider, 8, 0, {{"a"}});
  EXPECT_EQ(Decode(7), SchemaSource::kNone);
  answer_ = EventInfo(ParseGuid("00000000-1234-1234-1234-123456789abc"), 9, 0, {{"a"}});
  EXPECT_EQ(Decode(9), SchemaSource::kNone);
  EXPECT_EQ(asked_, (Ids{7, 9}));
}

TEST_F(AskedForInfo, OnlyEventsOfManifestsAre) {
  EXPECT_EQ(Decode(7, HeaderKind::kClassic), SchemaSource::kNone);
  EXPECT_EQ(Decode(7, HeaderKind::kMessage), SchemaSource::kNone);
  EXPECT_TRUE(asked_.empty());
}

TEST_F(AskedForInfo, AnEventThatIsKnownIsNot) {
  const Bytes info = EventInfo(kProvider, 7, 0, {{"a"}});
  EtwRecord record;
  record.kind = HeaderKind::kClassic;
  record.provider = ParseGuid("bbccf6c1-6cd1-48c4-80ff-839482e37671");
  record.opcode = 0x20;
  record.payload = std::span<const uint8_t>(info).subspan(48);
  decoder_.Learn(record);
  EXPECT_EQ(Decode(7), SchemaSource::kTraceMetadata);
  EXPECT_TRUE(asked_.empty());
}

TEST(EventDecoder, AllocatesNothingForAnEventThatCameBefore) {
  ByteSink fields;
  PutNarrow("texts", &fields);
  fields.U8(22 | 0x40);
  ByteSink payload;
  payload.U16(1);
  payload.U16(0);
  const EventRecord event = SelfDescribing(fields, payload);
  EtlWriter writer;
  writer.Add({.records = {event.Write()}});
  const auto reader = Open(writer.bytes());
  ASSERT_TRUE(reader);
  EventDecoder decoder;
  EtwRecord record;
  for (; reader->Next(&record);) {
    decoder.Decode(record);
    const size_t before = Allocations();
    const DecodedEvent& again = decoder.Decode(record);
    EXPECT_EQ(Allocations(), before) << again.name;
  }
}

}  // namespace
}  // namespace nuthatch
