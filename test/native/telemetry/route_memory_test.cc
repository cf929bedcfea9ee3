#include "telemetry/route_memory.h"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "telemetry/mapped_record.h"
#include "telemetry/maps_builder.h"

namespace nuthatch {
namespace {

// Two logs, one of which has texts that may be escaped; what hangs on a field is its presence, its
// text, part of its text, or whether it has any.
std::vector<TestMapping> Logs() {
  TestMapping first;
  first.recognise = {{"id", "channel"}, {"number"}};
  first.when = {{Field({"channel", "log"}), {"one", "uno"}}};
  first.absent = {"", "-"};
  first.escaped = {{Field("shipper"), {"nx"}}};
  first.routes = {
      {EventType::kImageLoad, {{Field({"id", "number"}), {"1", "2"}}}, {}},
      {EventType::kFileCreate,
       {{Field({"id", "number"}), {"3"}}, {Apply(Operation::kLower, {Field("kind")}), {"new"}}},
       {}},
      {EventType::kFileDelete, {{Field({"id", "number"}), {"3"}}, {Field("kind"), {}}}, {}},
  };
  first.label = Apply(Operation::kJoin, {" ", Field("channel"), Field({"id", "number"})});
  TestMapping second;
  second.recognise = {{"kind"}};
  second.routes = {{EventType::kImageLoad, {{Field("kind"), {"new"}}}, {}}};
  second.label = Field("kind");
  return {first, second};
}

class Records {
 public:
  explicit Records(const std::vector<TestMapping>& mappings = Logs())
      : standardizer_(LoadMappings(mappings), {}),
        reader_(standardizer_.paths()),
        record_(standardizer_),
        memory_(standardizer_) {}

  // Whether the route of the record was known. What the memory says must be what is found anew.
  bool Read(const std::string& text) {
    found_.clear();
    EXPECT_TRUE(reader_.Read(text, &found_).ok()) << text;
    arena_.Reset();
    record_.Begin(text.data(), found_, &arena_);
    const std::optional<RouteId> route = record_.FindRoute();
    const std::string label(route ? "" : record_.Label());
    const RouteMemory::Outcome* const known = memory_.Find(text.data(), found_);
    const RouteMemory::Outcome& outcome = known ? *known : memory_.Remember(route, label);
    EXPECT_EQ(outcome.route, route) << text;
    EXPECT_EQ(outcome.label, label) << text;
    return known != nullptr;
  }

 private:
  Standardizer standardizer_;
  RecordReader reader_;
  MappedRecord record_;
  RouteMemory memory_;
  Arena arena_;
  std::vector<FoundValue> found_;
};

TEST(RouteMemory, KnowsARecordByWhatItsRouteHangsOn) {
  Records records;
  EXPECT_FALSE(records.Read(R"({"channel":"one","id":1,"kind":"x","other":1})"));
  EXPECT_TRUE(records.Read(R"({"channel":"one","id":1,"kind":"x","other":"more"})"));
  EXPECT_FALSE(records.Read(R"({"channel":"one","id":"1","kind":"x"})"));
  EXPECT_FALSE(records.Read(R"({"channel":"one","id":1,"kind":"y"})"));
  EXPECT_FALSE(records.Read(R"({"channel":"one","id":9})"));
  EXPECT_TRUE(records.Read(R"({"channel":"one","id":9})"));
}

TEST(RouteMemory, OfEqualNamesTheLastCounts) {
  Records records;
  EXPECT_FALSE(records.Read(R"({"channel":"one","id":1,"id":3})"));
  EXPECT_FALSE(records.Read(R"({"channel":"one","id":3,"id":1})"));
  EXPECT_TRUE(records.Read(R"({"channel":"one","id":1,"id":3})"));
}

TEST(RouteMemory, TellsRecordsApartByWhetherTheirTextsAreEscaped) {
  TestMapping mapping;
  mapping.escaped = {{Field("shipper"), {"nx"}}};
  mapping.routes = {{EventType::kImageLoad, {{Field("kind"), {"a&b"}}}, {}}};
  Records records({mapping});
  EXPECT_FALSE(records.Read(R"({"shipper":"nx","kind":"a&amp;b"})"));
  EXPECT_FALSE(records.Read(R"({"shipper":"other","kind":"a&amp;b"})"));
  EXPECT_TRUE(records.Read(R"({"shipper":"nx","kind":"a&amp;b"})"));
}

TEST(RouteMemory, TellsRecordsApartByTheirLabel) {
  TestMapping mapping;
  mapping.routes = {{EventType::kImageLoad, {{Field("kind"), {"new"}}}, {}}};
  mapping.label = Field("name");
  Records records({mapping});
  EXPECT_FALSE(records.Read(R"({"kind":"old","name":"a"})"));
  EXPECT_FALSE(records.Read(R"({"kind":"old","name":"b"})"));
  EXPECT_TRUE(records.Read(R"({"kind":"old","name":"a"})"));
}

// A key has 32 words of eight bytes: one for each of the three fields, one each for the texts of
// two of them; so `kind` must be shorter than the 216 bytes that are left.
TEST(RouteMemory, RemembersTextsThatJustFit) {
  Records records;
  for (size_t length = 200; length <= 300; ++length) {
    const std::string begin = R"({"channel":"one","id":3,"kind":")" + std::string(length - 1, 'k');
    EXPECT_FALSE(records.Read(begin + "1\"}")) << length;
    EXPECT_EQ(records.Read(begin + "1\"}"), length < 216) << length;
    EXPECT_FALSE(records.Read(begin + "2\"}")) << length;
  }
}

TEST(RouteMemory, DoesNotRememberLongTexts) {
  Records records;
  const std::string begin = R"({"channel":"one","id":3,"kind":")" + std::string(300, 'k');
  EXPECT_FALSE(records.Read(begin + "\"}"));
  EXPECT_FALSE(records.Read(begin + "\"}"));
  EXPECT_FALSE(records.Read(begin + "2\"}"));
}

TEST(RouteMemory, SaysWhatIsFoundAnew) {
  const uint32_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto pick = [&](const std::vector<std::string>& from) {
    return from[random() % from.size()];
  };
  const std::string long_text = "\"" + std::string(100, 'l');
  const std::vector<std::string> keys = {"id", "channel", "log", "number", "kind", "shipper", "x"};
  const std::vector<std::string> values = {
      "1",
      "2",
      "3",
      "\"3\"",
      "\"one\"",
      "\"uno\"",
      "\"ONE\"",
      "\"new\"",
      "\"New\"",
      "\"\"",
      "\"-\"",
      "\"nx\"",
      "null",
      "true",
      "[]",
      "[\"one\"]",
      "{}",
      "{\"pending\":true}",
      "\"a&amp;b\"",
      "\"\\u006eew\"",
      "\"12345678\"",
      "\"123456789\"",
      long_text + "1\"",
      long_text + "2\"",
  };
  Records records;
  size_t known = 0;
  constexpr size_t kRecords = 20'000;
  for (size_t i = 0; i < kRecords; ++i) {
    std::string text = "{";
    for (size_t members = random() % 5; members > 0; --members) {
      if (text.size() > 1) text += ',';
      text += "\"" + pick(keys) + "\":" + pick(values);
    }
    known += records.Read(text + "}") ? 1 : 0;
  }
  EXPECT_GT(known, kRecords / 100);
  EXPECT_LT(known, kRecords);
}

}  // namespace
}  // namespace nuthatch
