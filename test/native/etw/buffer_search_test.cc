#include "etw/buffer_search.h"

#include <gtest/gtest.h>

#include <atomic>

#include "etw/etl_writer.h"

namespace nuthatch {
namespace {

constexpr uint64_t kTime = 0x0123'4567'89AB'CDEF;
constexpr uint32_t kSessionBuffer = 4096;
constexpr uint16_t kLogger = 1;  // EtlWriter's

// A buffer with one record, without the file's header before it.
Bytes BufferOf(const Bytes& record, bool compressed = true) {
  EtlWriter writer({.buffer_size = kSessionBuffer, .mode = 0x04000001});
  writer.Add({.compressed = compressed, .records = {record}});
  return {writer.bytes().begin() + static_cast<ptrdiff_t>(writer.last()), writer.bytes().end()};
}

std::optional<uint64_t> FirstTime(const Bytes& buffer) {
  const BufferHeader header = ReadBufferHeader(buffer);
  const std::span<const uint8_t> head(buffer.data(), std::min(buffer.size(), kBufferHead));
  return FirstTimeIn(head, header.filled, (header.flags & BufferHeader::kCompressed) != 0);
}

// Behind its beginning of 8 bytes a message has what its flags say, in this order.
struct MessageCase {
  uint16_t flags;
  size_t time_at;
};
constexpr MessageCase kMessages[] = {
    {kMessageTime, 8},
    {kMessageTime | kMessageSequence, 12},
    {kMessageTime | kMessageComponent, 12},
    {kMessageTime | kMessageComponent | kMessageSequence, 16},
    {kMessageTime | kMessageGuid, 24},
    {kMessageTime | kMessageGuid | kMessageSequence, 28},
    {kMessageTime | kMessageGuid | kMessageSequence | kMessageIds | kMessagePointer64, 28},
};

TEST(BufferSearch, TheFirstRecordsTimeIsFoundWhereverItIs) {
  for (const bool compressed : {false, true}) {
    for (const MessageCase& message : kMessages) {
      const MessageRecord record = {.flags = message.flags,
                                    .sequence = 0x1234,
                                    .guid = ParseGuid("12345678-9abc-def0-0102-030405060708"),
                                    .component = 0x5678,
                                    .time = kTime};
      const Bytes written = record.Write();
      ASSERT_EQ(LoadAt<uint64_t>(written, message.time_at), kTime);
      EXPECT_EQ(FirstTime(BufferOf(written, compressed)), kTime)
          << compressed << ", flags " << message.flags;
    }
    for (const MarkerPair& marker : {kSystemMarker, kCompactMarker, kPerfInfoMarker}) {
      for (const uint8_t width : {4, 8}) {
        const KernelRecord record = {.marker = marker, .pointer_size = width, .time = kTime};
        EXPECT_EQ(FirstTime(BufferOf(record.Write(), compressed)), kTime) << int{marker.bits32};
      }
    }
    EXPECT_EQ(FirstTime(BufferOf(ClassicRecord{.time = kTime}.Write(), compressed)), kTime);
    EXPECT_EQ(FirstTime(BufferOf(EventRecord{.time = kTime}.Write(), compressed)), kTime);
  }
}

TEST(BufferSearch, AMessageMayHaveNoTime) {
  for (const bool compressed : {false, true}) {
    const MessageRecord record = {.flags = kMessageGuid | kMessageSequence, .payload = Bytes(20)};
    EXPECT_EQ(FirstTime(BufferOf(record.Write(), compressed)), std::nullopt);
  }
}

TEST(BufferSearch, ABufferThatEndsBeforeItsTimeHasNone) {
  const Bytes record = MessageRecord{.flags = kMessageTime, .time = kTime}.Write();
  for (const bool compressed : {false, true}) {
    const Bytes buffer = BufferOf(record, compressed);
    const size_t end = kBufferHeaderSize + (compressed ? record.size() : size_t{15});
    for (size_t filled = kBufferHeaderSize; filled < end; ++filled) {
      if (compressed) {
        EXPECT_EQ(FirstTimeIn(buffer, filled, true), std::nullopt) << filled;
      } else {
        EXPECT_EQ(FirstTimeIn(std::span(buffer).first(filled), filled, false), std::nullopt);
      }
    }
  }
}

BufferSearch SearchOf(ByteSource* source, const std::atomic<bool>* stop = nullptr) {
  return {source, kSessionBuffer, kLogger, stop};
}

// Where the time ends as far behind its record's beginning as it can.
Bytes LateMessage() {
  return MessageRecord{.flags = kMessageTime | kMessageGuid | kMessageSequence, .time = kTime}
      .Write();
}

TEST(BufferSearch, ACompressedBufferIsFoundAtAnyByte) {
  for (const Bytes& record : {KernelRecord{.time = kTime}.Write(), LateMessage()}) {
    const Bytes buffer = BufferOf(record);
    for (const size_t before :
         {0u, 1u, 71u, 255u, 65'279u, 65'280u, 65'281u, 65'535u, 65'536u, 200'003u}) {
      Bytes bytes(before, 0x41);
      bytes.insert(bytes.end(), buffer.begin(), buffer.end());
      MemorySource source(bytes);
      EXPECT_EQ(SearchOf(&source).Compressed(0), before);
      EXPECT_EQ(SearchOf(&source).Compressed(before), before);
      EXPECT_EQ(SearchOf(&source).Compressed(before + 1), bytes.size());
    }
  }
}

TEST(BufferSearch, ABufferOfTheSessionIsKnownByItsHeader) {
  const Bytes good = BufferOf(LateMessage());
  MemorySource source({});
  const BufferSearch search = SearchOf(&source);
  EXPECT_TRUE(search.SeemsBuffer(good));
  EXPECT_TRUE(search.SeemsBuffer(BufferOf(LateMessage(), false)));
  const auto with = [&](size_t at, uint8_t value) {
    Bytes bytes = good;
    bytes[at] = value;
    return bytes;
  };
  EXPECT_TRUE(search.SeemsBuffer(with(0x00, 0))) << "whatever size it says it has";
  EXPECT_FALSE(search.SeemsBuffer(with(0x2A, 2))) << "another session's";
  EXPECT_FALSE(search.SeemsBuffer(with(0x30, kBufferHeaderSize))) << "has no record";
  EXPECT_FALSE(search.SeemsBuffer(with(0x31, 0x11))) << "more than the session's buffers have";
  EXPECT_FALSE(search.SeemsBuffer(with(0x34, 0x80 | 0x40))) << "an unknown flag";
  EXPECT_FALSE(search.SeemsBuffer(with(0x36, 8))) << "an unknown type";
}

TEST(BufferSearch, WhatCanFollowABuffer) {
  const Bytes good = BufferOf(LateMessage());
  const auto follows = [](const Bytes& bytes, size_t largest = kSessionBuffer) {
    MemorySource source(bytes);
    return SearchOf(&source).CanFollow(0, largest);
  };
  EXPECT_TRUE(follows(good));
  EXPECT_TRUE(follows({})) << "the file's end";
  EXPECT_TRUE(follows(Bytes(71, 0x41))) << "no room for a buffer";
  EXPECT_TRUE(follows(Bytes(300, 0))) << "what was never used";
  EXPECT_FALSE(follows(Bytes(300, 0x41)));
  Bytes wrong_size = good;
  wrong_size[0] = 71;
  wrong_size[1] = 0;
  EXPECT_TRUE(follows(wrong_size)) << "a buffer but for its size";
  wrong_size[0x2A] = 2;
  EXPECT_FALSE(follows(wrong_size)) << "and of another session";
  EXPECT_TRUE(follows(good, good.size()));
}

TEST(BufferSearch, TheFirstByteThatIsNotZero) {
  for (const size_t at : {0u, 1u, 65'535u, 65'536u, 140'000u}) {
    Bytes bytes(150'000, 0);
    bytes[at] = 1;
    MemorySource source(bytes);
    EXPECT_EQ(SearchOf(&source).NonZero(0), at);
    EXPECT_EQ(SearchOf(&source).NonZero(at), at);
    EXPECT_EQ(SearchOf(&source).NonZero(at + 1), bytes.size());
  }
}

TEST(BufferSearch, EndsSoonWhenItIsStopped) {
  const Bytes buffer = BufferOf(LateMessage());
  MemorySource source(buffer);
  const std::atomic<bool> stop = true;
  EXPECT_EQ(SearchOf(&source, &stop).Compressed(0), buffer.size());
  EXPECT_EQ(SearchOf(&source, &stop).NonZero(0), buffer.size());
}

}  // namespace
}  // namespace nuthatch
