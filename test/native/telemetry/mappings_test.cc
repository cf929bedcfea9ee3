#include "telemetry/mappings.h"

#include <functional>

#include "gtest/gtest.h"
#include "telemetry/maps_builder.h"

namespace nuthatch {
namespace {

TestMapping Sample() {
  TestMapping mapping;
  mapping.recognise = {{"id"}};
  mapping.when = {{Field("channel"), {"a", "b"}}};
  mapping.absent = {"", "-"};
  const Source id = Field({"id", "data.id"});
  mapping.routes = {{EventType::kLogon,
                     {{id, {"1"}}},
                     {{PropertyId::kCommandLine, Apply(Operation::kLower, {id})},
                      {PropertyId::kTaskName, Apply(Operation::kJson, {Field("af"), "k"})},
                      {PropertyId::kSource, Apply(Operation::kLookup, {id, "a", "b", "c", "d"})}}}};
  return mapping;
}

Status Read(std::span<const uint8_t> bytes) {
  Mappings mappings;
  return ReadMappings(bytes, &mappings);
}

Status ReadSource(Source source) {
  TestMapping mapping;
  mapping.label = std::move(source);
  return Read(MapsBuilder().Build({mapping}));
}

TEST(ReadMappings, ReadsWhatWasWritten) {
  const auto mappings = LoadMappings({Sample(), Sample()});
  ASSERT_EQ(mappings->mappings.size(), 2u);
  const Mappings::Mapping& mapping = mappings->mappings[0];
  EXPECT_EQ(mapping.name, "test");
  EXPECT_EQ(mapping.absent, (std::vector<std::string>{"", "-"}));
  EXPECT_EQ(mapping.when[0].values, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(mapping.routes.size(), 1u);
  EXPECT_EQ(mapping.routes[0].type, EventType::kLogon);
  ASSERT_EQ(mapping.routes[0].set.size(), 3u);
  EXPECT_EQ(mapping.routes[0].set[1].property, PropertyId::kTaskName);
}

TEST(ReadMappings, EqualExpressionsAreOne) {
  const auto once = LoadMappings({Sample()});
  const auto twice = LoadMappings({Sample(), Sample()});
  EXPECT_EQ(once->expressions.size(), twice->expressions.size());
  EXPECT_EQ(twice->mappings[0].routes[0].set[0].source, twice->mappings[1].routes[0].set[0].source);
}

TEST(ReadMappings, NoBytesAreNoMappings) { EXPECT_TRUE(Read({}).ok()); }

TEST(ReadMappings, EveryCutIsNoticed) {
  const std::vector<uint8_t> bytes = MapsBuilder().Build({Sample()});
  ASSERT_TRUE(Read(bytes).ok());
  for (size_t size = 1; size < bytes.size(); ++size) {
    const std::vector<uint8_t> cut(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(size));
    EXPECT_STREQ(Read(cut).code(), "NUTHATCH_PLAN_CORRUPT") << size;
  }
  std::vector<uint8_t> longer = bytes;
  longer.push_back(0);
  EXPECT_FALSE(Read(longer).ok());
}

TEST(ReadMappings, EveryChangedByteIsSurvived) {
  const std::vector<uint8_t> bytes = MapsBuilder().Build({Sample()});
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (const int change : {1, 0x7F, 0x80, 0xFF}) {
      std::vector<uint8_t> damaged = bytes;
      damaged[at] = static_cast<uint8_t>(damaged[at] ^ change);
      Mappings mappings;
      if (!ReadMappings(damaged, &mappings).ok()) continue;
      for (const Mappings::Expression& expression : mappings.expressions) {
        const size_t table = expression.operation == Operation::kField
                                 ? mappings.paths_of_fields.size()
                                 : mappings.arguments.size();
        EXPECT_LE(expression.operands.begin + expression.operands.count, table);
      }
    }
  }
}

TEST(ReadMappings, RefusesOperationsWithWrongArguments) {
  const Source id = Field("id");
  EXPECT_TRUE(ReadSource(Apply(Operation::kLower, {id})).ok());
  for (const Source& wrong : {
           Apply(Operation::kLower, {}),
           Apply(Operation::kLower, {"literal"}),
           Apply(Operation::kLower, {id, id}),
           Apply(Operation::kConstant, {id}),
           Apply(Operation::kConstant, {"a", "b"}),
           Apply(Operation::kFirst, {}),
           Apply(Operation::kFirst, {"a"}),
           Apply(Operation::kBeforeLast, {id}),
           Apply(Operation::kBeforeLast, {"a", "b"}),
           Apply(Operation::kLookup, {id, "a"}),
           Apply(Operation::kLookup, {id, "a", id}),
           Apply(Operation::kSelect, {id, "a", "b"}),
           Apply(Operation::kJson, {id, id}),
           Apply(Operation::kJoin, {id, id}),
           Apply(static_cast<Operation>(kOperationCount), {id}),
       }) {
    EXPECT_STREQ(ReadSource(wrong).code(), "NUTHATCH_PLAN_CORRUPT")
        << static_cast<int>(wrong.operation) << " with " << wrong.arguments.size();
  }
}

TEST(ReadMappings, RefusesDeepExpressions) {
  Source source = Field("id");
  for (int i = 0; i < 15; ++i) source = Apply(Operation::kTrim, {source});
  EXPECT_TRUE(ReadSource(source).ok());
  EXPECT_FALSE(ReadSource(Apply(Operation::kTrim, {source})).ok());
  for (int i = 0; i < 10'000; ++i) source = Apply(Operation::kTrim, {source});
  EXPECT_FALSE(ReadSource(source).ok());
}

TEST(ReadMappings, RefusesPathsThatAreTooDeepOrNone) {
  EXPECT_TRUE(ReadSource(Field("a.b.c.d")).ok());
  EXPECT_FALSE(ReadSource(Field("a.b.c.d.e")).ok());
}

TEST(ReadMappings, RefusesUnknownNumbers) {
  TestMapping type = Sample();
  type.routes[0].type = static_cast<EventType>(kEventTypeCount);
  EXPECT_FALSE(Read(MapsBuilder().Build({type})).ok());
  TestMapping property = Sample();
  property.routes[0].set[0].first = static_cast<PropertyId>(kPropertyCount);
  EXPECT_FALSE(Read(MapsBuilder().Build({property})).ok());
}

}  // namespace
}  // namespace nuthatch
