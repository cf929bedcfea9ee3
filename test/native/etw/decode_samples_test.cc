// What the payloads of real traces say, in full and as PerfView has it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>

#include "etw/event_decoder.h"
#include "etw/event_text.h"
#include "etw/open_trace.h"
#include "etw/perfview_baseline.h"
#include "etw/undecoded_events.h"
#include "support/samples.h"

namespace nuthatch {
namespace {

void LearnAll(const std::vector<uint8_t>& bytes, EventDecoder* decoder) {
  const auto reader = Open(bytes);
  EtwRecord record;
  while (reader->Next(&record)) decoder->Learn(record);
}

// "provider/number" of events whose payloads hold more than their schema says, and why.
const std::map<std::string, const char*> kLongerThanTheirSchema = {
    {"Microsoft-Windows-DotNETRuntime/82", "its manifest has two frames of every stack"},
    {"PerfView/13", "its manifest does not have the last four bytes"},
};

// Written in records of 32 bits, with payloads of 64.
bool IsMisdeclared(const std::filesystem::path& path) {
  return path.parent_path().filename() == "sawbuck" &&
         path.string().find("_64_") != std::string::npos;
}

std::string NameOf(const DecodedEvent& event) {
  const EtwRecord& record = *event.record;
  const bool has_id = record.kind == HeaderKind::kEvent;
  return std::string(event.provider) + "/" + std::to_string(has_id ? record.id : record.opcode);
}

TEST(DecodeSamples, EveryByteOfEveryPayloadIsAccountedFor) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  for (const auto& path : Traces()) {
    const auto bytes = Decompressed(path);
    EventDecoder decoder;
    LearnAll(bytes, &decoder);
    const auto reader = Open(bytes);
    EtwRecord record;
    while (reader->Next(&record)) {
      if (IsMisdeclared(path)) record.pointer_size = 8;
      const DecodedEvent& event = decoder.Decode(record);
      if (event.source == SchemaSource::kNone) continue;
      EXPECT_FALSE(event.incomplete) << path << " " << NameOf(event);
      if (kLongerThanTheirSchema.contains(NameOf(event))) continue;
      EXPECT_EQ(event.rest.size(), 0u) << path << " " << NameOf(event) << " " << TextOf(event);
    }
  }
}

// Traces of which we know all there is: two of providers that security watches.
TEST(DecodeSamples, SecurityTracesAreDecodedToTheirLastByte) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  for (const char* name : {"airbus/AMSITrace.etl.zst", "krabsetw/powershell.etl.zst"}) {
    const auto bytes = Decompressed(TraceFolder() / name);
    EventDecoder decoder;
    LearnAll(bytes, &decoder);
    const auto reader = Open(bytes);
    EtwRecord record;
    while (reader->Next(&record)) {
      const DecodedEvent& event = decoder.Decode(record);
      EXPECT_NE(event.source, SchemaSource::kNone) << name << " " << NameOf(event);
      EXPECT_FALSE(event.incomplete) << name << " " << NameOf(event);
      EXPECT_EQ(event.rest.size(), 0u) << name << " " << NameOf(event) << " " << TextOf(event);
    }
  }
}

// The session of net.4.5.2 cached its stacks, and used keys for up to 15 of them in turn.
TEST(DecodeSamples, EveryCachedStackIsFound) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  const auto bytes = Decompressed(PerfViewFolder() / "net.4.5.2.x64.etl.zst");
  EventDecoder decoder;
  LearnAll(bytes, &decoder);
  const auto reader = Open(bytes);
  size_t stacks = 0;
  EtwRecord record;
  while (reader->Next(&record)) {
    const DecodedEvent& event = decoder.Decode(record);
    if (event.name != "StackKeyKernel" && event.name != "StackKeyUser") continue;
    ++stacks;
    ASSERT_GT(event.stack.count(), 0u);
    // Addresses of the kernel are in the upper half. 273 keys were of its stacks and of others'.
    EXPECT_EQ(event.stack[0] >> 63, event.name == "StackKeyKernel" ? 1u : 0u);
  }
  EXPECT_EQ(stacks, 9107u);
}

// Records without a schema, by trace: "provider/number" and how many. They are of providers whose
// manifests are neither in the trace nor ours, WPP messages, and merged data that has no documented
// layout.
const std::map<std::string, std::map<std::string, uint64_t>> kUndecoded = {
    {"PerfViewData.etl.zst",
     {{"Microsoft-Windows-DotNETRuntime/1", 2},    {"Microsoft-Windows-DotNETRuntime/10", 12},
      {"Microsoft-Windows-DotNETRuntime/13", 3},   {"Microsoft-Windows-DotNETRuntime/14", 3},
      {"Microsoft-Windows-DotNETRuntime/187", 1},  {"Microsoft-Windows-DotNETRuntime/2", 2},
      {"Microsoft-Windows-DotNETRuntime/202", 13}, {"Microsoft-Windows-DotNETRuntime/204", 2},
      {"Microsoft-Windows-DotNETRuntime/205", 2},  {"Microsoft-Windows-DotNETRuntime/208", 1},
      {"Microsoft-Windows-DotNETRuntime/209", 1},  {"Microsoft-Windows-DotNETRuntime/29", 6},
      {"Microsoft-Windows-DotNETRuntime/3", 2},    {"Microsoft-Windows-DotNETRuntime/33", 2},
      {"Microsoft-Windows-DotNETRuntime/35", 2},   {"Microsoft-Windows-DotNETRuntime/4", 2},
      {"Microsoft-Windows-DotNETRuntime/5", 7},    {"Microsoft-Windows-DotNETRuntime/7", 2},
      {"Microsoft-Windows-DotNETRuntime/8", 2},    {"Microsoft-Windows-DotNETRuntime/9", 2}}},
    {"SelfDescribingSingleEvent.etl.zst",
     {{"SystemConfigEx/37", 1}, {"WinSat/33", 1}, {"WinSat/35", 1}, {"WinSat/37", 1}}},
    {"net.4.5.2.x64.etl.zst",
     {{"Microsoft-Windows-DotNETRuntimePrivate/10", 264},
      {"Microsoft-Windows-DotNETRuntimePrivate/161", 1},
      {"Microsoft-Windows-DotNETRuntimePrivate/162", 1},
      {"Microsoft-Windows-DotNETRuntimePrivate/165", 1},
      {"Microsoft-Windows-DotNETRuntimePrivate/166", 1},
      {"Microsoft-Windows-DotNETRuntimePrivate/171", 2},
      {"Microsoft-Windows-DotNETRuntimePrivate/172", 2},
      {"Microsoft-Windows-DotNETRuntimePrivate/173", 4},
      {"Microsoft-Windows-DotNETRuntimePrivate/174", 4},
      {"Microsoft-Windows-DotNETRuntimePrivate/175", 2},
      {"Microsoft-Windows-DotNETRuntimePrivate/176", 2},
      {"Microsoft-Windows-DotNETRuntimePrivate/188", 2},
      {"Microsoft-Windows-DotNETRuntimePrivate/196", 20},
      {"Microsoft-Windows-DotNETRuntimePrivate/2", 1},
      {"Microsoft-Windows-DotNETRuntimePrivate/4", 264},
      {"Microsoft-Windows-DotNETRuntimePrivate/5", 264},
      {"Microsoft-Windows-DotNETRuntimePrivate/7", 264},
      {"Microsoft-Windows-DotNETRuntimePrivate/8", 264},
      {"Microsoft-Windows-DotNETRuntimePrivate/9", 264},
      {"SystemConfig/18", 1},
      {"SystemConfig/25", 1},
      {"SystemConfig/28", 1},
      {"SystemConfigEx/37", 1}}},
};

TEST(DecodeSamples, WhatCannotBeDecodedIsCounted) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  std::map<std::string, std::map<std::string, uint64_t>> all;
  for (const auto& path : Traces()) {
    const auto bytes = Decompressed(path);
    EventDecoder decoder;
    LearnAll(bytes, &decoder);
    UndecodedEvents undecoded;
    const auto reader = Open(bytes);
    EtwRecord record;
    while (reader->Next(&record)) {
      if (IsMisdeclared(path)) record.pointer_size = 8;
      undecoded.Add(decoder.Decode(record));
    }
    for (const auto& [key, count] : undecoded.events()) {
      EXPECT_EQ(count.incomplete, 0u);
      const char* name = KnownProviderName(key.provider);
      const std::string provider = name != nullptr ? name : ToText(key.provider);
      all[path.filename().string()][provider + "/" + std::to_string(key.number)] += count.raw;
    }
  }
  EXPECT_EQ(all, kUndecoded);
}

// Of a line of PerfView's.
using Fields = std::map<std::string, std::string>;

Fields FieldsOf(const std::string& line) {
  Fields fields;
  size_t at = line.find(" PID=");
  while (at < line.size()) {
    const size_t equals = line.find('=', at);
    const size_t end = line.find("; ", at);
    if (equals == line.npos || end == line.npos || equals > end) break;
    fields[line.substr(at + 1, equals - at - 1)] = line.substr(equals + 1, end - equals - 1);
    at = end + 1;
  }
  for (const char* header : {"PID", "TID", "PName", "ProceNum", "DataLen"}) fields.erase(header);
  return fields;
}

std::string WithoutCommas(std::string text) {
  std::erase(text, ',');
  return text;
}

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// In hundredths of a second: of an ISO time, and of PerfView's, 20/07/29 00:07:10.69.
std::optional<int64_t> HundredthsOf(const std::string& time) {
  int year = 0;
  unsigned month = 0, day = 0;
  int hour = 0, minute = 0, second = 0, hundredths = 0;
  if (std::sscanf(time.c_str(), "%d%*[-/]%u%*[-/]%u%*[T ]%d:%d:%d.%2d", &year, &month, &day, &hour,
                  &minute, &second, &hundredths) != 7)
    return std::nullopt;
  const std::chrono::sys_days date = std::chrono::year(year % 100 + 2000) / month / day;
  return ((date.time_since_epoch().count() * 24LL + hour) * 60 + minute) * 6000 + second * 100 +
         hundredths;
}

// Both are in UTC.
bool SameTime(const std::string& ours, const std::string& theirs) {
  const auto hundredths = HundredthsOf(ours);
  return hundredths && hundredths == HundredthsOf(theirs);
}

// PerfView cuts long texts after 20 characters, and separates thousands.
bool SameValue(const DecodedField& field, const std::string& ours, const std::string& theirs) {
  if (ours == theirs) return true;
  const InType in = field.schema->in;
  if (in == InType::kFileTime || in == InType::kSystemTime) return SameTime(ours, theirs);
  std::string begin = theirs.ends_with("...") ? theirs.substr(0, theirs.size() - 3) : theirs;
  if (begin != theirs && ours.starts_with(begin)) return true;
  if (field.value_size == 0 || field.array) return false;
  begin = Lower(WithoutCommas(begin));
  const uint64_t number = UnsignedOf(field.data);
  char hex[32];
  std::snprintf(hex, sizeof(hex), "0x%08" PRIx64, number);
  // It shows unsigned numbers of 32 bits as signed ones.
  const int64_t negative =
      field.value_size == 4 ? static_cast<int32_t>(number) : static_cast<int64_t>(number);
  for (const std::string& form :
       {std::string(hex), std::to_string(number), std::to_string(negative), ours}) {
    if (form == begin || (theirs.ends_with("...") && form.starts_with(begin))) return true;
  }
  return false;
}

std::string Plain(std::string_view name) {
  std::string plain = Lower(std::string(name));
  std::erase_if(plain, [](char c) { return c == '_' || c == ' '; });
  return plain;
}

// Of "A, B" and of "A|B" in one form; numbers of bits without a name are left out.
std::string Names(const std::string& text) {
  std::string names;
  std::string name;
  for (const char c : text + "|") {
    if (c != '|' && c != ',') {
      if (c != ' ' || !name.empty()) name += c;
      continue;
    }
    // FileShare.ReadWrite.
    if (name == "ReadWrite") name = "Read|Write";
    if (!name.starts_with("0x")) names += names.empty() ? name : "|" + name;
    name.clear();
  }
  return names == "None" ? "" : names;
}

// IRP_… of wdm.h as PerfView names them: disk events have no map, and show the number.
const ValueMap kIrpFlags = {true, {{1, "Nocache"}, {2, "MountCompletion"}, {4, "SynchronousApi"}}};

// Whether PerfView's names of a value are those that the field's map has.
bool SameNames(const DecodedField& field, const std::string& theirs) {
  const ValueMap* map = field.name() == "IrpFlags" ? &kIrpFlags : field.schema->map;
  if (map == nullptr || field.value_size == 0) return false;
  std::string ours;
  map->Append(UnsignedOf(field.data), &ours);
  if (!theirs.ends_with("...")) return Names(ours) == Names(theirs);
  return Names(ours).starts_with(Names(theirs.substr(0, theirs.size() - 3)));
}

// Fields in which it does not show what is in the payload, and why.
constexpr const char* kDrive = "PerfView puts drives in the place of devices";
const std::map<std::string, const char*> kExplained = {
    {"KernelTraceControl/ImageID.ProcessID", "it shows 0, and the process of the payload as PID"},
    {"Microsoft-Windows-Kernel-File/Create.CreateOptions", "it shows the low 24 bits"},
    {"Microsoft-Windows-Kernel-File/Create.FileName", kDrive},
    {"Windows Kernel/Image/DCStart.FileName", kDrive},
    {"Windows Kernel/Image/DCStop.FileName", kDrive},
    {"Windows Kernel/Image/Load.FileName", kDrive},
    {"Windows Kernel/Image/Unload.FileName", kDrive},
    {"Windows Kernel/SystemConfig/Services.ProcessName", "it shows the name of process ProcessID"},
    {"solar_system/PrimitiveTypesTest.system_time_type",
     "it shows other milliseconds than are stored"},
};

// Fields that PerfView names in another way.
const std::map<std::string, const char*> kOtherNames = {{"FileAttributes", "CreateAttributes"},
                                                        {"FileKey", "FileObject"},
                                                        {"IrpPtr", "Irp"},
                                                        {"MemoryCount", "PageFaultCount"},

                                                        {"PageDirectoryBase", "DirectoryTableBase"},
                                                        {"SampleSource", "Source"},
                                                        {"StartAddr", "Affinity"},
                                                        {"UtcOffsetMinutes", "Bias"}};

// What it shows without having it from a field of that payload, by event and field.
const std::map<const char*, std::set<std::string>> kNotInPayload = {
    {"a time, of the payload's TimeDateStamp",
     {"KernelTraceControl/ImageID.BuildTime", "KernelTraceControl/ImageID/FileVersion.BuildTime",
      "Windows Kernel/Image/DCStart.BuildTime", "Windows Kernel/Image/DCStop.BuildTime",
      "Windows Kernel/Image/Load.BuildTime", "Windows Kernel/Image/Unload.BuildTime"}},
    {"a time, of the payload's and the record's",
     {"Windows Kernel/DiskIO/FlushBuffers.ElapsedTimeMSec",
      "Windows Kernel/DiskIO/Read.DiskServiceTimeMSec",
      "Windows Kernel/DiskIO/Read.ElapsedTimeMSec",
      "Windows Kernel/DiskIO/Write.DiskServiceTimeMSec",
      "Windows Kernel/DiskIO/Write.ElapsedTimeMSec",
      "Windows Kernel/Memory/HardFault.ElapsedTimeMSec"}},
    {"bits of a field",
     {"Microsoft-Windows-Kernel-File/Create.CreateDisposition",
      "Windows Kernel/DiskIO/Read.Priority", "Windows Kernel/DiskIO/Write.Priority",
      "Windows Kernel/PerfInfo/Sample.ExecutingDPC", "Windows Kernel/PerfInfo/Sample.ExecutingISR",
      "Windows Kernel/PerfInfo/Sample.Priority"}},
    {"a sum of fields",
     {"Microsoft-Windows-DotNETRuntime/GC/HeapStats.TotalHeapSize",
      "Microsoft-Windows-DotNETRuntime/GC/HeapStats.TotalPromoted"}},
    {"of the first element of an array",
     {"Microsoft-Windows-DotNETRuntime/Type/BulkType.TypeID_0",
      "Microsoft-Windows-DotNETRuntime/Type/BulkType.TypeName_0"}},
    {"from other events: of files, types and threads",
     {"Microsoft-Windows-DotNETRuntime/GC/FinalizeObject.TypeName",
      "Windows Kernel/DiskIO/Read.FileName", "Windows Kernel/DiskIO/Write.FileName",
      "Windows Kernel/Memory/HardFault.FileName", "Windows Kernel/Thread/Start.ParentProcessID",
      "Windows Kernel/Thread/Start.ParentThreadID", "Windows Kernel/Thread/Stop.ParentProcessID",
      "Windows Kernel/Thread/Stop.ParentThreadID"}},
    {"of versions to come",
     {"Microsoft-Windows-DotNETRuntime/GC/AllocationTick.ObjectSize",
      "Microsoft-Windows-DotNETRuntime/GC/HeapStats.Depth",
      "Microsoft-Windows-DotNETRuntime/GC/HeapStats.GenerationSize4",
      "Microsoft-Windows-DotNETRuntime/GC/HeapStats.TotalPromotedSize4",
      "Microsoft-Windows-DotNETRuntime/GC/Start.ClientSequenceNumber",
      "Microsoft-Windows-DotNETRuntime/Method/LoadVerbose.OptimizationTier",
      "Microsoft-Windows-DotNETRuntime/Method/LoadVerbose.ReJITID",
      "Microsoft-Windows-DotNETRuntime/Method/UnloadVerbose.OptimizationTier",
      "Microsoft-Windows-DotNETRuntime/Method/UnloadVerbose.ReJITID",
      "Windows Kernel/Thread/Start.ThreadName", "Windows Kernel/Thread/Stop.ThreadName"}},
    {"the last part of a path",
     {"Microsoft-Windows-DotNETRuntime/Loader/ModuleLoad.ModuleILFileName",
      "Microsoft-Windows-DotNETRuntime/Loader/ModuleUnload.ModuleILFileName",
      "Microsoft-Windows-DotNETRuntimeRundown/Loader/ModuleDCStop.ModuleILFileName"}},
    {"it reads version 2 of UdpIp for IPv4 by the layout of version 0",
     {"Windows Kernel/UdpIp/Recv.context", "Windows Kernel/UdpIp/Recv.dsize",
      "Windows Kernel/UdpIp/Send.context", "Windows Kernel/UdpIp/Send.dsize"}},
};

// A kernel's path with the drive that its volume had, as PerfView shows it.
std::string WithDrive(const std::string& path) {
  constexpr std::pair<std::string_view, std::string_view> kShown[] = {
      {R"(\Device\HarddiskVolume2\)", R"(C:\)"},
      {R"(\Device\Mup\)", R"(\\)"},
      {R"(\SystemRoot\)", R"(C:\Windows\)"},
      {R"(\Windows\)", R"(C:\Windows\)"},
  };
  for (const auto& [kernel, shown] : kShown) {
    if (path.starts_with(kernel)) return std::string(shown) + path.substr(kernel.size());
  }
  return path;
}

bool IsNotInPayload(const std::string& place) {
  return std::any_of(kNotInPayload.begin(), kNotInPayload.end(),
                     [&](const auto& reason) { return reason.second.contains(place); });
}

struct Tally {
  size_t equal = 0;
  std::map<std::string, std::string> different;  // by "event.field", the first; none is explained
  std::map<std::string, size_t> without_schema;  // by provider
};

// What PerfView shows of the record itself as if it were a field.
std::optional<uint64_t> OfRecord(const DecodedEvent& event, const std::string& their_name) {
  if (their_name == "ProcessorNumber") return event.record->cpu;
  if (their_name == "PayloadLength") return event.record->payload.size();
  // An element of ours.
  const DecodedField* masks = event.Find("GroupMask");
  if (masks == nullptr || !their_name.starts_with("GroupMask")) return std::nullopt;
  return UnsignedOf(masks->value(std::stoul(their_name.substr(9)) - 1));
}

// The text of a top-level field, by either name; nothing when there is none.
std::optional<std::string> Find(const DecodedEvent& event, const std::string& their_name,
                                const DecodedField** found) {
  const auto other = kOtherNames.find(their_name);
  for (const std::string& name :
       {their_name, std::string(other == kOtherNames.end() ? "" : other->second)}) {
    for (size_t at = 0; at < event.fields.size();) {
      *found = &event.fields[at];
      std::string text = FieldText(event.fields, &at);
      if (Plain(name) == Plain((*found)->name())) return text;
    }
  }
  return std::nullopt;
}

void Compare(const DecodedEvent& event, const std::string& name, const Fields& theirs,
             Tally* tally) {
  for (const auto& [their_name, value] : theirs) {
    const DecodedField* field = nullptr;
    const auto ours = Find(event, their_name, &field);
    const std::string place = name + "." + their_name;
    bool equal = false;
    const auto explained = kExplained.find(place);
    const bool drive = explained != kExplained.end() && explained->second == kDrive;
    if (ours && drive) {
      equal = SameValue(*field, WithDrive(*ours), value);
    } else if (ours) {
      equal = SameValue(*field, *ours, value) || SameNames(*field, value);
    } else if (const auto number = OfRecord(event, their_name)) {
      equal = std::to_string(*number) == WithoutCommas(value);
    }
    if (equal) {
      ++tally->equal;
    } else if (drive || !(ours ? explained != kExplained.end() : IsNotInPayload(place))) {
      tally->different.try_emplace(place, ours.value_or("nothing") + " and " + value);
    }
  }
}

struct Baseline {
  std::string trace;
  std::string name;
  size_t equal;  // values compared
  // Events without a schema, by provider. Only what PerfView says of their headers is compared.
  std::map<std::string, size_t> without_schema;
};
void PrintTo(const Baseline& baseline, std::ostream* out) { *out << baseline.trace; }

class PerfViewFields : public testing::TestWithParam<Baseline> {};

TEST_P(PerfViewFields, HaveTheSameValues) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  const auto bytes = Decompressed(PerfViewFolder() / (GetParam().trace + ".etl.zst"));
  EventDecoder decoder;
  LearnAll(bytes, &decoder);
  const auto reader = Open(bytes);
  std::istringstream lines = BaselineOf(GetParam().name);
  Tally tally;
  EtwRecord record;
  for (std::string line; std::getline(lines, line);) {
    const auto theirs = ParseBaseline(line);
    if (!theirs) continue;
    bool found = false;
    while (!found && reader->Next(&record))
      found = Matches(record, *theirs, reader->file().header().start_time);
    ASSERT_TRUE(found) << line;
    const DecodedEvent& event = decoder.Decode(record);
    if (event.source == SchemaSource::kNone) {
      ++tally.without_schema[ProviderOf(theirs->name)];
    } else {
      Compare(event, theirs->name, FieldsOf(line), &tally);
    }
  }
  EXPECT_EQ(tally.equal, GetParam().equal);
  EXPECT_EQ(tally.without_schema, GetParam().without_schema);
  for (const auto& [field, values] : tally.different) ADD_FAILURE() << field << ": " << values;
}

INSTANTIATE_TEST_SUITE_P(Traces, PerfViewFields,
                         testing::Values(Baseline{"net.4.5.2.x64",
                                                  "net.4.5.2.x64",
                                                  2091,
                                                  {{"Microsoft-Windows-DotNETRuntimePrivate", 58},
                                                   {"SystemConfig", 1},
                                                   {"SystemConfigEx", 1}}},
                                         Baseline{"gcevents/PerfViewData",
                                                  "gcevents",
                                                  21,
                                                  {{"Microsoft-Windows-DotNETRuntime", 51}}},
                                         Baseline{"primitive-types", "primitive-types", 76, {}}));

}  // namespace
}  // namespace nuthatch
