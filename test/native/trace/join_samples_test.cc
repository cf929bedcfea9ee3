// What is joined in real traces, and as PerfView has it.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "etw/event_decoder.h"
#include "etw/open_trace.h"
#include "etw/value_text.h"
#include "pipeline/joined_json.h"
#include "support/samples.h"
#include "trace/trace_joiner.h"

namespace nuthatch {
namespace {

// The joins of a trace, record by record.
class JoinedSample {
 public:
  explicit JoinedSample(const std::filesystem::path& path) : bytes_(Decompressed(path)) {
    const auto first = Open(bytes_);
    while (first->Next(&record_)) {
      decoder_.Learn(record_);
      if (joiner_.ObserveToLearn(record_)) joiner_.Learn(decoder_.Decode(record_));
    }
    reader_ = Open(bytes_);
  }

  bool Next() {
    if (!reader_->Next(&record_)) return false;
    joiner_.Observe(record_);
    event_ = &decoder_.Decode(record_);
    joined_ = &joiner_.Join(*event_);
    return true;
  }

  const EtwRecord& record() const { return record_; }
  const DecodedEvent& event() const { return *event_; }
  const JoinedEvent& joined() const { return *joined_; }
  TraceJoiner& joiner() { return joiner_; }
  uint64_t start_time() const { return reader_->file().header().start_time; }

 private:
  const std::vector<uint8_t> bytes_;
  EventDecoder decoder_;
  TraceJoiner joiner_;
  EtwRecord record_;
  std::unique_ptr<TraceReader> reader_;
  const DecodedEvent* event_ = nullptr;
  const JoinedEvent* joined_ = nullptr;
};

// A line of PerfView's: EVENT 1,491.123: Name PID=..; TID=..; PName=..; ProceNum=..; DataLen=..;
struct BaselineLine {
  std::string name;
  int64_t microseconds;
  uint32_t pid;  // -1 is none
  std::string process;
  uint32_t cpu;
  size_t size;
};

std::string After(const std::string& line, const std::string& key) {
  const size_t at = line.find(key) + key.size();
  return line.substr(at, line.find(';', at) - at);
}

int64_t NumberOf(std::string text) {
  std::erase_if(text, [](char c) { return c == ',' || c == '.'; });
  return std::stoll(text);
}

BaselineLine ParseLine(const std::string& line) {
  const size_t name = line.find(": ") + 2;
  return {line.substr(name, line.find(" PID=") - name),
          NumberOf(line.substr(6, name - 2 - 6)),
          static_cast<uint32_t>(NumberOf(After(line, " PID="))),
          After(line, " PName="),
          static_cast<uint32_t>(NumberOf(After(line, " ProceNum="))),
          static_cast<size_t>(NumberOf(After(line, " DataLen=")))};
}

bool IsOf(const EtwRecord& record, const BaselineLine& line, uint64_t start_time) {
  const auto ticks = static_cast<int64_t>(record.time - start_time);
  return std::abs(ticks - line.microseconds * 10) <= 5 && record.cpu == line.cpu &&
         record.payload.size() == line.size;
}

// As PerfView shows it.
std::string WithoutExtension(std::string_view name) {
  const bool exe = name.ends_with(".exe") || name.ends_with(".EXE");
  return std::string(name.substr(0, name.size() - (exe ? 4 : 0)));
}

struct Baseline {
  std::string trace;
  std::string name;
  size_t equal;  // records that have the same process
};
void PrintTo(const Baseline& baseline, std::ostream* out) { *out << baseline.trace; }

class PerfViewProcesses : public testing::TestWithParam<Baseline> {};

// Events of which it shows another process than we, and why.
const std::map<std::string, const char*> kExplained = {
    {"Microsoft-Windows-Kernel-Process/ProcessStart/Start", "it shows the parent"},
    {"Windows Kernel/Process/Defunct", "it does not take names from them"},
    {"Windows Kernel/SystemConfig/Services", "it shows the service's, not who tells of services"},
    {"Windows Kernel/Thread/Start", "it shows the new thread's, not the creator's"},
};

TEST_P(PerfViewProcesses, AreOurs) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  JoinedSample sample(PerfViewFolder() / (GetParam().trace + ".etl.zst"));
  std::istringstream lines = BaselineOf(GetParam().name);
  size_t equal = 0;
  for (std::string text; std::getline(lines, text);) {
    if (!text.starts_with("EVENT ")) continue;
    const BaselineLine line = ParseLine(text);
    bool found = false;
    while (!found && sample.Next()) found = IsOf(sample.record(), line, sample.start_time());
    ASSERT_TRUE(found) << text;
    // It knows nothing of it either.
    const bool unknown = line.process.starts_with("Process(");
    if (line.process.empty()) continue;
    const JoinedProcess& process = sample.joined().process;
    const std::string ours =
        process.known == nullptr ? "" : WithoutExtension(process.known->name());
    const bool same =
        process.pid == line.pid && (ours == line.process || (unknown && ours.empty()));
    equal += same ? 1 : 0;
    EXPECT_TRUE(same || kExplained.contains(line.name))
        << text.substr(0, 160) << "\n  ours: " << process.pid << " " << ours;
  }
  EXPECT_EQ(equal, GetParam().equal);
}

INSTANTIATE_TEST_SUITE_P(Traces, PerfViewProcesses,
                         testing::Values(Baseline{"net.4.5.2.x64", "net.4.5.2.x64", 460},
                                         Baseline{"gcevents/PerfViewData", "gcevents", 52},
                                         Baseline{"primitive-types", "primitive-types", 6}));

using Counts = std::map<std::string, size_t>;

std::string_view NameOf(const JoinedEvent& joined) {
  return joined.happened ? EventTypeName(*joined.happened) : std::string_view();
}

TEST(JoinSamples, TheMachineItsVolumesAndItsProcesses) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  JoinedSample sample(PerfViewFolder() / "net.4.5.2.x64.etl.zst");
  Counts happened;
  std::set<std::string> paths;
  size_t ancestors = 0;
  size_t shares = 0;
  while (sample.Next()) {
    for (const std::string& path : {sample.joined().file_path, sample.joined().image_path}) {
      EXPECT_EQ(path.find("DfsClient"), path.npos) << path;
      if (path.starts_with("\\\\clrmain\\public\\")) ++shares;
    }
    if (sample.joined().happened) ++happened[std::string(NameOf(sample.joined()))];
    const Process* process = sample.joined().process.known;
    if (process == nullptr) continue;
    EXPECT_FALSE(process->name().empty()) << process->pid;
    const Process* parent = sample.joiner().history().ParentOf(*process);
    if (parent != nullptr && !parent->name().empty()) ++ancestors;
    std::string path;
    sample.joiner().volumes().AppendPath(process->path, &path);
    if (!path.empty()) paths.insert(path);
  }
  EXPECT_EQ(sample.joiner().computer(), "BRIANROB-W8");
  // One process starts and ends, from a share; both the kernel logger and Kernel-Process tell of
  // it. No operation of a file is traced but Kernel-File's Create.
  EXPECT_EQ(happened, (Counts{{"process_start", 1},
                              {"process_end", 1},
                              {"image_load", 35},
                              {"file_create", 14},
                              {"network_connection", 18}}));
  EXPECT_GT(ancestors, 50'000u);
  EXPECT_EQ(paths.size(), 20u);
  for (const std::string& path : paths)
    EXPECT_TRUE(path.starts_with("C:\\") || path.starts_with("\\\\clrmain\\public\\")) << path;
  EXPECT_TRUE(paths.contains("C:\\Windows\\explorer.exe"));
  EXPECT_EQ(shares, 66u);
}

std::string FieldOf(const DecodedEvent& event, std::string_view name) {
  std::string text;
  if (const DecodedField* field = event.Find(name)) AppendValue(*field->schema, field->data, &text);
  return text;
}

// Kernel-Process alone, which names the image of a process both when it starts and when it ends.
TEST(JoinSamples, EveryStartAndEndOfAProcessIsOfTheOneThatItNames) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  JoinedSample sample(TraceFolder() / "tx/Process.etl.zst");
  Counts happened;
  std::map<uint16_t, size_t> records;
  while (sample.Next()) {
    const JoinedEvent& joined = sample.joined();
    if (joined.happened) ++happened[std::string(NameOf(joined))];
    ++records[sample.record().id];
    // There is no mapping of volumes; programs in Windows' folder tell where it is. Of images'
    // paths without a volume only those have a drive that setup gives one.
    std::string path = joined.image_path;
    if (path.empty() && joined.process.known != nullptr)
      sample.joiner().volumes().AppendPath(joined.process.known->path, &path);
    EXPECT_FALSE(path.starts_with("\\Device\\HarddiskVolume2\\")) << path;
    EXPECT_FALSE(path.starts_with("\\Program Files")) << path;
    if (sample.record().id > 2 || sample.record().kind != HeaderKind::kEvent) continue;
    ASSERT_NE(joined.process.known, nullptr);
    const Process& process = *joined.process.known;
    const std::string image = FieldOf(sample.event(), "ImageName");
    EXPECT_EQ(std::to_string(process.pid), FieldOf(sample.event(), "ProcessID"));
    if (sample.record().id == 1) {
      EXPECT_EQ(process.path, image);
    } else if (!process.path.empty()) {
      EXPECT_TRUE(process.path.ends_with(image)) << process.path << " " << image;
    }
  }
  EXPECT_EQ(happened["process_start"], records[1]);
  EXPECT_EQ(happened["process_end"], records[2]);
  EXPECT_GT(happened["process_start"], 0u);
  EXPECT_EQ(happened["image_load"] + happened["driver_load"], records[5]);
}

}  // namespace
}  // namespace nuthatch
