#include "etw/trace_statistics.h"

#include <gtest/gtest.h>

#include "etw/etl_writer.h"
#include "etw/known_providers.h"
#include "etw/metadata_writer.h"
#include "etw/open_trace.h"

namespace nuthatch {
namespace {

constexpr Guid kGuid = ParseGuid("01020304-0506-0708-090a-0b0c0d0e0f10");

TraceStatistics StatisticsOf(const std::vector<Bytes>& records, bool stop = false) {
  EtlWriter writer;
  writer.Add({.records = records});
  return CollectStatistics(Open(writer.bytes()).get(), stop);
}

uint64_t RecordsOf(const TraceStatistics& statistics, const EventKey& key) {
  const auto event = statistics.events.find(key);
  return event == statistics.events.end() ? 0 : event->second.records;
}

TEST(TraceStatistics, RecordsAreCountedByTheirKindOfNumber) {
  const TraceStatistics statistics = StatisticsOf({
      KernelRecord{.group = 3, .type = 1, .version = 4, .payload = Bytes(10)}.Write(),
      KernelRecord{.marker = kPerfInfoMarker, .group = 3, .type = 1, .version = 4}.Write(),
      KernelRecord{.group = 3, .type = 1, .version = 3}.Write(),
      ClassicRecord{.type = 7, .version = 2, .guid = kGuid}.Write(),
      EventRecord{.provider = kGuid, .id = 7, .version = 2, .opcode = 9}.Write(),
      MessageRecord{.number = 7, .guid = kGuid}.Write(),
  });
  EXPECT_EQ(statistics.records, 7u) << "with the trace's header";
  EXPECT_EQ(statistics.events.size(), 6u);
  const EventKey start = {KernelClass(3), 1, 4, 3, EventForm::kType};
  EXPECT_EQ(RecordsOf(statistics, start), 2u) << "whichever its header";
  EXPECT_EQ(statistics.events.at(start).payload_bytes, 10u);
  EXPECT_EQ(RecordsOf(statistics, {KernelClass(3), 1, 3, 3, EventForm::kType}), 1u);
  EXPECT_EQ(RecordsOf(statistics, {kGuid, 7, 2, kNoGroup, EventForm::kType}), 1u);
  EXPECT_EQ(RecordsOf(statistics, {kGuid, 7, 2, kNoGroup, EventForm::kId}), 1u);
  EXPECT_EQ(RecordsOf(statistics, {kGuid, 7, 0, kNoGroup, EventForm::kMessage}), 1u);
}

TEST(TraceStatistics, GroupsWithoutAClassAreToldApart) {
  const TraceStatistics statistics =
      StatisticsOf({KernelRecord{.group = 0x70}.Write(), KernelRecord{.group = 0x71}.Write()});
  EXPECT_EQ(RecordsOf(statistics, {Guid{}, 1, 4, 0x70, EventForm::kType}), 1u);
  EXPECT_EQ(RecordsOf(statistics, {Guid{}, 1, 4, 0x71, EventForm::kType}), 1u);
}

TEST(TraceStatistics, TimesAreOfTheEarliestAndTheLatestRecord) {
  const uint64_t origin = TraceFacts().origin;
  const TraceStatistics statistics = StatisticsOf({KernelRecord{.time = origin + 50}.Write(),
                                                   KernelRecord{.time = origin - 20}.Write(),
                                                   KernelRecord{.time = origin + 30}.Write()});
  EXPECT_EQ(statistics.first_time, TraceFacts().start_time - 20);
  EXPECT_EQ(statistics.last_time, TraceFacts().start_time + 50);
}

TEST(TraceStatistics, ASelfDescribingProvidersNameIsKept) {
  const auto name_of = [](const Bytes& traits) {
    const TraceStatistics statistics = StatisticsOf(
        {EventRecord{.provider = kGuid, .items = {{1, Bytes(16)}, {12, traits}}}.Write()});
    return statistics.events.at({kGuid, 1, 0, kNoGroup, EventForm::kId}).provider_name;
  };
  EXPECT_EQ(name_of(BytesOf(std::string("\x08\0My.Own\0more", 13))), "My.Own");
  EXPECT_EQ(name_of(BytesOf(std::string("\x08\0My", 4))), "My") << "without its NUL";
  EXPECT_EQ(name_of({1}), "");
  EXPECT_EQ(name_of(BytesOf("\x08\x01" + std::string(1000, 'x'))), std::string(256, 'x'));
}

TEST(TraceStatistics, ProvidersHaveTheNamesThatTheTraceHas) {
  const TraceStatistics statistics =
      StatisticsOf({EventRecord{.provider = kGuid, .id = 1}.Write(),
                    EventInfo(kGuid, 7, 0, {{"a"}}, "Named by merging")});
  EXPECT_EQ(statistics.events.at({kGuid, 1, 0, kNoGroup, EventForm::kId}).provider_name,
            "Named by merging");
}

TEST(TraceStatistics, OneWrongTimeLeavesTheTimelineAsItIs) {
  const uint64_t origin = TraceFacts().origin;
  constexpr uint64_t kSecond = 10'000'000;
  for (const uint64_t end_time : {TraceFacts().end_time, uint64_t{0}}) {
    EtlWriter writer({.end_time = end_time});
    for (uint64_t i = 0; i < 10; ++i) {
      writer.Add(
          {.records = {
               KernelRecord{.time = origin + i * kSecond}.Write(),
               KernelRecord{.time = (origin + i * kSecond) | (i == 4 ? 1ull << 62 : 0)}.Write()}});
    }
    const TraceStatistics statistics = CollectStatistics(Open(writer.bytes()).get(), false);
    EXPECT_GT(statistics.last_time, TraceFacts().start_time + 1000 * kSecond);
    EXPECT_LT(statistics.timeline.part(), kSecond) << end_time;
  }
}

TEST(TraceStatistics, EventsBeyondTheLimitAreCountedTogether) {
  TraceStatistics statistics;
  EtwRecord record;
  record.kind = HeaderKind::kEvent;
  for (size_t i = 0; i < TraceStatistics::kMaxEvents + 10; ++i) {
    record.id = static_cast<uint16_t>(i);
    statistics.Add(record);
  }
  record.id = 0;
  statistics.Add(record);
  EXPECT_EQ(statistics.events.size(), TraceStatistics::kMaxEvents);
  EXPECT_EQ(statistics.other_records, 10u);
  EXPECT_EQ(statistics.records, TraceStatistics::kMaxEvents + 11);
}

TEST(TraceStatistics, StopsWhenItIsTold) {
  EXPECT_EQ(StatisticsOf({KernelRecord().Write()}, /*stop=*/true).records, 0u);
}

}  // namespace
}  // namespace nuthatch
