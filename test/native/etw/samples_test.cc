// Real traces, of Windows 7 to 10, and what PerfView says of some of them.
#include "support/samples.h"

#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>

#include "etw/known_providers.h"
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

TEST(Samples, AnyPieceOfATraceGivesTheRecordsOfItsWholeBuffers) {
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
    EXPECT_EQ(reader->faults().total(), 0u);
    EXPECT_GT(records, before);
    before = records;
  }
}

struct Baseline {
  std::string trace;
  std::string name;
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
                         testing::Values(Baseline{"net.4.5.2.x64", "net.4.5.2.x64"},
                                         Baseline{"gcevents/PerfViewData", "gcevents"},
                                         Baseline{"primitive-types", "primitive-types"}));

// Providers that are known to this test only.
const std::map<std::string, std::string> kOtherNames = {
    {"2e5dba47-a3d2-4d16-8ee0-6671ffdcd7b5", "System.Threading.Tasks.TplEventSource"},
    {"315a8872-923e-4ea2-9889-33cd4754bf64", "Microsoft-Windows-Immersive-Shell"},
    {"8e9f5090-2d75-4d03-8a81-e5afbf85daf1", "System.Diagnostics.Eventing.FrameworkEventSource"},
    {"a8a71ac1-040f-54a2-07ca-00a89b5ab761", "PerfView"},
};

std::string NameOf(const EtwRecord& record) {
  if (record.group == 3 && record.opcode == 10) return "Image";
  if (const char* known = KnownProviderName(record.provider)) return known;
  const std::string guid = ToText(record.provider);
  const auto other = kOtherNames.find(guid);
  return other == kOtherNames.end() ? guid : other->second;
}

// What PerfView reads but does not list: tables of names, stacks that it attaches to other events,
// threads of before and after, the addresses of compiled methods, samples of the idle thread.
bool IsListed(const EtwRecord& record) {
  const std::string name = NameOf(record);
  if (name == "FileIo" || name == "StackWalk") return false;
  if (name == "Thread") return record.opcode != 3 && record.opcode != 4;
  if (name == "Image") return record.opcode != 0x22;  // HypercallPage
  if (name == "SystemConfig") return record.opcode != 18 && record.opcode != 28;
  if (name == "PerfInfo" && record.opcode == 46) {
    const bool interrupt = (record.payload[14] & 3) != 0;  // in a DPC or ISR
    return LoadAt<uint32_t>(record.payload, 8) != 0 || interrupt;
  }
  if (name == "Microsoft-Windows-DotNETRuntime") return record.id != 82 && record.id != 190;
  if (name == "Microsoft-Windows-DotNETRuntimeRundown") return record.id != 144 && record.id != 150;
  return true;
}

TEST(Samples, CountsOfEachProviderAreThoseOfPerfView) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  std::istringstream lines = BaselineOf("net.4.5.2.x64");
  std::map<std::string, int64_t> theirs;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("COUNT ")) continue;
    const size_t colon = line.rfind(':');
    theirs[ProviderOf(line.substr(6, colon - 6))] += std::stoll(line.substr(colon + 1));
  }
  const auto bytes = Decompressed(PerfViewFolder() / "net.4.5.2.x64.etl.zst");
  const auto reader = Open(bytes);
  std::map<std::string, int64_t> ours;
  EtwRecord record;
  while (reader->Next(&record)) {
    if (IsListed(record)) ++ours[NameOf(record)];
  }
  EXPECT_EQ(ours, theirs);
}

}  // namespace
}  // namespace nuthatch
