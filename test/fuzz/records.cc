// Any bytes as lines of telemetry: each is refused or read, as a full JSON parser would have it,
// and every operation works on what is in it.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "simdjson.h"
#include "telemetry/mapped_record.h"
#include "telemetry/maps_builder.h"
#include "telemetry/record_reader.h"

namespace nuthatch {
namespace {

TestMapping EveryOperation() {
  const Source a = Field({"a", "b.a"});
  TestMapping mapping;
  mapping.absent = {"", "-"};
  mapping.escaped = {{Field("escaped"), {}}};
  mapping.routes = {{EventType::kPipe, {{Field("k"), {"1", "x"}}}, {}},
                    {EventType::kImageLoad, {}, {}}};
  for (TestRoute& route : mapping.routes) {
    uint16_t property = 0;
    const auto set = [&](Source source) {
      route.set.push_back({static_cast<PropertyId>(property++), std::move(source)});
    };
    for (const Operation operation :
         {Operation::kLower, Operation::kBasename, Operation::kNumber, Operation::kHex,
          Operation::kBoolean, Operation::kGuid, Operation::kTime, Operation::kZonedTime,
          Operation::kIp, Operation::kNtPath, Operation::kRegistry, Operation::kRegistryData,
          Operation::kPlatformOf, Operation::kCollapse, Operation::kTrim, Operation::kDnsAnswers}) {
      set(Apply(operation, {a}));
    }
    for (const Operation operation :
         {Operation::kBeforeLast, Operation::kAfterLast, Operation::kBeforeFirst,
          Operation::kAfterFirst, Operation::kListItem, Operation::kSplit, Operation::kXmlText}) {
      set(Apply(operation, {a, "x"}));
    }
    set(Apply(Operation::kJson, {a, "k", "n"}));
    set(Apply(Operation::kJson, {Field("b"), "a"}));
    set(Apply(Operation::kFirst, {Field("c.d.e.f"), a}));
    set(Apply(Operation::kLookup, {a, "x", "y"}));
    set(Apply(Operation::kLookupOnly, {a, "x", "y"}));
    set(Apply(Operation::kSelect, {a, "x", Field("k"), "y", Field("b")}));
    set(Apply(Operation::kJoin, {"|", a, Field("k"), Field("b")}));
    set(Apply(Operation::kJoinAll, {"", a, Field("k")}));
  }
  return mapping;
}

// The line with two digits of each run of digits: it is JSON as the line is, and no number in it is
// larger than simdjson reads, which refuses integers of more than 64 bits and infinite doubles.
std::string ShortNumbers(std::string_view line) {
  std::string text;
  size_t digits = 0;
  for (const char c : line) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits <= 2) text += c;
  }
  return text;
}

struct Fuzzed {
  PropertySets live;
  std::unique_ptr<Standardizer> standardizer;
  std::unique_ptr<RecordReader> reader;
  std::unique_ptr<MappedRecord> record;
  std::vector<FoundValue> found;
  simdjson::dom::parser parser;
  Arena arena;
  size_t bytes = 0;  // that values hold: makes sure that each is read

  Fuzzed() {
    for (auto& set : live) set.set();
    standardizer = std::make_unique<Standardizer>(LoadMappings({EveryOperation()}), live);
    reader = std::make_unique<RecordReader>(standardizer->paths());
    record = std::make_unique<MappedRecord>(*standardizer);
  }

  void Touch(const Value& value) {
    if (!value.present() || value.kind() != ValueKind::kString) return;
    for (const std::string_view text : value.strings()) {
      for (const char c : text) bytes += static_cast<unsigned char>(c);
    }
  }

  void Line(std::string_view line) {
    found.clear();
    const bool good = reader->Read(line, &found).ok();
    // What escapes say is not checked, and a byte order mark, which simdjson's parser skips, is the
    // business of who reads the file.
    if (line.find('\\') == line.npos && !line.starts_with("\xef\xbb\xbf")) {
      simdjson::dom::object object;
      const simdjson::padded_string padded(ShortNumbers(line));
      if (good != (parser.parse(padded).get(object) == simdjson::SUCCESS)) std::abort();
    }
    if (!good) return;
    arena.Reset();
    record->Begin(line.data(), found, &arena);
    const auto route = record->FindRoute();
    if (!route) return;
    record->SetRoute(*route);
    for (size_t id = 0; id < kPropertyCount; ++id)
      Touch(record->Property(static_cast<PropertyId>(id)));
  }
};

}  // namespace
}  // namespace nuthatch

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static nuthatch::Fuzzed* const fuzzed = new nuthatch::Fuzzed();
  std::string_view text(reinterpret_cast<const char*>(data), size);
  while (!text.empty()) {
    const size_t newline = text.find('\n');
    fuzzed->Line(text.substr(0, newline));
    text.remove_prefix(newline == text.npos ? text.size() : newline + 1);
  }
  return 0;
}
