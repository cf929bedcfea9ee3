#include "pipeline/pipeline.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "evaluate/plan_builder.h"
#include "gtest/gtest.h"
#include "support/allocations.h"
#include "telemetry/maps_builder.h"

namespace nuthatch {
namespace {

// Standard form, with the properties that the tests use.
std::shared_ptr<const Mappings> StandardForm() {
  TestMapping mapping;
  mapping.name = "standard";
  mapping.recognise = {{"event_type"}};
  mapping.label = Field("event_type");
  for (const EventType type : {EventType::kProcessStart, EventType::kImageLoad, EventType::kPipe}) {
    TestRoute route{type, {{Field("event_type"), {std::string(EventTypeName(type))}}}, {}};
    for (const PropertyId id :
         {PropertyId::kProcessGuid, PropertyId::kParentGuid, PropertyId::kProcessName,
          PropertyId::kCommandLine, PropertyId::kParentName, PropertyId::kOriginalFileName,
          PropertyId::kParentOriginalFileName, PropertyId::kGrandparentName,
          PropertyId::kImageName}) {
      route.set.push_back({id, Field(PropertyName(id))});
    }
    route.set.push_back({PropertyId::kSessionId, Apply(Operation::kNumber, {Field("session_id")})});
    mapping.routes.push_back(std::move(route));
  }
  return LoadMappings({mapping});
}

// d0 fires on image loads of processes whose command line includes "evil", d1 on those whose
// grandparent is g.exe and whose parent was originally p.exe.
std::shared_ptr<const Plan> Detectors() {
  PlanBuilder builder(EventType::kImageLoad);
  const Literal evil = builder.Text(PropertyId::kCommandLine, MatchKind::kIncludes, {"evil"});
  const Literal grand = builder.Text(PropertyId::kGrandparentName, MatchKind::kEquals, {"g.exe"});
  const Literal parent =
      builder.Text(PropertyId::kParentOriginalFileName, MatchKind::kEquals, {"p.exe"});
  const Literal both = builder.And({grand, parent});
  builder.AddNode(0, evil, {0});
  builder.AddNode(0, both, {1});
  return builder.Load();
}

// Runs blocks through a pipeline and keeps what comes out, in order.
class Stream {
 public:
  explicit Stream(PipelineOptions options = {}, Output output = Output::kDetections)
      : pipeline_(std::make_shared<Program>(Detectors(), StandardForm(), output), options,
                  [this](BlockResult result) { results_.push_back(std::move(result)); }) {}

  Pipeline& pipeline() { return pipeline_; }
  // Also ends the pipeline.
  const std::vector<BlockResult>& results() {
    pipeline_.Close();
    return results_;
  }
  BlockResult all() {
    BlockResult all;
    for (BlockResult result : results()) all.Append(std::move(result));
    return all;
  }

 private:
  std::vector<BlockResult> results_;
  Pipeline pipeline_;
};

PipelineOptions Threads(size_t threads) {
  PipelineOptions options;
  options.threads = threads;
  return options;
}

std::string Start(const std::string& guid, const std::string& more) {
  return R"({"event_type":"process_start","process_guid":")" + guid + "\"" + more + "}\n";
}
std::string Load(const std::string& guid, const std::string& more = "") {
  return R"({"event_type":"image_load","image_name":"x.dll","process_guid":")" + guid + "\"" +
         more + "}\n";
}

TEST(Pipeline, WritesDetectionsWithTheirOrigin) {
  const std::string block = "\n" + Load("g", R"(,"command_line":"an EVIL \"x\"","extra":1)");
  Stream stream;
  const uint32_t source = stream.pipeline().AddSource("a \"file\"");
  stream.pipeline().Submit(source, block);
  const BlockResult all = stream.all();
  EXPECT_EQ(all.output, R"({"detector":"d0","source":"a \"file\"","line":2,)"
                        R"("event":{"event_type":"image_load","process_guid":"g",)"
                        R"("command_line":"an EVIL \"x\"","image_name":"x.dll"},)"
                        R"("matched":[{"property":"command_line","match":"includes",)"
                        R"("value":"an EVIL \"x\"","pattern":"evil"}]})"
                        "\n");
  EXPECT_EQ(all.detections, 1u);
  EXPECT_EQ(all.lines, 2u);
  EXPECT_EQ(all.records, 1u);
  EXPECT_EQ(all.events, 1u);
  EXPECT_EQ(all.bytes, block.size());
}

TEST(Pipeline, WritesStandardEvents) {
  const std::string block = Start("p", R"(,"command_line":"c","session_id":"3")") + Load("p") +
                            R"({"event_type":"pipe"})";
  Stream stream({}, Output::kEvents);
  stream.pipeline().Submit(stream.pipeline().AddSource("x"), block);
  EXPECT_EQ(stream.all().output,
            "{\"event_type\":\"process_start\",\"process_guid\":\"p\",\"command_line\":\"c\","
            "\"session_id\":3}\n"
            "{\"event_type\":\"image_load\",\"process_guid\":\"p\",\"command_line\":\"c\","
            "\"session_id\":3,\"image_name\":\"x.dll\"}\n"
            "{\"event_type\":\"pipe\"}\n");
}

TEST(Pipeline, CountsWhatIsNoEvent) {
  const std::string block =
      "{\"event_type\":\"wmi\"}\n{\"event_type\":\"wmi\"}\r\n{\"x\":1}\n \t\r\n\n{\"x\":\n[1]\n";
  Stream stream;
  const uint32_t source = stream.pipeline().AddSource("x");
  stream.pipeline().Submit(source, "\xEF\xBB\xBF");
  stream.pipeline().Submit(source, block);
  stream.pipeline().SkipLine(source, 1000);
  const BlockResult all = stream.all();
  EXPECT_EQ(all.lines, 8u);
  EXPECT_EQ(all.records, 3u);
  EXPECT_EQ(all.events, 0u);
  EXPECT_EQ(all.unmapped.at("wmi"), 2u);
  EXPECT_EQ(all.unmapped.at("unrecognised"), 1u);
  ASSERT_EQ(all.malformed, 3u);
  EXPECT_EQ(all.samples[0].line, 6u);
  EXPECT_STREQ(all.samples[0].code, "NUTHATCH_JSON_INVALID");
  EXPECT_EQ(all.samples[1].line, 7u);
  EXPECT_STREQ(all.samples[1].code, "NUTHATCH_JSON_NOT_OBJECT");
  EXPECT_EQ(all.samples[2].line, 8u);
  EXPECT_STREQ(all.samples[2].code, "NUTHATCH_RECORD_TOO_LONG");
  EXPECT_EQ(all.bytes, 3 + block.size() + 1000);
}

TEST(Pipeline, AByteOrderMarkMayBeginASource) {
  const std::string record = Load("g", R"(,"command_line":"evil")");
  Stream stream;
  const uint32_t source = stream.pipeline().AddSource("x");
  const std::string marked = "\xEF\xBB\xBF" + record;
  stream.pipeline().Submit(source, marked);
  stream.pipeline().Submit(source, marked);  // not at the beginning
  EXPECT_EQ(stream.results()[0].detections, 1u);
  EXPECT_EQ(stream.results()[1].malformed, 1u);
}

TEST(Pipeline, ALineLongerThanARecordMayBeIsMalformed) {
  PipelineOptions options;
  options.max_record_bytes = 100;
  const std::string fits = R"({"x":")" + std::string(92, 'a') + "\"}";
  const std::string block = fits + "\n" + fits.substr(0, 6) + std::string(93, 'a') + "\"}\n" + fits;
  Stream stream(options);
  stream.pipeline().Submit(stream.pipeline().AddSource("x"), block);
  const BlockResult all = stream.all();
  EXPECT_EQ(all.records, 2u);
  ASSERT_EQ(all.malformed, 1u);
  EXPECT_STREQ(all.samples[0].code, "NUTHATCH_RECORD_TOO_LONG");
  EXPECT_EQ(all.samples[0].line, 2u);
}

TEST(Pipeline, LinesAreCountedInEachSource) {
  const std::string block = "{}\n{}\nx\n";
  Stream stream(Threads(3));
  const uint32_t a = stream.pipeline().AddSource("a");
  const uint32_t b = stream.pipeline().AddSource("b");
  for (const uint32_t source : {a, b, a, a, b}) stream.pipeline().Submit(source, block);
  std::vector<std::pair<uint32_t, uint64_t>> where;
  for (const BlockResult& result : stream.results()) {
    ASSERT_EQ(result.samples.size(), 1u);
    where.emplace_back(result.samples[0].source, result.samples[0].line);
  }
  const std::vector<std::pair<uint32_t, uint64_t>> expected = {
      {a, 3}, {b, 3}, {a, 6}, {a, 9}, {b, 6}};
  EXPECT_EQ(where, expected);
}

TEST(Pipeline, SamplesAndLabelsAreLimited) {
  std::string block;
  for (int i = 0; i < 1000; ++i) {
    block += "{\"event_type\":\"t" + std::to_string(i) + std::string(200, 'x') + "\"}\nbad\n";
  }
  Stream stream;
  stream.pipeline().Submit(stream.pipeline().AddSource("x"), block);
  const BlockResult all = stream.all();
  EXPECT_EQ(all.malformed, 1000u);
  EXPECT_EQ(all.samples.size(), BlockResult::kMaxSamples);
  EXPECT_LE(all.unmapped.size(), BlockResult::kMaxLabels + 1);
  uint64_t sum = 0;
  for (const auto& [label, count] : all.unmapped) {
    EXPECT_LE(label.size(), BlockResult::kMaxLabelSize);
    sum += count;
  }
  EXPECT_EQ(sum, all.records - all.events);
}

TEST(Pipeline, StopsABlockAtItsFirstMalformedRecord) {
  const std::string good = Load("g", R"(,"command_line":"evil")");
  std::string block = good + good + "bad\n";
  while (block.size() < 2'000'000) block += good;  // several slices
  for (const size_t threads : {1, 4}) {
    PipelineOptions options = Threads(threads);
    options.stop_at_malformed = true;
    Stream stream(options);
    const uint32_t source = stream.pipeline().AddSource("x");
    stream.pipeline().Submit(source, block);
    stream.pipeline().Submit(source, good);
    EXPECT_EQ(stream.results()[0].detections, 2u);
    EXPECT_EQ(stream.results()[0].malformed, 1u);
    EXPECT_EQ(stream.results()[0].samples[0].line, 3u);
    EXPECT_EQ(stream.results()[1].detections, 1u);
  }
}

TEST(Joins, AnEventHasTheFactsOfItsProcess) {
  const std::string early = Load("p");
  const std::string block = early + Start("p", R"(,"command_line":"evil")") + early + Load("q") +
                            Load("p", R"(,"command_line":"good")");
  Stream stream;
  stream.pipeline().Submit(stream.pipeline().AddSource("x"), block);
  const BlockResult all = stream.all();
  EXPECT_EQ(all.detections, 1u);  // not before the start, nor when the record says otherwise
  EXPECT_NE(all.output.find("\"line\":3,"), std::string::npos) << all.output;
}

TEST(Joins, FactsOfTheParentComeFromItsOwnStart) {
  const std::string block =
      Start("parent", R"(,"original_file_name":"p.exe","parent_name":"g.exe")") +
      Start("child", R"(,"parent_guid":"parent","command_line":"evil")") + Load("child") +
      Load("other", R"(,"parent_guid":"parent")") + Load("parent");
  Stream stream;
  stream.pipeline().Submit(stream.pipeline().AddSource("x"), block);
  const std::string output = stream.all().output;
  EXPECT_NE(output.find(R"({"detector":"d1","source":"x","line":3,)"), std::string::npos) << output;
  EXPECT_NE(output.find(R"({"detector":"d1","source":"x","line":4,)"), std::string::npos) << output;
  EXPECT_EQ(output.find(R"("line":5,)"), std::string::npos) << output;
}

// The standard event that a block's last record is, as members of JSON.
std::string LastEvent(const std::string& block, PipelineOptions options = {}) {
  Stream stream(options, Output::kEvents);
  stream.pipeline().Submit(stream.pipeline().AddSource("x"), block);
  std::string output = stream.all().output;
  output.pop_back();
  return output.substr(output.rfind('\n') + 1);
}

std::string Child(const std::string& guid, const std::string& parent) {
  return Start(guid, R"(,"process_name":")" + guid + R"(.exe","parent_guid":")" + parent + "\"");
}

TEST(Joins, AncestorsComeFromTheStartsOfParents) {
  const std::string block = Child("a", "b") + Child("c", "a") + Child("d", "c") + Load("d");
  for (const std::string& more : {std::string(), Load("d")}) {
    const std::string event = LastEvent(block + more);
    EXPECT_NE(event.find(R"("ancestor_names":["c.exe","a.exe"])"), event.npos) << event;
  }
}

TEST(Joins, AncestorsAreWhatTheRecordSaysWhereNoStartIsKnown) {
  const std::string block = Load("d", R"(,"parent_name":"c.exe","grandparent_name":"b.exe")");
  const std::string event = LastEvent(block);
  EXPECT_NE(event.find(R"("ancestor_names":["c.exe","b.exe"])"), event.npos) << event;
  PipelineOptions off;
  off.process_table_capacity = 0;
  EXPECT_EQ(LastEvent(block, off).find("ancestor"), event.npos);
}

TEST(Joins, AncestorsAreNeverACircleAndNotWithoutEnd) {
  const std::string circle = Child("a", "b") + Child("b", "a") + Load("a");
  std::string event = LastEvent(circle);
  EXPECT_NE(event.find(R"("ancestor_names":"b.exe")"), event.npos) << event;
  std::string block = Child("own", "own") + Load("own");
  event = LastEvent(block);
  EXPECT_NE(event.find(R"("ancestor_names":"own.exe")"), event.npos) << event;
  block.clear();
  for (int i = 0; i < 40; ++i) block += Child(std::to_string(i + 1), std::to_string(i));
  event = LastEvent(block);
  EXPECT_NE(event.find(R"("ancestor_names":["39.exe",)"), event.npos) << event;
  EXPECT_NE(event.find(R"("25.exe","24.exe"])"), event.npos) << event;
}

TEST(Joins, CanBeSwitchedOff) {
  PipelineOptions options;
  options.process_table_capacity = 0;
  const std::string block = Start("p", R"(,"command_line":"evil")") + Load("p");
  Stream stream(options);
  stream.pipeline().Submit(stream.pipeline().AddSource("x"), block);
  EXPECT_EQ(stream.all().detections, 0u);
}

// Starts and loads of a few processes at random, with some malformed lines.
std::string RandomTelemetry(size_t records, uint32_t seed) {
  std::mt19937 random(seed);
  std::string text;
  for (size_t i = 0; i < records; ++i) {
    const std::string guid = std::string("g").append(std::to_string(random() % 300));
    const std::string parent = std::string("g").append(std::to_string(random() % 300));
    switch (random() % 8) {
      case 0:
        text +=
            Start(guid, R"(,"command_line":"evil )" + std::to_string(i) + "\",\"parent_guid\":\"" +
                            parent + "\",\"original_file_name\":\"p.exe\"");
        break;
      case 1:
        text += Start(guid, R"(,"parent_name":"g.exe","parent_guid":")" + parent + "\"");
        break;
      case 2:
        text += "{\"event_type\":\"" + guid + "\"}\n";
        break;
      case 3:
        text += random() % 50 == 0 ? "{bad\n" : "\n";
        break;
      default:
        text += Load(guid, ",\"note\":\"" + std::string(random() % 300, 'n') + "\"");
    }
  }
  return text;
}

struct Totals {
  std::string output;
  std::vector<uint64_t> numbers;
  std::vector<uint64_t> malformed_lines;
  bool operator==(const Totals&) const = default;
};

// Blocks are cut at random lines.
Totals RunAll(const std::string& text, size_t capacity, Output output, size_t threads,
              uint32_t seed) {
  PipelineOptions options = Threads(threads);
  options.process_table_capacity = capacity;
  std::mt19937 random(seed);
  Stream stream(options, output);
  const uint32_t source = stream.pipeline().AddSource("x");
  for (size_t at = 0; at < text.size();) {
    const size_t newline = text.find('\n', std::min(at + random() % 1'000'000, text.size() - 1));
    stream.pipeline().Submit(source, std::string_view(text).substr(at, newline + 1 - at));
    at = newline + 1;
  }
  Totals totals;
  BlockResult sum;
  for (const BlockResult& result : stream.results()) {
    totals.output += result.output;
    for (const MalformedRecord& sample : result.samples) {
      totals.malformed_lines.push_back(sample.line);
    }
    sum.Append(BlockResult(result));
  }
  totals.numbers = {sum.bytes,           sum.lines,          sum.records,
                    sum.events,          sum.detections,     sum.undecided,
                    sum.terms_evaluated, sum.terms_possible, sum.malformed};
  return totals;
}

TEST(Threads, TheirNumberDoesNotChangeAnything) {
  const std::string text = RandomTelemetry(20'000, 1);
  for (const size_t capacity : {1, 40, 100'000}) {
    for (const Output output : {Output::kDetections, Output::kEvents}) {
      const Totals one = RunAll(text, capacity, output, 1, 1);
      ASSERT_GT(one.output.size(), 1'000u);
      for (const size_t threads : {2, 4, 7}) {
        const Totals many = RunAll(text, capacity, output, threads, static_cast<uint32_t>(threads));
        EXPECT_EQ(many.numbers, one.numbers) << threads << " threads, capacity " << capacity;
        EXPECT_TRUE(many.output == one.output) << threads << " threads, capacity " << capacity;
      }
    }
  }
}

TEST(Threads, SamplesAreTheFirstOfEachBlock) {
  std::string text;
  for (int i = 0; i < 30'000; ++i)
    text += "{bad\n{\"event_type\":\"pipe\",\"x\":\"yyyyyyyyyyyyy\"}\n";
  for (const size_t threads : {1, 4}) {
    Stream stream(Threads(threads));
    const uint32_t source = stream.pipeline().AddSource("x");
    stream.pipeline().Submit(source, text);
    const BlockResult& result = stream.results()[0];
    EXPECT_EQ(result.malformed, 30'000u);
    ASSERT_EQ(result.samples.size(), BlockResult::kMaxSamples);
    for (size_t i = 0; i < result.samples.size(); ++i) EXPECT_EQ(result.samples[i].line, 2 * i + 1);
  }
}

TEST(Threads, ALineMayBeLongerThanASlice) {
  const std::string note(1'000'000, 'n');
  std::string text;
  for (int i = 0; i < 5; ++i) {
    text += Load("g", ",\"note\":\"" + note + "\",\"command_line\":\"evil\"") + Load("g");
  }
  for (const size_t threads : {1, 3}) {
    Stream stream(Threads(threads));
    stream.pipeline().Submit(stream.pipeline().AddSource("x"), text);
    EXPECT_EQ(stream.all().detections, 5u);
  }
}

TEST(Threads, ABlockWithoutMemoryFailsAndSoDoThoseAfterIt) {
  const std::string ordinary = RandomTelemetry(100, 3);
  std::string rich;
  for (int i = 0; i < 3'000; ++i) rich += Load("g", R"(,"command_line":"evil")");
  for (const size_t threads : {1, 3}) {
    Stream stream(Threads(threads));
    const uint32_t source = stream.pipeline().AddSource("x");
    LimitAllocations(400'000);  // less than the output of `rich`
    for (int i = 0; i < 4; ++i) stream.pipeline().Submit(source, i == 2 ? rich : ordinary);
    const auto& results = stream.results();
    LimitAllocations(SIZE_MAX);
    EXPECT_TRUE(results.at(2).failed && (threads > 1 || (!results[1].failed && results[3].failed)));
  }
}

TEST(Close, FinishesWhatWasSubmitted) {
  const std::string text = RandomTelemetry(2'000, 2);
  Stream stream(Threads(3));
  const uint32_t source = stream.pipeline().AddSource("x");
  for (int i = 0; i < 10; ++i) stream.pipeline().Submit(source, text);
  EXPECT_EQ(stream.results().size(), 10u);
}

TEST(Abort, DropsWhatNoThreadHasBegun) {
  const std::string text = RandomTelemetry(20'000, 2);
  Stream stream(Threads(2));
  const uint32_t source = stream.pipeline().AddSource("x");
  for (int i = 0; i < 200; ++i) stream.pipeline().Submit(source, text);
  stream.pipeline().Abort();
  EXPECT_LT(stream.results().size(), 200u);
}

// A stream of process starts and image loads, with blank, long and malformed lines among them.
std::string RandomStream(std::mt19937* random) {
  std::string text = (*random)() % 2 == 0 ? "\xEF\xBB\xBF" : "";
  for (size_t n = (*random)() % 60; n > 0; --n) {
    const std::string guid = std::to_string((*random)() % 5);
    switch ((*random)() % 6) {
      case 0:
        text += (*random)() % 2 == 0 ? "\n" : "\r\n";
        break;
      case 1:
        text += "{\"event_type\":\n";
        break;
      case 2:
        text += Load(guid, ",\"x\":\"" + std::string((*random)() % 900, 'x') + '"');
        break;
      case 3:
        text += Start(guid, R"(,"command_line":"evil )" + guid + '"');
        break;
      default:
        text += Load(guid);
    }
  }
  if (!text.empty() && (*random)() % 3 == 0) text.pop_back();
  return text;
}

TEST(Pipeline, ReadsFilesInPartsAsItReadsTheirText) {
  const uint32_t seed = std::random_device{}();
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 60; ++round) {
    const std::string text = RandomStream(&random);
    PipelineOptions options = Threads(1 + random() % 3);
    options.max_record_bytes = 700;
    Stream whole(options);
    whole.pipeline().Submit(whole.pipeline().AddSource("x"), text);
    options.slice_bytes = 1 + random() % 300;
    Stream parts(options);
    const uint32_t source = parts.pipeline().AddSource("x");
    const auto file = std::make_shared<MemorySource>(
        std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
    for (size_t begin = 0; begin < text.size();) {
      const size_t end = std::min(text.size(), begin + 1 + random() % 2000);
      parts.pipeline().Submit(source, file, begin, end);
      begin = end;
    }
    const BlockResult a = whole.all();
    const BlockResult b = parts.all();
    ASSERT_EQ(a.output, b.output) << text;
    ASSERT_EQ(a.lines, b.lines) << text;
    ASSERT_EQ(a.records, b.records);
    ASSERT_EQ(a.malformed, b.malformed);
    ASSERT_EQ(a.bytes, b.bytes);
    for (size_t i = 0; i < a.samples.size(); ++i) ASSERT_EQ(a.samples[i].line, b.samples[i].line);
  }
}

TEST(Pipeline, SaysThatAPartOfAFileCannotBeRead) {
  class FailingFile : public ByteSource {
    uint64_t size() const override { return 100; }
    std::optional<size_t> ReadAt(uint64_t, std::span<uint8_t>) override { return std::nullopt; }
  };
  Stream stream;
  const uint32_t source = stream.pipeline().AddSource("x");
  const std::string good = Load("g", R"(,"command_line":"evil")");
  stream.pipeline().Submit(source, good);
  stream.pipeline().Submit(source, std::make_shared<FailingFile>(), 1, 100);
  ASSERT_EQ(stream.results().size(), 2u);
  EXPECT_FALSE(stream.results()[0].unreadable);
  EXPECT_EQ(stream.results()[0].detections, 1u);
  EXPECT_TRUE(stream.results()[1].unreadable);
  EXPECT_EQ(stream.results()[1].lines, 0u);
}

}  // namespace
}  // namespace nuthatch
