#include "pipeline/trace_values.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "etw/etl_writer.h"
#include "etw/metadata_writer.h"
#include "pipeline/both_ways.h"
#include "pipeline/opening.h"
#include "support/samples.h"
#include "trace/known_accounts.h"
#include "trace/trace_records.h"

namespace nuthatch {
namespace {

bool IsKey(const std::string& name) {
  return std::all_of(name.begin(), name.end(), [](char c) { return c > 0; });
}

// The names of the fields of a trace.
class FieldNames final : public TraceOutput {
 public:
  void Add(const DecodedEvent& event, const JoinedEvent&, uint64_t) override {
    for (size_t at = 0; at < event.fields.size(); at += 1 + event.fields[at].children) {
      const std::string name(event.fields[at].name());
      if (IsKey(name)) names.insert(name);
    }
  }
  bool full() const override { return false; }

  std::set<std::string> names;
};

void ReadTo(TraceEvents* events, TraceOutput* output) {
  for (bool done = false; !done;) ASSERT_TRUE(events->Next(output, &done).ok());
}

// All its events with all their fields. Returns how many values there were.
size_t Compare(std::span<const uint8_t> bytes) {
  TraceEvents first(Opening(bytes), {});
  FieldNames fields;
  ReadTo(&first, &fields);
  const PathTree paths = TracePaths(fields.names);
  TraceEvents second(Opening(bytes), {});
  BothWays both(paths, second.joiner());
  ReadTo(&second, &both);
  EXPECT_EQ(both.difference(), "");
  EXPECT_EQ(both.events(), second.stage().records());
  return both.values();
}

std::vector<uint8_t> FileOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(TraceValues, AreThoseOfTheLinesOfTheExample) {
  EXPECT_GT(Compare(FileOf("examples/traces/workstation.etl")), 200u);
}

TEST(TraceValues, AreThoseOfTheLinesOfEverySample) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  for (const std::filesystem::path& path : Traces()) {
    SCOPED_TRACE(path.filename());
    EXPECT_GT(Compare(Decompressed(path)), 5u);
  }
}

TEST(TraceValues, AreThoseOfTheLinesOfDamagedTraces) {
  const std::vector<uint8_t> good = FileOf("examples/traces/workstation.etl");
  for (size_t at = 100; at < good.size(); at += 97) {
    std::vector<uint8_t> bad = good;
    bad[at] ^= 0x41;
    SCOPED_TRACE(at);
    Compare(bad);
  }
}

// Once they are known, also of a process that has been written already.
TEST(TraceValues, AreThoseOfTheLinesOfAccountsThatBecomeKnown) {
  const Bytes mark = Kernel({.tick = 3, .pid = 500}, 0x0F, 0x22, 0, Payload().Narrow("a mark"));
  EtlWriter writer;
  writer.Add(
      {.records = {ProcessRecord({.tick = 1}, kDcStart, 400, 4, "b.exe", "b", 8, kAna),
                   ProcessRecord({.tick = 2, .pid = 400}, kStart, 500, 400, "a.exe", "a", 8, kAna),
                   mark, mark}});
  const std::string_view names[] = {"ThreadName"};
  const PathTree paths = TracePaths(names);
  TraceEvents events(Opening(writer.bytes()), {});
  KnownAccounts accounts;
  events.joiner()->NameAccounts(&accounts);
  class Learning final : public TraceOutput {
   public:
    Learning(BothWays* both, KnownAccounts* accounts) : both_(*both), accounts_(*accounts) {}
    void Add(const DecodedEvent& event, const JoinedEvent& joined, uint64_t record) override {
      const size_t before = both_.values();
      both_.Add(event, joined, record);
      values.push_back(both_.values() - before);
      if (values.size() == 4) accounts_.Add(kAnaSid, {"ana", "CORP"});
    }
    bool full() const override { return false; }

    std::vector<size_t> values;  // by event

   private:
    BothWays& both_;
    KnownAccounts& accounts_;
  };
  BothWays both(paths, events.joiner());
  Learning learning(&both, &accounts);
  ReadTo(&events, &learning);
  EXPECT_EQ(both.difference(), "");
  ASSERT_EQ(learning.values.size(), 5u);
  EXPECT_EQ(learning.values[4], learning.values[3] + 4) << "names and domains of it and its parent";
}

// The name is in the record, and each record in a buffer of its own, whose memory is used again.
TEST(TraceValues, OfEventsOfAKindHaveEachTheProviderThatItsRecordNames) {
  const Guid dns = ParseGuid("1c95126e-7eea-49a9-a3fe-a378b03ddb4d");
  EtlWriter writer;
  writer.Add({.sequence = 1, .records = {EventInfo(dns, 3008, 200, {{"QueryName", 1}}, "")}});
  for (int i = 0; i < 20; ++i) {
    ByteSink traits;
    const std::string name = "Provider-" + std::to_string(10000 + i);
    traits.U16(2 + name.size() + 1);
    traits.Append(name);
    traits.U8(0);
    const Bytes event = EventRecord{.time = 4'000'000 + static_cast<uint64_t>(i) * 1000,
                                    .provider = dns,
                                    .id = 3008,
                                    .version = 200,
                                    .items = {{12, traits.bytes()}},
                                    .payload = Payload().Wide("evil.example").bytes()}
                            .Write();
    writer.Add({.sequence = 2 + i, .records = {event}});
  }
  EXPECT_GT(Compare(writer.bytes()), 100u);
}

// What the last record has that passes, by path.
std::string Found(const std::vector<Bytes>& records, std::string_view dotted,
                  const EventFilter& filter = {}) {
  EtlWriter writer({.buffer_size = 1 << 22});
  writer.Add({.records = records});
  const std::string_view names[] = {"ThreadName"};
  PathTree paths = TracePaths(names);
  TraceEvents events(Opening(writer.bytes()), filter);
  TraceBlock block;
  TraceValues values(paths, events.joiner());
  values.SetBlock(&block);
  ReadTo(&events, &values);
  std::vector<std::string> path;
  for (; dotted.find('.') != dotted.npos; dotted.remove_prefix(dotted.find('.') + 1))
    path.emplace_back(dotted.substr(0, dotted.find('.')));
  path.emplace_back(dotted);
  std::string text;
  for (const FoundValue& value : block.FoundOf(block.events.back())) {
    if (value.slot != paths.SlotOf(path)) continue;
    text.assign(block.text, value.slice.offset, value.slice.length());
  }
  return text;
}

// Of two kinds that differ in one thing alone neither has what the other is written as.
TEST(TraceValues, OfKindsThatDifferInOneThingAreTheirOwn) {
  const auto load = [](uint64_t tick) {
    return ImageLoad({.tick = tick, .pid = 100}, 100, "\\Device\\HarddiskVolume3\\a.dll");
  };
  const auto thread = [](uint64_t tick, uint8_t type) {
    return Kernel({.tick = tick}, 5, type, 3, Payload().U32(8).U32(9));
  };
  const std::vector<Bytes> records = {load(1), thread(2, 1), thread(3, 2), thread(4, 1), load(5)};
  EXPECT_EQ(Found(records, "happened"), "image_load");
  EXPECT_EQ(Found({records.begin(), records.begin() + 4}, "type"), "1");
  EXPECT_EQ(Found({records.begin(), records.begin() + 3}, "type"), "2");
  EtlWriter writer;
  writer.Add({.records = records});
  Compare(writer.bytes());
}

TEST(TraceValues, StandAsTextWithoutEscapes) {
  const std::vector<Bytes> records = {
      Kernel({.tick = 1}, 5, 0x48, 2, Payload().U32(8).U32(9).Wide("a \"b\"\\c\n"))};
  EXPECT_EQ(Found(records, "fields.ThreadName"), "a \"b\"\\c\n");
  EXPECT_EQ(Found(records, "provider"), "Thread");
  EXPECT_EQ(Found(records, "type"), "72");
  EXPECT_EQ(Found(records, "record"), "2");
}

TEST(TraceValues, OfAProcessAreFoundAgainByItsLaterEvents) {
  const Bytes start =
      ProcessRecord({.tick = 10, .pid = 4}, kStart, 100, 4, "child.exe", "child --of 4");
  const auto load = [](uint64_t tick) {
    return ImageLoad({.tick = tick, .pid = 100}, 100, "\\Device\\HarddiskVolume3\\a.dll");
  };
  const std::vector<Bytes> records = {start, load(20), load(30)};
  EXPECT_EQ(Found(records, "process.command_line"), "child --of 4");
  EXPECT_EQ(Found(records, "process.pid"), "100");
  EXPECT_EQ(Found(records, "happened"), "image_load");
}

TEST(TraceValues, OfAncestorsAndCreatorsAreThoseOfTheLines) {
  const std::vector<Bytes> records = {
      ProcessRecord({.tick = 10}, kDcStart, 92, 4, "a \"b\".exe"),
      ProcessRecord({.tick = 11}, kDcStart, 96, 92, "parent.exe"),
      ProcessRecord({.tick = 12}, kDcStart, 80, 4, "creator.exe", "creator -x"),
      ProcessRecord({.tick = 13, .pid = 80}, kStart, 100, 96, "child.exe"),
      ProcessRecord({.tick = 14, .pid = 84}, kStart, 104, 96, "child.exe"),
  };
  EtlWriter writer;
  writer.Add({.records = records});
  EXPECT_GT(Compare(writer.bytes()), 50u);
  EXPECT_EQ(Found(records, "process.ancestor_names"), R"(["parent.exe","a \"b\".exe"])");
  EXPECT_EQ(Found(records, "process.creator.pid"), "84");
}

TEST(TraceValues, OfAProcessAreFoundAnewWhenWhatIsKnownHasChanged) {
  const auto load = [](uint64_t tick) {
    return ImageLoad({.tick = tick, .pid = 100}, 100, "\\Device\\HarddiskVolume3\\a.dll");
  };
  std::vector<Bytes> records = {
      ProcessRecord({.tick = 10, .pid = 4}, kStart, 96, 4, "parent.exe"),
      ProcessRecord({.tick = 11, .pid = 96}, kStart, 100, 96, "child.exe"),
      ProcessRecord({.tick = 12, .pid = 96}, kEnd, 96, 4, "parent.exe"),
      load(13),
  };
  const EventFilter of_child{.providers = {}, .ids = {}, .pids = {100}};
  EXPECT_EQ(Found(records, "process.parent.name", of_child), "parent.exe");

  // So many others that the parent, which has ended, is not kept. None of them passes: the child's
  // two events are in one block.
  uint64_t tick = 20;
  for (uint32_t i = 1; i <= ProcessHistory::kMaxProcesses; ++i) {
    const uint32_t pid = 1000 + 4 * i;
    records.push_back(ProcessRecord({.tick = ++tick, .pid = 4}, kStart, pid, 4, "other.exe"));
    records.push_back(ProcessRecord({.tick = ++tick, .pid = 4}, kEnd, pid, 4, "other.exe"));
  }
  records.push_back(load(++tick));
  EXPECT_EQ(Found(records, "process.parent.name", of_child), "");
  EXPECT_EQ(Found(records, "process.name", of_child), "child.exe");
}

}  // namespace
}  // namespace nuthatch
