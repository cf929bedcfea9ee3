#include "evaluate/plan.h"

#include <gtest/gtest.h>

#include <utility>

#include "evaluate/evaluator.h"
#include "evaluate/map_source.h"
#include "evaluate/plan_builder.h"
#include "evaluate/plan_reader.h"

namespace nuthatch {
namespace {

constexpr auto kName = PropertyId::kProcessName;
constexpr auto kPid = PropertyId::kProcessPid;

// A bit of everything.
PlanBuilder Small() {
  PlanBuilder builder;
  const Literal name = builder.Text(kName, MatchKind::kEquals, {"powershell.exe", "pwsh.exe"});
  const Literal pattern = builder.Text(PropertyId::kCommandLine, MatchKind::kMatches, {"-e[nc]*"});
  const Literal pid = builder.AddTerm({kPid, MatchKind::kBetween, false, true, {}, {4, 8}});
  const Literal either = builder.Or({name, pid ^ 1});
  const uint32_t top = builder.AddNode(0, builder.And({either, name}), {0, 1}, {0});
  builder.AddNode(top, pattern, {2});
  builder.AddNode(0, pid ^ 1, {3});
  return builder;
}

std::string CodeOf(std::span<const uint8_t> bytes) {
  std::shared_ptr<const Plan> plan;
  const Status status = Plan::Load(bytes, &plan);
  EXPECT_EQ(status.ok(), plan != nullptr);
  return status.ok() ? "" : status.code();
}

// Whatever was loaded must be good for evaluating.
void EvaluateSomething(const std::shared_ptr<const Plan>& plan) {
  Evaluator evaluator(plan);
  Event event;
  MapSource source;
  Outcome outcome;
  std::vector<Literal> terms;
  for (const Value& name : {Value::String("pwsh.exe"), Value::Pending(), Value::Missing()}) {
    source.values = {
        {kName, name}, {PropertyId::kCommandLine, Value::String("-enc")}, {kPid, Value::Number(5)}};
    for (size_t type = 0; type < kEventTypeCount; ++type) {
      event.Reset(static_cast<EventType>(type), &source);
      evaluator.Evaluate(&event, &outcome);
      for (const DetectorId detector : outcome.fired) {
        EXPECT_LT(detector, plan->detector_count());
        evaluator.TrueTerms(detector, &terms);
        for (const Literal term : terms) EXPECT_LT(term >> 1, plan->term_count());
      }
    }
  }
}

TEST(Plan, HoldsWhatWasWritten) {
  const std::shared_ptr<const Plan> plan = Small().Load();
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->term_count(), 3u);
  EXPECT_EQ(plan->term(0).strings, (std::vector<std::string>{"powershell.exe", "pwsh.exe"}));
  EXPECT_EQ(plan->term(2).property, kPid);
  EXPECT_EQ(plan->term(2).match, MatchKind::kBetween);
  EXPECT_TRUE(plan->term(2).case_sensitive);
  EXPECT_FALSE(plan->term(2).all);
  EXPECT_EQ(plan->term(2).numbers, (std::vector<double>{4, 8}));
  EXPECT_EQ(plan->detector_count(), 10u);
  EXPECT_EQ(plan->detector_name(1), "d1");
  EXPECT_EQ(plan->detector_members(1), "\"detector\":\"d1\"");
}

TEST(Plan, KnowsWhichPropertiesDetectorsAskFor) {
  const std::shared_ptr<const Plan> plan = Small().Load();
  ASSERT_TRUE(plan);
  EXPECT_TRUE(plan->Uses(EventType::kProcessStart, kName));
  EXPECT_FALSE(plan->Uses(EventType::kProcessStart, PropertyId::kUsername));
  EXPECT_FALSE(plan->Uses(EventType::kProcessEnd, kName));
}

TEST(Plan, CutShortIsCorrupt) {
  const std::vector<uint8_t> bytes = Small().Build();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(CodeOf(std::span(bytes).first(size)), "NUTHATCH_PLAN_CORRUPT") << size;
  }
  std::vector<uint8_t> longer = bytes;
  longer.push_back(0);
  EXPECT_EQ(CodeOf(longer), "NUTHATCH_PLAN_CORRUPT");
}

TEST(Plan, WithAnyByteChangedIsRefusedOrSafe) {
  const std::vector<uint8_t> bytes = Small().Build();
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (const uint8_t flip : {0x01, 0x02, 0x10, 0x80, 0xFF}) {
      std::vector<uint8_t> changed = bytes;
      changed[at] ^= flip;
      std::shared_ptr<const Plan> plan;
      if (Plan::Load(changed, &plan).ok()) EvaluateSomething(plan);
    }
  }
}

TEST(Plan, ErrorsSayWhatIsWrongAndWhere) {
  PlanBuilder builder;
  builder.AddNode(0, 40, {0});
  std::shared_ptr<const Plan> plan;
  const Status status = Plan::Load(builder.Build(), &plan);
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.message().find("unknown expression before byte "), std::string::npos)
      << status.message();
}

TEST(Plan, AGateMustComeAfterItsOperands) {
  PlanBuilder builder;
  builder.Text(kName, MatchKind::kEquals, {"x"});
  builder.AddNode(0, builder.And({2}), {0});  // of itself
  EXPECT_EQ(CodeOf(builder.Build()), "NUTHATCH_PLAN_CORRUPT");
}

TEST(Plan, GatesCanBeSoDeepAndNoDeeper) {
  PlanBuilder builder;
  Literal gate = builder.Text(kName, MatchKind::kEquals, {"pwsh.exe"});
  for (uint32_t depth = 1; depth <= kMaxGateDepth; ++depth) gate = builder.And({gate, gate}) ^ 1;
  PlanBuilder deeper = builder;
  builder.AddNode(0, gate, {0});
  const std::shared_ptr<const Plan> plan = builder.Load();
  ASSERT_TRUE(plan);
  EvaluateSomething(plan);
  deeper.AddNode(0, deeper.And({gate}), {0});
  EXPECT_EQ(CodeOf(deeper.Build()), "NUTHATCH_PLAN_CORRUPT");
}

TEST(Plan, NodesAreATree) {
  for (const auto& [parent, child] : {std::pair{1, 2}, {2, 0}, {2, 1}, {2, 2}, {0, 3}}) {
    PlanBuilder builder;
    const Literal name = builder.Text(kName, MatchKind::kEquals, {"x"});
    builder.AddNode(0, name, {0}, {0});
    builder.AddNode(0, name, {1});
    ASSERT_TRUE(builder.Load());
    builder.more_children[parent] = {static_cast<uint32_t>(child)};
    EXPECT_EQ(CodeOf(builder.Build()), "NUTHATCH_PLAN_CORRUPT") << parent << " of " << child;
  }
}

TEST(Plan, ATermWithoutItsValuesIsRefused) {
  for (const Term& term : {Term{kName, MatchKind::kEquals, false, false, {}, {}},
                           Term{kName, MatchKind::kInSubnet, false, false, {}, {}},
                           Term{kPid, MatchKind::kNumberEquals, false, false, {}, {}},
                           Term{kPid, MatchKind::kGreaterThan, false, false, {}, {}},
                           Term{kPid, MatchKind::kBetween, false, false, {}, {1}}}) {
    PlanBuilder builder;
    builder.AddNode(0, builder.AddTerm(term), {0});
    EXPECT_EQ(CodeOf(builder.Build()), "NUTHATCH_PLAN_CORRUPT") << static_cast<int>(term.match);
  }
}

TEST(Plan, APatternThatDoesNotParseIsRefused) {
  PlanBuilder builder;
  builder.AddNode(0, builder.Text(kName, MatchKind::kMatches, {"(a"}), {0});
  EXPECT_EQ(CodeOf(builder.Build()), "NUTHATCH_PATTERN_INVALID");
  PlanBuilder subnet;
  subnet.AddNode(0, subnet.Text(PropertyId::kRemoteIp, MatchKind::kInSubnet, {"10.0.0.0/99"}), {0});
  EXPECT_EQ(CodeOf(subnet.Build()), "NUTHATCH_SUBNET_INVALID");
}

// A count that the rest cannot hold must not be allocated for.
TEST(Plan, HugeCountsAreRefused) {
  const std::vector<uint8_t> bytes = Small().Build();
  for (size_t at = 0; at + 4 <= bytes.size(); ++at) {
    std::vector<uint8_t> changed = bytes;
    std::fill_n(changed.begin() + static_cast<std::ptrdiff_t>(at), 4, uint8_t{0xFF});
    std::shared_ptr<const Plan> plan;
    if (Plan::Load(changed, &plan).ok()) EvaluateSomething(plan);
  }
}

}  // namespace
}  // namespace nuthatch
