#include "telemetry/mapped_record.h"

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "telemetry/maps_builder.h"
#include "telemetry/record_reader.h"

namespace nuthatch {
namespace {

PropertySets Everything() {
  PropertySets sets;
  for (auto& set : sets) set.set();
  return sets;
}

// Reads records with mappings that were made for a test.
class Reader {
 public:
  explicit Reader(const std::vector<TestMapping>& mappings, const PropertySets& live = Everything())
      : standardizer_(LoadMappings(mappings), live),
        reader_(standardizer_.paths()),
        record_(standardizer_) {}

  // The name of the event type, or the label in parentheses.
  std::string Read(std::string text) {
    text_ = std::move(text);
    found_.clear();
    EXPECT_TRUE(reader_.Read(text_, &found_).ok()) << text_;
    arena_.Reset();
    record_.Begin(text_.data(), found_, &arena_);
    if (record_.FindRoute()) return std::string(EventTypeName(record_.type()));
    return "(" + std::string(record_.Label()) + ")";
  }

  std::string Get(PropertyId id) {
    const Value value = record_.Property(id);
    if (value.state() == ValueState::kPending) return "(pending)";
    if (!value.present()) return "(missing)";
    if (value.kind() == ValueKind::kNumber) return std::to_string(value.number());
    if (value.kind() == ValueKind::kBoolean) return value.boolean() ? "(true)" : "(false)";
    std::string all;
    for (const std::string_view text : value.strings()) {
      if (!all.empty()) all += '|';
      all += text;
    }
    return all;
  }

 private:
  Standardizer standardizer_;
  RecordReader reader_;
  MappedRecord record_;
  Arena arena_;
  std::string text_;
  std::vector<FoundValue> found_;
};

constexpr PropertyId kText = PropertyId::kCommandLine;

// What `source` gives for a record.
std::string Evaluate(const Source& source, const std::string& record,
                     std::vector<std::string> absent = {"", "-"}, PropertyId property = kText) {
  TestMapping mapping;
  mapping.absent = std::move(absent);
  mapping.routes = {{EventType::kImageLoad, {}, {{property, source}}}};
  Reader reader({mapping});
  EXPECT_EQ(reader.Read(record), "image_load");
  return reader.Get(property);
}

TEST(Field, GivesTextAsItStands) {
  EXPECT_EQ(Evaluate(Field("a"), R"({"a":"x\\y\u00e9"})"), "x\\y\u00e9");
  EXPECT_EQ(Evaluate(Field("a"), R"({"a":18446744073709551616.50})"), "18446744073709551616.50");
  EXPECT_EQ(Evaluate(Field("a"), R"({"a":true})"), "true");
  EXPECT_EQ(Evaluate(Field("a"), R"({"a":false})"), "false");
  EXPECT_EQ(Evaluate(Field("a.b.c.d"), R"({"a":{"b":{"c":{"d":"deep"}}}})"), "deep");
}

TEST(Field, IsMissingWhenNothingIsThere) {
  for (const char* record : {"{}", R"({"a":null})", R"({"a":""})", R"({"a":"-"})", R"({"a":{}})",
                             R"({"a":{"b":1}})", R"({"a":[]})", R"({"a":[null,{}]})"}) {
    EXPECT_EQ(Evaluate(Field("a"), record), "(missing)") << record;
  }
  EXPECT_EQ(Evaluate(Field("a"), R"({"a":""})", {}), "");
  EXPECT_EQ(Evaluate(Field("a"), R"({"a":"\u002d"})"), "(missing)");
}

TEST(Field, TakesTheFirstPathThatIsPresent) {
  const Source field = Field({"a", "b", "c"});
  EXPECT_EQ(Evaluate(field, R"({"c":3,"b":2})"), "2");
  EXPECT_EQ(Evaluate(field, R"({"a":"-","b":null,"c":3})"), "3");
  EXPECT_EQ(Evaluate(field, R"({"a":{"pending":true},"b":2})"), "(pending)");
}

TEST(Field, AnArrayGivesManyValues) {
  EXPECT_EQ(Evaluate(Field("a"), R"({"a":["x","y\n",1.0,true,null,"-",["z"],{"k":1}]})"),
            "x|y\n|1.0|true");
}

TEST(Field, APendingObjectIsPending) {
  EXPECT_EQ(Evaluate(Field("a"), R"({"a":{"pending":true}})"), "(pending)");
  EXPECT_EQ(Evaluate(Field("a"), R"({"a":{"x":1,"pending":true}})"), "(pending)");
  EXPECT_EQ(Evaluate(Field("a"), R"({"a":{"pending":1}})"), "(missing)");
  EXPECT_EQ(Evaluate(Apply(Operation::kLower, {Field("a")}), R"({"a":{"pending":true}})"),
            "(pending)");
}

TEST(Operations, MissingAndPendingInputPassThrough) {
  const Source number = Apply(Operation::kNumber, {Field("a")});
  EXPECT_EQ(Evaluate(number, "{}", {}, PropertyId::kProcessPid), "(missing)");
  EXPECT_EQ(Evaluate(number, R"({"a":"0x10"})", {}, PropertyId::kProcessPid), "16.000000");
  EXPECT_EQ(Evaluate(number, R"({"a":{"pending":true}})", {}, PropertyId::kProcessPid),
            "(pending)");
  EXPECT_EQ(Evaluate(Apply(Operation::kBasename, {Field("a")}), R"({"a":["/x/y","z"]})"), "y");
}

TEST(Operations, First) {
  const Source first = Apply(Operation::kFirst, {Field("a"), Field("b")});
  EXPECT_EQ(Evaluate(first, R"({"a":"x","b":"y"})"), "x");
  EXPECT_EQ(Evaluate(first, R"({"a":"-","b":"y"})"), "y");
  EXPECT_EQ(Evaluate(first, R"({"a":{"pending":true},"b":"y"})"), "(pending)");
  EXPECT_EQ(Evaluate(first, "{}"), "(missing)");
}

TEST(Operations, LookupAndSelect) {
  const Source lookup = Apply(Operation::kLookup, {Field("a"), "6", "tcp", "UDP", "udp", "x", ""});
  EXPECT_EQ(Evaluate(lookup, R"({"a":6})"), "tcp");
  EXPECT_EQ(Evaluate(lookup, R"({"a":"Udp"})"), "udp");
  EXPECT_EQ(Evaluate(lookup, R"({"a":"icmp"})"), "icmp");
  EXPECT_EQ(Evaluate(lookup, R"({"a":"x"})"), "(missing)");
  const Source only = Apply(Operation::kLookupOnly, {Field("a"), "6", "tcp"});
  EXPECT_EQ(Evaluate(only, R"({"a":"6"})"), "tcp");
  EXPECT_EQ(Evaluate(only, R"({"a":"7"})"), "(missing)");
  const Source select =
      Apply(Operation::kSelect, {Field("a"), "yes", Field("b"), "No", Field("c")});
  EXPECT_EQ(Evaluate(select, R"({"a":"YES","b":"1","c":"2"})"), "1");
  EXPECT_EQ(Evaluate(select, R"({"a":"no","b":"1","c":"2"})"), "2");
  EXPECT_EQ(Evaluate(select, R"({"a":"?","b":"1"})"), "(missing)");
  EXPECT_EQ(Evaluate(select, R"({"b":"1"})"), "(missing)");
}

TEST(Operations, Join) {
  const Source join = Apply(Operation::kJoin, {"/", Field("a"), Field("b"), Field("c")});
  EXPECT_EQ(Evaluate(join, R"({"a":"x","c":["y","z"]})"), "x/y");
  EXPECT_EQ(Evaluate(join, "{}"), "(missing)");
  EXPECT_EQ(Evaluate(join, R"({"a":"x","b":{"pending":true}})"), "(pending)");
  const Source all = Apply(Operation::kJoinAll, {"|", Field("a"), Field("b")});
  EXPECT_EQ(Evaluate(all, R"({"a":"x","b":1})"), "x|1");
  EXPECT_EQ(Evaluate(all, R"({"a":"x"})"), "(missing)");
}

TEST(Json, ReadsJsonWithinText) {
  const Source name = Apply(Operation::kJson, {Field("a"), "k", "n"});
  EXPECT_EQ(Evaluate(name, R"({"a":"{\"k\":{\"n\":\"v\\n\"}}"})"), "v\n");
  EXPECT_EQ(Evaluate(name, R"({"a":{"k":{"n":"v"}}})"), "v");
  EXPECT_EQ(Evaluate(name, R"({"a":"{\"k\":{\"n\":\"-\"}}"})"), "(missing)");
  EXPECT_EQ(Evaluate(name, R"({"a":"{\"k\":{\"n\":1,\"n\":2}}"})"), "2");
  EXPECT_EQ(Evaluate(name, R"({"a":"{\"k\":{\"\\u006e\":1}}"})"), "1");
  for (const char* text : {"", "{}", "None", "[", "{", "{\\\"k\\\"", "{\\\"k\\\":", "{\\\"k\\\":}",
                           "{\\\"k\\\":{\\\"n\\\"", "nul", "\\u0000", "\\\"k\\\"", "}", "]", "1"}) {
    EXPECT_EQ(Evaluate(name, std::string("{\"a\":\"") + text + "\"}"), "(missing)") << text;
  }
}

TEST(Json, AnArrayStandsForItsElements) {
  const Source result = Apply(Operation::kJson, {Field("a"), "r", "x"});
  EXPECT_EQ(Evaluate(result, R"({"a":{"r":[{"x":"1"},{"x":["2",[3]]},{"y":4},5]}})"), "1|2|3");
  EXPECT_EQ(Evaluate(result, R"({"a":[{"r":{"x":"1"}},{"r":{"x":""}}]})"), "1");
  EXPECT_EQ(Evaluate(result, R"({"a":{"r":[{"x":{"pending":true}},{"x":1}]}})"), "(pending)");
}

TEST(Json, DeepNestingEndsTheSearch) {
  const Source k = Apply(Operation::kJson, {Field("a"), "k"});
  const std::string deep = std::string(100'000, '[') + "{}" + std::string(100'000, ']');
  EXPECT_EQ(Evaluate(k, "{\"a\":\"" + deep + "\"}"), "(missing)");
}

TEST(Property, ItsKindIsNeverAnother) {
  // encode.ts refuses such mappings; a damaged Plan could hold them.
  EXPECT_EQ(Evaluate(Field("a"), R"({"a":"5"})", {}, PropertyId::kProcessPid), "(missing)");
  EXPECT_EQ(Evaluate(Apply(Operation::kNumber, {Field("a")}), R"({"a":"5"})"), "(missing)");
  EXPECT_EQ(
      Evaluate(Apply(Operation::kLower, {Apply(Operation::kNumber, {Field("a")})}), R"({"a":"5"})"),
      "(missing)");
}

TestMapping TwoRoutes() {
  TestMapping mapping;
  mapping.name = "vendor";
  mapping.recognise = {{"id", "channel"}, {"event_id"}};
  mapping.when = {{Field("channel"), {"Security", "System"}}};
  mapping.absent = {"-"};
  const Source id = Field({"id", "event_id"});
  mapping.routes = {
      {EventType::kLogon, {{id, {"4624"}}, {Field("type"), {"3"}}}, {}},
      {EventType::kPipe, {{id, {"4624", "17"}}, {Field("pipe"), {}}}, {}},
      {EventType::kPipe, {{Field("channel"), {"system"}}, {Field("any"), {}}}, {}},
      {EventType::kScript, {{id, {"4624"}}}, {}},
      {EventType::kWmi, {{Field("wmi"), {}}}, {}},
  };
  mapping.label = Apply(Operation::kJoin, {" ", "vendor", id});
  mapping.label = {Operation::kJoin, {}, {" ", Apply(Operation::kConstant, {"vendor"}), id}};
  return mapping;
}

TEST(Routes, ARecordIsRecognisedByWhatIsPresent) {
  Reader reader({TwoRoutes()});
  EXPECT_EQ(reader.Read(R"({"id":1})"), "(unrecognised)");
  EXPECT_EQ(reader.Read(R"({"id":null,"channel":"Security"})"), "(unrecognised)");
  EXPECT_EQ(reader.Read(R"({"id":1,"channel":"Other"})"), "(unrecognised)");
  EXPECT_EQ(reader.Read(R"({"id":1,"channel":"SECURITY"})"), "(vendor 1)");
  EXPECT_EQ(reader.Read(R"({"event_id":2,"channel":"system"})"), "(vendor 2)");
}

TEST(Routes, TheFirstWhoseConditionsHoldIsTaken) {
  Reader reader({TwoRoutes()});
  const auto read = [&](const std::string& more) {
    return reader.Read(R"({"channel":"Security","id":)" + more + "}");
  };
  EXPECT_EQ(read(R"("4624","type":"3","pipe":1)"), "logon");
  EXPECT_EQ(read(R"(4624,"type":"2","pipe":"x")"), "pipe");
  EXPECT_EQ(read(R"(4624,"type":["3","4"])"), "logon");  // the first of many counts
  EXPECT_EQ(read(R"(4624,"type":["4","3"])"), "script");
  EXPECT_EQ(read(R"(4624,"pipe":"-","wmi":1)"), "script");
  EXPECT_EQ(read(R"(4624,"pipe":{"pending":true})"), "pipe");
  EXPECT_EQ(read(R"(17,"pipe":1,"wmi":1)"), "pipe");
  EXPECT_EQ(read(R"(17,"wmi":1)"), "wmi");
  EXPECT_EQ(read("18"), "(vendor 18)");
  EXPECT_EQ(reader.Read(R"({"channel":"SYSTEM","id":4624,"any":1,"pipe":null})"), "pipe");
}

TEST(Routes, MappingsAreTriedInOrder) {
  TestMapping rest;
  rest.name = "rest";
  rest.label = Field("nothing");
  rest.routes = {{EventType::kWmi, {{Field("w"), {"1"}}}, {}}};
  Reader reader({TwoRoutes(), rest});
  EXPECT_EQ(reader.Read(R"({"event_id":9,"channel":"System","w":1})"), "(vendor 9)");
  EXPECT_EQ(reader.Read(R"({"w":1})"), "wmi");
  EXPECT_EQ(reader.Read(R"({"w":2})"), "(rest)");  // a label that is missing gives way to the name
}

TEST(Routes, LongValuesAreComparedInFull) {
  const std::string value(300, 'v');
  TestMapping mapping;
  mapping.routes = {{EventType::kWmi, {{Field("a"), {value}}}, {}},
                    {EventType::kPipe, {{Field("a"), {"x"}}}, {}}};
  Reader reader({mapping});
  EXPECT_EQ(reader.Read("{\"a\":\"" + value + "\"}"), "wmi");
  EXPECT_EQ(reader.Read("{\"a\":\"" + value + "v\"}"), "(no route)");
  EXPECT_EQ(reader.Read(R"({"a":"X"})"), "pipe");
}

TEST(Live, WhatNobodyAsksForIsNotKept) {
  PropertySets live;
  live[static_cast<size_t>(EventType::kPipe)].set(static_cast<size_t>(PropertyId::kPipeName));
  TestMapping mapping;
  mapping.routes = {{EventType::kPipe,
                     {{Field("id"), {"17"}}},
                     {{PropertyId::kPipeName, Field("name")}, {kText, Field("cmd")}}},
                    {EventType::kWmi, {}, {{PropertyId::kPipeName, Field("other")}}}};
  const Standardizer standardizer(LoadMappings({mapping}), live);
  EXPECT_EQ(standardizer.paths().slots(), 2u);  // id, name
  Reader reader({mapping}, live);
  EXPECT_EQ(reader.Read(R"({"id":17,"name":"\\pipe","cmd":"x"})"), "pipe");
  EXPECT_EQ(reader.Get(PropertyId::kPipeName), "\\pipe");
  EXPECT_EQ(reader.Get(kText), "(missing)");
}

// The traps at the end of the field mapping, on the shapes they occur in.
TEST(Traps, NumbersArriveAsTextHexadecimalAndIntegers) {
  const Source pid = Apply(Operation::kNumber, {Field("p")});
  for (const char* record : {R"({"p":"5936"})", R"({"p":"0x1730"})", R"({"p":5936})"}) {
    EXPECT_EQ(Evaluate(pid, record, {}, PropertyId::kProcessPid), "5936.000000") << record;
  }
}

TEST(Traps, GuidsComeInSeveralSpellings) {
  const Source guid = Apply(Operation::kGuid, {Field({"SourceProcessGUID", "SourceProcessGuid"})});
  for (const char* record : {R"({"SourceProcessGUID":"{AB-1}"})", R"({"SourceProcessGuid":"ab-1"})",
                             R"({"SourceProcessGUID":"","SourceProcessGuid":"{ab-1}"})"}) {
    EXPECT_EQ(Evaluate(guid, record, {"", "-"}, PropertyId::kProcessGuid), "ab-1") << record;
  }
}

TEST(Traps, NothingIsWrittenInManyWays) {
  const Source field = Field("AdditionalFields");
  for (const char* record : {R"({"AdditionalFields":null})", R"({"AdditionalFields":""})", "{}",
                             R"({"AdditionalFields":"None"})"}) {
    EXPECT_EQ(Evaluate(field, record, {"", "None"}), "(missing)") << record;
    EXPECT_EQ(Evaluate(Apply(Operation::kJson, {field, "k"}), record, {"", "None"}), "(missing)");
  }
  EXPECT_EQ(Evaluate(Apply(Operation::kJson, {field, "k"}), R"({"AdditionalFields":"{}"})"),
            "(missing)");
}

}  // namespace
}  // namespace nuthatch
