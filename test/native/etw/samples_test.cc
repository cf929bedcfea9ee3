// Real traces, of Windows 7 to 10, and what PerfView says of some of them.
#include "support/samples.h"

#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>

#include "etw/open_trace.h"
#include "etw/perfview_baseline.h"

namespace nuthatch {
namespace {

// Records in each, as a walk of a few lines in Python counts them, without any of our code.
const std::map<std::string, uint64_t> kRecords = {
    {"AMSITrace.etl.zst", 21},
    {"CldFlt2-2025-12-21-121418.etl.zst", 2},
    {"PerfViewData.etl.zst", 71},
    {"Process.etl.zst", 10'344},
    {"SelfDescribingSingleEvent.etl.zst", 23},
    {"image_data_32_v0.etl.zst", 27},
    {"image_data_64_v2.etl.zst", 27},
    {"lxcore_kernel.etl.zst", 4},
    {"net.4.5.2.x64.etl.zst", 179'474},
    {"powershell.etl.zst", 114},
    {"primitive-types.etl.zst", 7},
    {"process_data_32_v1.etl.zst", 3},
    {"process_data_32_v3.etl.zst", 9},
    {"process_data_64_v2.etl.zst", 9},
    {"process_data_64_v3.etl.zst", 9},
    {"waasmedic.20251005_113019_195.etl.zst", 21},
};

TEST(Samples, EveryRecordIsGoodAndInOrder) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  for (const auto& path : Traces()) {
    const std::vector<uint8_t> bytes = Decompressed(path);
    const auto reader = Open(bytes);
    uint64_t records = 0;
    uint64_t last = 0;
    EtwRecord record;
    while (reader->Next(&record)) {
      ++records;
      EXPECT_GE(record.time, last) << path;
      last = record.time;
    }
    EXPECT_EQ(reader->faults().total(), 0u) << path;
    EXPECT_EQ(reader->out_of_order(), 0u) << path;
    const TraceHeader& header = reader->file().header();
    // Rundown can come some seconds after the stop; one of the files was never closed.
    if (header.end_time != 0) {
      EXPECT_LT(last, header.end_time + 30'000'000) << path;
    }
    const auto expected = kRecords.find(path.filename().string());
    if (expected != kRecords.end()) {
      EXPECT_EQ(records, expected->second) << path;
    }
  }
}

TEST(Samples, APieceOfATraceGivesTheRecordsOfItsBuffersAndTellsHowManyAreMissing) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  const auto bytes = Decompressed(TraceFolder() / "tx/Process.etl.zst");
  constexpr size_t kBuffer = 8192;
  uint64_t before = 0;
  for (size_t buffers = 1; buffers * kBuffer <= bytes.size(); buffers += 20) {
    const std::vector<uint8_t> piece(bytes.begin(), bytes.begin() + buffers * kBuffer);
    const auto reader = Open(piece);
    uint64_t records = 0;
    EtwRecord record;
    while (reader->Next(&record)) ++records;
    EXPECT_EQ(reader->faults().total(), 1u) << buffers;
    EXPECT_EQ(reader->faults().skipped(EtlFaultKind::kBuffersMissing), 182 - buffers);
    // Of a buffer of the last ones the number is higher than how many there are.
    EXPECT_GE(reader->faults().samples()[0].position, piece.size() - kBuffer);
    EXPECT_GT(records, before);
    before = records;
  }
}

TEST(Samples, BuffersTakenOutOfTheMiddleAreToldWithTheirPlace) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  auto bytes = Decompressed(TraceFolder() / "tx/Process.etl.zst");
  constexpr size_t kBuffer = 8192;
  bytes.erase(bytes.begin() + 60 * kBuffer, bytes.begin() + 70 * kBuffer);
  const auto reader = Open(bytes);
  ASSERT_EQ(reader->faults().total(), 1u);
  const EtlFault& fault = reader->faults().samples()[0];
  EXPECT_EQ(fault.kind, EtlFaultKind::kBuffersMissing);
  EXPECT_EQ(fault.skipped, 10u);
  // Buffers of several CPUs are written in another order than they are numbered in.
  EXPECT_NEAR(static_cast<double>(fault.position), 60.0 * kBuffer, 8.0 * kBuffer);
}

struct Baseline {
  std::string trace;
  std::string name;
  size_t names;
};
void PrintTo(const Baseline& baseline, std::ostream* out) { *out << baseline.trace; }

class PerfView : public testing::TestWithParam<Baseline> {};

// A baseline shows the first five events of each name, in the order of the trace.
TEST_P(PerfView, ItsEventsAreOursInItsOrder) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  const auto bytes = Decompressed(PerfViewFolder() / (GetParam().trace + ".etl.zst"));
  const auto reader = Open(bytes);
  std::istringstream lines = BaselineOf(GetParam().name);
  EtwRecord record;
  size_t events = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto event = ParseBaseline(line);
    if (!event) continue;
    ++events;
    bool found = false;
    while (!found && reader->Next(&record))
      found = Matches(record, *event, reader->file().header().start_time);
    ASSERT_TRUE(found) << line;
  }
  EXPECT_GT(events, 5u);
}

INSTANTIATE_TEST_SUITE_P(Traces, PerfView,
                         testing::Values(Baseline{"net.4.5.2.x64", "net.4.5.2.x64", 152},
                                         Baseline{"gcevents/PerfViewData", "gcevents", 21},
                                         Baseline{"primitive-types", "primitive-types", 2}));

// What PerfView reads but does not list.
const std::map<EventKind, const char*> kNotListed = {
    {{"EventTrace", 80}, "of partitions, newer than it"},
    {{"FileIo", 32}, "names of files, which it shows in other events"},
    {{"FileIo", 35}, "names of files"},
    {{"FileIo", 36}, "names of files"},
    {{"Image", 0x22}, "HypercallPage"},
    {{"Microsoft-Windows-DotNETRuntime", 82}, "stacks, which it attaches to other events"},
    {{"Microsoft-Windows-DotNETRuntime", 190}, "addresses of compiled methods"},
    {{"Microsoft-Windows-DotNETRuntimeRundown", 144}, "compiled methods"},
    {{"Microsoft-Windows-DotNETRuntimeRundown", 150}, "addresses of compiled methods"},
    {{"StackWalk", 32}, "stacks"},
    {{"StackWalk", 35}, "stacks"},
    {{"StackWalk", 36}, "stacks"},
    {{"StackWalk", 37}, "stacks"},
    {{"StackWalk", 38}, "stacks"},
    {{"SystemConfig", 18}, "IRQs"},
    {{"SystemConfig", 28}, "unknown to it"},
    {{"Thread", 3}, "threads from before"},
    {{"Thread", 4}, "threads of after"},
};

// Nor samples of the idle thread, unless it is in a DPC or ISR.
bool IsIdleSample(const EtwRecord& record, const EventKind& kind) {
  return kind == EventKind{"PerfInfo", 46} && LoadAt<uint32_t>(record.payload, 8) == 0 &&
         (record.payload[14] & 3) == 0;
}

using KindCounts = std::map<EventKind, int64_t>;

TEST_P(PerfView, ItsCountOfEachEventIsOurs) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  std::istringstream lines = BaselineOf(GetParam().name);
  KindCounts theirs;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("COUNT ")) continue;
    const size_t colon = line.rfind(':');
    const std::string name = line.substr(6, colon - 6);
    EXPECT_TRUE(kPerfViewNumbers.contains(name)) << name;
    EXPECT_TRUE(theirs.emplace(KindOf(name), std::stoll(line.substr(colon + 1))).second) << name;
  }
  const auto bytes = Decompressed(PerfViewFolder() / (GetParam().trace + ".etl.zst"));
  const auto reader = Open(bytes);
  KindCounts ours;
  EtwRecord record;
  while (reader->Next(&record)) {
    const EventKind kind = KindOf(record);
    if (!kNotListed.contains(kind) && !IsIdleSample(record, kind)) ++ours[kind];
  }
  EXPECT_EQ(theirs.size(), GetParam().names);
  EXPECT_EQ(ours, theirs);
}

}  // namespace
}  // namespace nuthatch
