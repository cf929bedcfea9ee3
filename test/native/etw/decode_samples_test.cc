// What the payloads of real traces say, in full and as PerfView has it.
#include <gtest/gtest.h>

#include <cctype>
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
    {"Microsoft-Windows-PowerShell/7942", "one of them has a fourth string"},
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

// Records without a schema, by trace: of providers whose manifests are neither in the trace nor
// ours, WPP messages, and merged data that has no documented layout.
TEST(DecodeSamples, WhatCannotBeDecodedIsCounted) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  uint64_t all = 0;
  uint64_t counted = 0;
  for (const auto& path : Traces()) {
    const auto bytes = Decompressed(path);
    EventDecoder decoder;
    const auto reader = Open(bytes);
    EtwRecord record;
    while (reader->Next(&record)) {
      if (decoder.Decode(record).source == SchemaSource::kNone) ++all;
    }
    for (const auto& [key, count] : decoder.undecoded()) counted += count.raw;
  }
  EXPECT_GT(all, 0u);
  EXPECT_EQ(counted, all);
}

// A line of PerfView's as its time (in microseconds) and fields; fields of the header left out.
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
  for (const char* name : {"PID", "TID", "PName", "ProceNum"}) fields.erase(name);
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

// Of an ISO time and of PerfView's, which is in a time zone of its own: ":07:10.69".
std::string MinutesOf(const std::string& time) {
  const size_t colon = time.find(':');
  return colon == time.npos ? time : time.substr(colon, 9);
}

// PerfView cuts long texts after 20 characters, and separates thousands.
bool SameValue(const DecodedField& field, const std::string& ours, const std::string& theirs) {
  if (ours == theirs) return true;
  const InType in = field.schema->in;
  if (in == InType::kFileTime || in == InType::kSystemTime)
    return MinutesOf(ours) == MinutesOf(theirs);
  std::string begin = theirs.ends_with("...") ? theirs.substr(0, theirs.size() - 3) : theirs;
  if (begin != theirs && ours.starts_with(begin)) return true;
  if (field.value_size == 0 || field.array) return false;
  begin = Lower(WithoutCommas(begin));
  const uint64_t number = UnsignedOf(field.data);
  char hex[32];
  std::snprintf(hex, sizeof(hex), "0x%08" PRIx64, number);
  for (const std::string& form :
       {std::string(hex), std::to_string(number), std::to_string(static_cast<int64_t>(number)),
        std::to_string(static_cast<int32_t>(number)), ours}) {
    if (form == begin || (theirs.ends_with("...") && form.starts_with(begin))) return true;
  }
  return false;
}

std::string Plain(std::string_view name) {
  std::string plain = Lower(std::string(name));
  std::erase_if(plain, [](char c) { return c == '_' || c == ' '; });
  return plain;
}

// Numbers that PerfView shows by names of its own enumerations: by field.
const std::set<std::string> kEnumerations = {"AllocationKind", "AppDomainFlags", "AssemblyFlags",
                                             "DynamicAddress", "ExceptionFlags", "Flags",
                                             "IrpFlags",       "MethodFlags",    "ModuleFlags",
                                             "Reason",         "ShareAccess",    "Sku",
                                             "StartupFlags",   "StartupMode",    "Type",
                                             "keywords",       "level",          "stacks"};

constexpr const char* kDrive = "PerfView puts drives in the place of devices";
// Other fields in which it does not show what is in the payload, and why.
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

bool IsExplained(const std::string& field, const std::string& theirs) {
  const bool is_name = std::isalpha(static_cast<unsigned char>(theirs[0])) != 0;
  return kExplained.contains(field) ||
         (is_name && kEnumerations.contains(field.substr(field.rfind('.') + 1)));
}

// Fields that PerfView names in another way.
const std::map<std::string, const char*> kOtherNames = {{"FileAttributes", "CreateAttributes"},
                                                        {"FileKey", "FileObject"},
                                                        {"IrpPtr", "Irp"},
                                                        {"MemoryCount", "PageFaultCount"},

                                                        {"PageDirectoryBase", "DirectoryTableBase"},
                                                        {"SampleSource", "Source"},
                                                        {"StartAddr", "Affinity"},
                                                        {"UtcOffsetMinutes", "Bias"}};

// What it shows without having it from a field of that payload: computed (times, parts of fields,
// elements of arrays), joined from other events, or of versions to come.
const std::set<std::string> kNotInPayload = {
    "BuildTime", "ClientSequenceNumber", "CreateDisposition", "DataLen", "Depth",
    "DiskServiceTimeMSec", "ElapsedTimeMSec", "ExecutingDPC", "ExecutingISR", "FileName",
    "GenerationSize4", "GroupMask1", "GroupMask2", "GroupMask3", "GroupMask4", "GroupMask5",
    "GroupMask6", "GroupMask7", "GroupMask8", "ObjectSize", "ModuleILFileName", "OptimizationTier",
    "ParentProcessID", "ParentThreadID", "PayloadLength", "Priority", "ProcessorNumber", "ReJITID",
    "ThreadName", "TotalHeapSize", "TotalPromoted", "TotalPromotedSize4", "TypeID_0", "TypeName",
    "TypeName_0",
    // It reads version 2 of UdpIp for IPv4 by the layout of version 0.
    "context", "dsize"};

struct Tally {
  size_t equal = 0;
  std::map<std::string, std::string> different;  // by "event.field", the first; none is explained
};

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
    if (!ours) {
      if (!kNotInPayload.contains(their_name)) tally->different.try_emplace(place, "missing");
    } else if (SameValue(*field, *ours, value)) {
      ++tally->equal;
    } else if (!IsExplained(place, value)) {
      tally->different.try_emplace(place, *ours + " and " + value);
    }
  }
}

struct Baseline {
  std::string trace;
  std::string name;
  size_t equal;  // values compared, at least
};
void PrintTo(const Baseline& baseline, std::ostream* out) { *out << baseline.trace; }

class PerfViewFields : public testing::TestWithParam<Baseline> {};

TEST_P(PerfViewFields, HaveTheSameValues) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  const auto bytes = Decompressed(PerfViewFolder() / (GetParam().trace + ".etl.zst"));
  EventDecoder decoder;
  LearnAll(bytes, &decoder);
  const auto reader = Open(bytes);
  const uint64_t begin = reader->file().header().start_time;
  std::istringstream lines = BaselineOf(GetParam().name);
  Tally tally;
  EtwRecord record;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("EVENT ")) continue;
    const size_t colon = line.find(": ");
    const std::string name = line.substr(colon + 2, line.find(" PID=") - colon - 2);
    std::string time = WithoutCommas(line.substr(6, colon - 6));
    std::erase(time, '.');
    const Fields fields = FieldsOf(line);
    const std::string size = WithoutCommas(fields.at("DataLen"));
    const std::string cpu = line.substr(line.find("ProceNum=") + 9);
    bool found = false;
    while (!found && reader->Next(&record)) {
      const auto ticks = static_cast<int64_t>(record.time - begin);
      found = std::abs(ticks - std::stoll(time) * 10) <= 5 &&
              record.payload.size() == std::stoul(size) && record.cpu == std::stoul(cpu);
      if (!found) continue;
      const DecodedEvent& event = decoder.Decode(record);
      if (event.source != SchemaSource::kNone) Compare(event, name, fields, &tally);
    }
    ASSERT_TRUE(found) << line;
  }
  EXPECT_GE(tally.equal, GetParam().equal);
  for (const auto& [field, values] : tally.different) ADD_FAILURE() << field << ": " << values;
}

INSTANTIATE_TEST_SUITE_P(Traces, PerfViewFields,
                         testing::Values(Baseline{"net.4.5.2.x64", "net.4.5.2.x64", 1890},
                                         Baseline{"primitive-types", "primitive-types", 76}));

}  // namespace
}  // namespace nuthatch
