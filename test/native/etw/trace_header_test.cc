#include "etw/trace_header.h"

#include <gtest/gtest.h>

#include <random>

#include "etw/etl_writer.h"

namespace nuthatch {
namespace {

__extension__ using Wide = __int128;

// What TraceClock does with 64 bits.
uint64_t ExactFileTime(uint64_t start, uint64_t origin, uint64_t frequency, uint64_t time) {
  const Wide ticks = static_cast<int64_t>(time - origin);
  const Wide product = ticks * 10'000'000;
  Wide span = product / frequency;
  if (product % frequency < 0) --span;
  return start + static_cast<uint64_t>(span);
}

TEST(TraceClock, IsExactForWhateverFrequency) {
  std::mt19937_64 random(3);
  for (const uint64_t frequency :
       {uint64_t{1}, uint64_t{3}, uint64_t{2'343'750}, uint64_t{3'579'545}, uint64_t{10'000'000},
        uint64_t{24'000'000}, uint64_t{3'000'000'000}, TraceClock::kMaxFrequency}) {
    for (int i = 0; i < 2000; ++i) {
      const uint64_t start = random() >> 7;
      const uint64_t origin = random() >> 1;
      // Of all sizes, on both sides.
      const auto ticks = static_cast<uint64_t>(static_cast<int64_t>(random()) >> (random() % 64));
      const uint64_t time = origin + ticks;
      EXPECT_EQ(TraceClock(start, origin, frequency).ToFileTime(time),
                ExactFileTime(start, origin, frequency, time))
          << start << ' ' << origin << ' ' << frequency << ' ' << time;
    }
  }
}

TEST(TraceClock, NeverGoesBack) {
  const TraceClock clock(1'000'000, 500, 24'000'000);
  uint64_t last = 0;
  for (uint64_t time = 0; time < 1000; ++time) {
    EXPECT_GE(clock.ToFileTime(time), last);
    last = clock.ToFileTime(time);
  }
}

TraceHeader ReadBack(const TraceFacts& facts) {
  TraceHeader header;
  EXPECT_TRUE(ReadTraceHeader(facts.Write(), &header));
  return header;
}

TEST(TraceHeader, SaysWhatTheFileSays) {
  for (const uint8_t pointer_size : {uint8_t{4}, uint8_t{8}}) {
    TraceFacts facts;
    facts.pointer_size = pointer_size;
    facts.mode = 0x10000101;
    facts.events_lost = 7;
    facts.buffers_lost = 8;
    const TraceHeader header = ReadBack(facts);
    EXPECT_EQ(header.pointer_size, pointer_size);
    EXPECT_EQ(header.buffer_size, 4096u);
    EXPECT_EQ(header.os_major, 10);
    EXPECT_EQ(header.os_minor, 0);
    EXPECT_EQ(header.os_build, 19045u);
    EXPECT_EQ(header.layout_major, 5);
    EXPECT_EQ(header.layout_minor, 1);
    EXPECT_EQ(header.processors, 4u);
    EXPECT_EQ(header.cpu_megahertz, 3000u);
    EXPECT_EQ(header.timer_resolution, 156250u);
    EXPECT_EQ(header.max_file_size, 100u);
    EXPECT_EQ(header.mode, 0x10000101u);
    EXPECT_EQ(header.buffers_written, 1u);
    EXPECT_EQ(header.events_lost, 7u);
    EXPECT_EQ(header.buffers_lost, 8u);
    EXPECT_EQ(header.boot_time, facts.boot_time);
    EXPECT_EQ(header.start_time, facts.start_time);
    EXPECT_EQ(header.end_time, facts.end_time);
    EXPECT_EQ(header.origin, facts.origin);
    EXPECT_EQ(header.perf_frequency, facts.frequency);
    EXPECT_EQ(header.clock_type, ClockType::kPerformanceCounter);
    EXPECT_EQ(header.bias, -60);
    EXPECT_EQ(header.session, "A session");
    EXPECT_EQ(header.file, "C:\\a.etl");
  }
}

TEST(TraceHeader, TheClockIsTheOneItNames) {
  TraceFacts facts;
  facts.frequency = 24'000'000;
  facts.megahertz = 2400;
  const auto after = [&](uint32_t clock, uint64_t ticks) {
    facts.clock = clock;
    return ReadBack(facts).Clock().ToFileTime(facts.origin + ticks) - facts.start_time;
  };
  for (const uint32_t clock : {0u, 1u}) EXPECT_EQ(after(clock, 24'000'000), 10'000'000u);
  EXPECT_EQ(after(3, 2'400'000'000), 10'000'000u);

  facts.clock = 2;
  EXPECT_EQ(ReadBack(facts).Clock().ToFileTime(facts.start_time), facts.start_time);
}

TEST(TraceHeader, AFrequencyThatCannotBeMakesTimesFileTimes) {
  TraceFacts facts;
  for (const uint64_t frequency : {uint64_t{0}, TraceClock::kMaxFrequency + 1, UINT64_MAX}) {
    facts.frequency = frequency;
    EXPECT_EQ(ReadBack(facts).Clock().ToFileTime(facts.start_time), facts.start_time);
  }
}

TEST(TraceHeader, NamesMayEndAtTheRecordsEnd) {
  Bytes record = TraceFacts().Write();
  // Without the file's NUL, then without its last character.
  for (const char* name : {"C:\\a.etl", "C:\\a.et"}) {
    record.resize(record.size() - 2);
    record[4] = static_cast<uint8_t>(record.size());
    record[5] = static_cast<uint8_t>(record.size() >> 8);
    TraceHeader header;
    ASSERT_TRUE(ReadTraceHeader(record, &header));
    EXPECT_EQ(header.file, name);
  }
}

TEST(TraceHeader, AnotherRecordIsNone) {
  const Bytes good = TraceFacts().Write();
  TraceHeader header;
  const auto refused = [&](const Bytes& bytes) { return !ReadTraceHeader(bytes, &header); };
  for (const auto& [at, value] : {std::pair{2, 3}, {2, 18}, {3, 0x90}, {3, 0}, {6, 1}, {7, 1}}) {
    Bytes bytes = good;
    bytes[static_cast<size_t>(at)] = static_cast<uint8_t>(value);
    EXPECT_TRUE(refused(bytes)) << at << " = " << value;
  }
  EXPECT_TRUE(refused(EventRecord().Write()));
  for (size_t size = 0; size < good.size(); ++size)
    EXPECT_TRUE(refused({good.begin(), good.begin() + size}));
}

}  // namespace
}  // namespace nuthatch
