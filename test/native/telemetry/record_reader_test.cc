#include "telemetry/record_reader.h"

#include <memory>
#include <random>
#include <string>

#include "gtest/gtest.h"
#include "simdjson.h"

namespace nuthatch {
namespace {

class RecordReaderTest : public testing::Test {
 protected:
  RecordReaderTest() {
    for (const auto& path : std::vector<std::vector<std::string>>{
             {"id"}, {"data"}, {"data", "name"}, {"data", "deep", "er"}, {"list"}}) {
      paths_.Add(path);
    }
    paths_.Finish();
    reader_ = std::make_unique<RecordReader>(paths_);
  }

  // "" when `text` is a good record, else the code.
  std::string Read(std::string_view text) {
    // On its own pages' heap, so that AddressSanitizer sees a byte too many being read.
    bytes_ = std::make_unique<char[]>(text.size());
    text.copy(bytes_.get(), text.size());
    std::vector<FoundValue> found = {{0, {}}};
    const JsonFault fault = reader_->Read({bytes_.get(), text.size()}, &found);
    slots_.assign(paths_.slots(), {});
    for (const FoundValue& value : found) slots_[value.slot] = value.slice;
    if (fault.ok()) return "";
    EXPECT_EQ(found.size(), 1);  // what the caller had, and nothing of the bad line
    return fault.code;
  }
  std::string_view Slot(size_t slot) const {
    return {bytes_.get() + slots_[slot].offset, slots_[slot].length()};
  }
  JsonKind Kind(size_t slot) const { return slots_[slot].kind(); }

  enum { kId, kData, kName, kDeeper, kList };

  PathTree paths_;
  std::vector<JsonSlice> slots_;
  std::unique_ptr<RecordReader> reader_;
  std::unique_ptr<char[]> bytes_;
};

TEST_F(RecordReaderTest, KeepsWhereWantedValuesStand) {
  ASSERT_EQ(Read(R"({"other":[1,{"id":2}],"id":"a\\b","data":{"name":12.50,"deep":{"er":true}},)"
                 R"("list":["x", 1 ]})"),
            "");
  EXPECT_EQ(Slot(kId), R"(a\\b)");
  EXPECT_EQ(Kind(kId), JsonKind::kString);
  EXPECT_EQ(Slot(kName), "12.50");
  EXPECT_EQ(Kind(kName), JsonKind::kNumber);
  EXPECT_EQ(Slot(kDeeper), "true");
  EXPECT_EQ(Kind(kDeeper), JsonKind::kTrue);
  EXPECT_EQ(Slot(kData), R"({"name":12.50,"deep":{"er":true}})");
  EXPECT_EQ(Kind(kData), JsonKind::kObject);
  EXPECT_EQ(Slot(kList), R"(["x", 1 ])");
  EXPECT_EQ(Kind(kList), JsonKind::kArray);
}

TEST_F(RecordReaderTest, WhiteSpaceMayStandBetweenAllTokens) {
  ASSERT_EQ(Read("  { \"id\" \t:\r \"a\"  , \"data\" : { \"name\" : null } } \r"), "");
  EXPECT_EQ(Slot(kId), "a");
  EXPECT_EQ(Kind(kName), JsonKind::kNull);
}

TEST_F(RecordReaderTest, WhatIsNotThereIsAbsent) {
  ASSERT_EQ(Read(R"({"id":1,"data":{"name":"x"}})"), "");
  ASSERT_EQ(Read("{}"), "");
  for (size_t slot = 0; slot < slots_.size(); ++slot) EXPECT_EQ(Kind(slot), JsonKind::kAbsent);
}

TEST_F(RecordReaderTest, AnArrayOnThePathIsNotLookedInto) {
  ASSERT_EQ(Read(R"({"data":[{"name":"x"}]})"), "");
  EXPECT_EQ(Kind(kName), JsonKind::kAbsent);
  EXPECT_EQ(Kind(kData), JsonKind::kArray);
}

TEST_F(RecordReaderTest, OfEqualNamesTheLastCounts) {
  ASSERT_EQ(Read(R"({"id":1,"id":2})"), "");
  EXPECT_EQ(Slot(kId), "2");
  ASSERT_EQ(Read(R"({"data":{"name":"x","deep":{"er":1}},"data":{"deep":{"er":2}}})"), "");
  EXPECT_EQ(Kind(kName), JsonKind::kAbsent);
  EXPECT_EQ(Slot(kDeeper), "2");
  ASSERT_EQ(Read(R"({"data":{"name":"x"},"data":null})"), "");
  EXPECT_EQ(Kind(kName), JsonKind::kAbsent);
  EXPECT_EQ(Kind(kData), JsonKind::kNull);
  ASSERT_EQ(Read(R"({"data":null,"data":{"name":"x"}})"), "");
  EXPECT_EQ(Slot(kName), "x");
}

TEST_F(RecordReaderTest, NamesMayBeWrittenWithEscapes) {
  ASSERT_EQ(Read(R"({"\u0069d":"a","d\u0061ta":{"\u006eame":"b"}})"), "");
  EXPECT_EQ(Slot(kId), "a");
  EXPECT_EQ(Slot(kName), "b");
}

TEST_F(RecordReaderTest, TellsWhyALineIsMalformed) {
  for (const char* text : {"{",
                           "}",
                           "{\"id\"",
                           "{\"id\":",
                           "{\"id\":1",
                           "{\"id\":\"a",
                           "{\"id\":\"a}",
                           "{\"id\" 1}",
                           "{\"id\":1,}",
                           "{,}",
                           "{1:2}",
                           "{\"id\":}",
                           "{\"id\":,\"x\":1}",
                           "{\"id\":1 2}",
                           "{\"id\":tru}",
                           "{\"id\":nul}",
                           "{\"id\":TRUE}",
                           "{\"id\":01}",
                           "{\"id\":1.}",
                           "{\"id\":\"a\"b}",
                           "{\"id\":\"a\"\"b\"}",
                           "{\"id\":[1,]}",
                           "{\"id\":[1}",
                           "{\"id\":[1}]",
                           "{\"data\":{}",
                           "{\"id\":1}}",
                           "{\"id\":1}{\"id\":2}",
                           "{\"id\":1} x",
                           "{\"id\":\"a\tb\"}",
                           "{\"id\":'a'}",
                           "{id:1}",
                           "garbage",
                           "{\"id\":\\u0041}",
                           "{\"a\":1 \"b\":2}",
                           "{\"a\" \"b\":2}",
                           "{\"a\"::2}",
                           "{\"a\":[1 2]}",
                           "{\"a\":[,]}",
                           "{:1}",
                           "{\"a\":{]}"}) {
    EXPECT_EQ(Read(text), "NUTHATCH_JSON_INVALID") << text;
  }
  for (const char* text : {"[1]", "\"a\"", "1", "-1", "true", "null", "[{\"id\":1}]"}) {
    EXPECT_EQ(Read(text), "NUTHATCH_JSON_NOT_OBJECT") << text;
  }
  EXPECT_EQ(Read("{\"id\":\"\xFF\"}"), "NUTHATCH_JSON_UTF8");
  EXPECT_EQ(Read("{\"id\":\"\xC3\"}"), "NUTHATCH_JSON_UTF8");
  EXPECT_EQ(Read("{\"id\":\"\xED\xA0\x80\"}"), "NUTHATCH_JSON_UTF8");
  EXPECT_EQ(Read(std::string("{\"id\":\"a\0b\"}", 12)), "NUTHATCH_JSON_INVALID");
  EXPECT_EQ(Read(std::string("{\0}", 3)), "NUTHATCH_JSON_INVALID");
}

TEST_F(RecordReaderTest, NestingIsLimited) {
  const auto nested = [](size_t depth) {
    return "{\"list\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  EXPECT_EQ(Read(nested(RecordReader::kMaxDepth - 1)), "");
  EXPECT_EQ(Read(nested(RecordReader::kMaxDepth)), "NUTHATCH_JSON_TOO_DEEP");
  EXPECT_EQ(Read(nested(100'000)), "NUTHATCH_JSON_TOO_DEEP");
  std::string objects = "1";
  for (int i = 0; i < 2000; ++i) objects = "{\"data\":" + objects + "}";
  EXPECT_EQ(Read(objects), "NUTHATCH_JSON_TOO_DEEP");
}

TEST_F(RecordReaderTest, AFaultLeavesNothingBehind) {
  ASSERT_EQ(Read(R"({"id":1,"data":{"name":"x")"), "NUTHATCH_JSON_INVALID");
  ASSERT_EQ(Read(R"({"list":[]})"), "");
  EXPECT_EQ(Kind(kId), JsonKind::kAbsent);
  EXPECT_EQ(Kind(kName), JsonKind::kAbsent);
}

TEST_F(RecordReaderTest, LongRecordsAreRead) {
  const std::string text(5 << 20, 'x');
  ASSERT_EQ(Read("{\"id\":\"" + text + "\"}"), "");
  EXPECT_EQ(Slot(kId), text);
  ASSERT_EQ(Read("{\"id\":7}"), "");
  EXPECT_EQ(Slot(kId), "7");
}

// An independent judge: simdjson's DOM parser reads every value.
bool IsObject(const std::string& text) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  return parser.parse(simdjson::padded_string(text)).get(object) == simdjson::SUCCESS;
}

TEST_F(RecordReaderTest, AgreesWithAFullParserOnDamagedRecords) {
  const std::string good =
      R"({"id": -12.5e3, "data":{"name":"café x","deep" : {"er":[true,false,null]}},)"
      R"("list":[{},[],"a",0, {"k":[1,{"l":2}]}],"m":"é😀"})";  // what escapes say is not checked
  ASSERT_EQ(Read(good), "");
  constexpr std::string_view kPieces = "{}[]:,\" \t0123456789.-+eEtruefalsn\xC3\xA9\x01x";
  std::mt19937 random(20240607);
  const auto pick = [&](size_t limit) { return random() % limit; };
  int accepted = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text = good;
    for (size_t changes = 1 + pick(3); changes > 0 && !text.empty(); --changes) {
      const size_t at = pick(text.size());
      switch (pick(4)) {
        case 0:
          text[at] = kPieces[pick(kPieces.size())];
          break;
        case 1:
          text.erase(at, 1 + pick(3));
          break;
        case 2:
          text.insert(at, 1, kPieces[pick(kPieces.size())]);
          break;
        default:
          text.resize(at);
      }
    }
    const bool is_good = Read(text).empty();
    accepted += is_good;
    ASSERT_EQ(is_good, IsObject(text)) << text;
  }
  EXPECT_GT(accepted, 1000);  // the test compares both verdicts
}

}  // namespace
}  // namespace nuthatch
