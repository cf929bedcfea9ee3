#include "pipeline/process_start.h"

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "telemetry/maps_builder.h"
#include "telemetry/record_reader.h"

namespace nuthatch {
namespace {

using Facts = std::bitset<kPropertyCount>;

constexpr PropertyId kCommandLine = PropertyId::kCommandLine;
constexpr PropertyId kPath = PropertyId::kProcessPath;

PropertySets Everything() {
  PropertySets sets;
  for (auto& set : sets) set.set();
  return sets;
}

// Keeps the starts of records whose members `c` and `p` are the command line and the path.
class ProcessStartTest : public testing::Test {
 protected:
  static std::shared_ptr<const Mappings> NewMappings() {
    TestMapping mapping;
    mapping.absent = {"-"};
    mapping.routes = {
        {EventType::kProcessStart,
         {},
         {{kCommandLine, Field("c")}, {kPath, Apply(Operation::kLower, {Field("p")})}}}};
    return LoadMappings({mapping});
  }

  std::string Keep(const std::string& text, const Facts& facts) {
    RecordReader reader(standardizer_.paths());
    std::vector<FoundValue> found;
    EXPECT_TRUE(reader.Read(text, &found).ok());
    const std::string before = "of the record before";
    std::string starts = before;
    KeepStart(text.data(), found, 0, standardizer_.SlotsOf(EventType::kProcessStart, facts),
              &starts);
    EXPECT_TRUE(starts.starts_with(before));
    return starts.substr(before.size());
  }
  std::string Fact(const std::string& start, PropertyId id) {
    process_.Begin(start, &arena_);
    const Value value = process_.Fact(id);
    return value.present() ? std::string(value.strings()[0]) : "(missing)";
  }

  const Standardizer standardizer_{NewMappings(), Everything()};
  ProcessStart process_{standardizer_};
  Arena arena_;
};

Facts Both() {
  return Facts().set(static_cast<size_t>(kCommandLine)).set(static_cast<size_t>(kPath));
}

TEST_F(ProcessStartTest, FactsComeAsFromTheRecord) {
  const std::string start = Keep(R"({"x":[1],"c":"a \"b\"","p":"C:\\X.EXE"})", Both());
  EXPECT_EQ(Fact(start, kCommandLine), "a \"b\"");
  EXPECT_EQ(Fact(start, kPath), "c:\\x.exe");
  EXPECT_EQ(Fact(start, PropertyId::kUsername), "(missing)");
}

TEST_F(ProcessStartTest, WhatTheRecordDoesNotTellIsMissing) {
  EXPECT_EQ(Fact(Keep(R"({"c":"-","p":null})", Both()), kCommandLine), "(missing)");
  EXPECT_EQ(Fact(Keep(R"({"c":"-","p":null})", Both()), kPath), "(missing)");
  EXPECT_EQ(Fact(Keep("{}", Both()), kPath), "(missing)");
}

TEST_F(ProcessStartTest, OfMembersOfOneNameTheLastCounts) {
  EXPECT_EQ(Fact(Keep(R"({"c":"one","c":"two"})", Both()), kCommandLine), "two");
}

TEST_F(ProcessStartTest, OnlyWhatFactsComeFromIsKept) {
  const std::string start =
      Keep(R"({"c":"command","p":"path"})", Facts().set(static_cast<size_t>(kPath)));
  EXPECT_EQ(Fact(start, kPath), "path");
  EXPECT_EQ(start.find("command"), start.npos);
}

TEST_F(ProcessStartTest, OverlongTextsAreNotKept) {
  const std::string most(size_t{128} << 10, 'x');
  EXPECT_EQ(Fact(Keep(R"({"c":")" + most + R"("})", Both()), kCommandLine), most);
  EXPECT_EQ(Fact(Keep(R"({"c":"x)" + most + R"(","p":"q"})", Both()), kCommandLine), "(missing)");
  EXPECT_EQ(Fact(Keep(R"({"c":"x)" + most + R"(","p":"q"})", Both()), kPath), "q");
}

TEST_F(ProcessStartTest, OfAnUnknownProcessNothingIsKnown) {
  process_.Begin(std::nullopt, &arena_);
  EXPECT_EQ(process_.Fact(kCommandLine).state(), ValueState::kMissing);
}

}  // namespace
}  // namespace nuthatch
