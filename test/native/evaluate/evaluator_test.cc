#include "evaluate/evaluator.h"

#include <gtest/gtest.h>

#include <array>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "evaluate/map_source.h"
#include "evaluate/plan_builder.h"
#include "support/allocations.h"

namespace nuthatch {
namespace {

constexpr auto kName = PropertyId::kProcessName;
constexpr auto kParent = PropertyId::kParentName;
constexpr auto kUser = PropertyId::kUsername;
constexpr auto kEquals = MatchKind::kEquals;

using Ids = std::vector<DetectorId>;

struct Verdict {
  Ids fired;
  Ids undecided;
  bool operator==(const Verdict&) const = default;
};

// One evaluator and event, used again and again as a worker does.
class Engine {
 public:
  explicit Engine(const PlanBuilder& builder) : plan(builder.Load()), evaluator(plan) {}

  Verdict Evaluate(std::map<PropertyId, Value> values, EventType type = EventType::kProcessStart) {
    source.values = std::move(values);
    source.asked.clear();
    event.Reset(type, &source);
    evaluator.Evaluate(&event, &outcome);
    return {outcome.fired, outcome.undecided};
  }

  std::shared_ptr<const Plan> plan;
  Evaluator evaluator;
  MapSource source;
  Event event;
  Outcome outcome;
};

const Value kPending = Value::Pending();

// The values that make `equals "x"` each of Kleene's three.
const Value kTruths[] = {Value::String("y"), Value::String("x"), Value::Pending()};

Verdict VerdictOf(Truth truth) {
  if (truth == Truth::kTrue) return {{0}, {}};
  if (truth == Truth::kUnknown) return {{}, {0}};
  return {};
}

// Kleene, Introduction to Metamathematics, § 64: false, true, unknown in rows and columns.
constexpr Truth F = Truth::kFalse, T = Truth::kTrue, U = Truth::kUnknown;
constexpr Truth kAnd[3][3] = {{F, F, F}, {F, T, U}, {F, U, U}};
constexpr Truth kOr[3][3] = {{F, T, U}, {T, T, T}, {U, T, U}};
constexpr Truth kNot[3] = {T, F, U};

TEST(Evaluator, FollowsKleenesTables) {
  PlanBuilder both, either, nested, negated;
  for (PlanBuilder* builder : {&both, &either, &nested, &negated}) {
    const Literal a = builder->Text(kName, kEquals, {"x"});
    const Literal b = builder->Text(kParent, kEquals, {"x"});
    if (builder == &both) builder->AddNode(0, builder->And({a, b}), {0});
    if (builder == &either) builder->AddNode(0, builder->Or({a, b}), {0}, {0, 1});
    if (builder == &nested) builder->AddNode(builder->AddNode(0, a), b, {0});
    if (builder == &negated) builder->AddNode(0, a ^ 1, {0});
  }
  Engine and_engine(both), or_engine(either), tree_engine(nested), not_engine(negated);
  for (int a = 0; a < 3; ++a) {
    EXPECT_EQ(not_engine.Evaluate({{kName, kTruths[a]}}), VerdictOf(kNot[a])) << a;
    for (int b = 0; b < 3; ++b) {
      const std::map<PropertyId, Value> values = {{kName, kTruths[a]}, {kParent, kTruths[b]}};
      EXPECT_EQ(and_engine.Evaluate(values), VerdictOf(kAnd[a][b])) << a << b;
      EXPECT_EQ(tree_engine.Evaluate(values), VerdictOf(kAnd[a][b])) << a << b;
      EXPECT_EQ(or_engine.Evaluate(values), VerdictOf(kOr[a][b])) << a << b;
    }
  }
}

TEST(Evaluator, MissingMakesATermFalse) {
  PlanBuilder builder;
  const Literal a = builder.Text(kName, kEquals, {"x"});
  builder.AddNode(0, a, {0});
  builder.AddNode(0, a ^ 1, {1});
  EXPECT_EQ(Engine(builder).Evaluate({}), (Verdict{{1}, {}}));
}

TEST(Evaluator, AnEventTypeWithoutDetectorsAsksForNothing) {
  PlanBuilder builder;
  builder.AddNode(0, builder.Text(kName, kEquals, {"x"}) ^ 1, {0});
  Engine engine(builder);
  EXPECT_EQ(engine.Evaluate({}, EventType::kDnsQuery), Verdict{});
  EXPECT_TRUE(engine.source.asked.empty());
  EXPECT_EQ(engine.outcome.terms_possible, 0u);
}

TEST(Evaluator, ADetectorAtTheRootAlwaysFires) {
  PlanBuilder builder;
  builder.root_detectors = {3, 1};
  EXPECT_EQ(Engine(builder).Evaluate({}), (Verdict{{1, 3}, {}}));
}

class Triggers : public testing::Test {
 protected:
  // d0: name x; d1: name x or parent x; d2: name z; each also needs a user.
  static PlanBuilder Make() {
    PlanBuilder builder;
    const Literal name = builder.Text(kName, kEquals, {"x"});
    const Literal parent = builder.Text(kParent, kEquals, {"x"});
    const Literal other = builder.Text(kName, kEquals, {"z"});
    const Literal user = builder.Text(kUser, MatchKind::kExists, {});
    const Literal either = builder.Or({name, parent});
    const uint32_t first = builder.AddNode(0, name, {}, {0});
    const uint32_t second = builder.AddNode(0, either, {}, {0, 1});
    const uint32_t third = builder.AddNode(0, other, {}, {2});
    builder.AddNode(first, user, {0});
    builder.AddNode(second, user, {1});
    builder.AddNode(third, user, {2});
    return builder;
  }
  Engine engine{Make()};
  const Value user = Value::String("u");
};

TEST_F(Triggers, NameTheChildrenToLookAt) {
  EXPECT_EQ(engine.Evaluate({{kName, Value::String("X")}, {kUser, user}}), (Verdict{{0, 1}, {}}));
  EXPECT_EQ(engine.Evaluate({{kParent, Value::String("x")}, {kUser, user}}), (Verdict{{1}, {}}));
  EXPECT_EQ(engine.Evaluate({{kName, Value::String("z")}, {kUser, user}}), (Verdict{{2}, {}}));
}

TEST_F(Triggers, AChildThatTwoNameIsLookedAtOnce) {
  const Value x = Value::String("x");
  EXPECT_EQ(engine.Evaluate({{kName, x}, {kParent, x}, {kUser, user}}), (Verdict{{0, 1}, {}}));
}

TEST_F(Triggers, PropertiesBelowAFalseGuardAreNotRead) {
  engine.Evaluate({{kName, Value::String("y")}, {kUser, user}});
  EXPECT_EQ(engine.source.asked, (std::set{kName, kParent}));
  EXPECT_EQ(engine.outcome.terms_evaluated, 0u);
  EXPECT_EQ(engine.outcome.terms_possible, 4u);
}

TEST_F(Triggers, APendingPropertyNamesAllOfItsChildren) {
  EXPECT_EQ(engine.Evaluate({{kName, kPending}, {kUser, user}}), (Verdict{{}, {0, 1, 2}}));
  EXPECT_EQ(engine.Evaluate({{kName, kPending}}), Verdict{}) << "false && unknown is false";
  EXPECT_EQ(engine.Evaluate({{kName, kPending}, {kParent, Value::String("x")}, {kUser, user}}),
            (Verdict{{1}, {0, 2}}));
}

TEST_F(Triggers, EachTermThatTheTreeAsksForIsCountedOnce) {
  engine.Evaluate({{kName, Value::String("x")}, {kUser, user}});
  EXPECT_EQ(engine.outcome.terms_evaluated, 2u) << "name x and user; the or needs no more";
}

TEST(Evaluator, UnknownIsCarriedDownTheTree) {
  PlanBuilder builder;
  const Literal a = builder.Text(kName, kEquals, {"x"});
  const Literal b = builder.Text(kParent, kEquals, {"x"});
  const uint32_t top = builder.AddNode(0, a, {0});
  builder.AddNode(builder.AddNode(top, b, {1}), a ^ 1, {2});
  EXPECT_EQ(Engine(builder).Evaluate({{kName, kPending}, {kParent, Value::String("x")}}),
            (Verdict{{}, {0, 1, 2}}));
}

TEST(Evaluator, ManyIndexedChildrenAreFound) {
  PlanBuilder builder;
  constexpr uint32_t kMany = 1000;
  for (uint32_t i = 0; i < kMany; ++i) builder.Text(kName, kEquals, {std::to_string(i)});
  for (uint32_t i = 0; i < kMany; ++i) builder.AddNode(0, i * 2, {i}, {i});
  builder.detector_count = kMany;
  Engine engine(builder);
  for (uint32_t i = 0; i < kMany; ++i) {
    const std::string text = std::to_string(i);
    EXPECT_EQ(engine.Evaluate({{kName, Value::String(text)}}), (Verdict{{i}, {}}));
  }
}

// No literal to look for first, so the matcher leaves it to be asked for.
TEST(Evaluator, LazyTermsAreAskedForEvenAsTriggers) {
  PlanBuilder builder;
  const Literal lazy = builder.Text(kName, MatchKind::kMatches, {"^[a-z]{3}$"});
  const Literal literal = builder.Text(kName, kEquals, {"abc"});
  builder.AddNode(0, lazy, {0}, {0});
  builder.AddNode(0, builder.And({literal, lazy}), {1}, {1});
  Engine engine(builder);
  EXPECT_EQ(engine.Evaluate({{kName, Value::String("abc")}}), (Verdict{{0, 1}, {}}));
  EXPECT_EQ(engine.Evaluate({{kName, Value::String("xyz")}}), (Verdict{{0}, {}}));
  EXPECT_EQ(engine.Evaluate({{kName, Value::String("abcd")}}), Verdict{});
  EXPECT_EQ(engine.Evaluate({{kName, kPending}}), (Verdict{{}, {0, 1}}));
}

TEST(Evaluator, LazyTermsAreFalseOfWhatIsMissing) {
  PlanBuilder builder;
  const Literal matches_nothing = builder.Text(kName, MatchKind::kMatches, {"^[a-z]{0,3}$"});
  builder.AddNode(0, matches_nothing, {0});
  Engine engine(builder);
  EXPECT_EQ(engine.Evaluate({}), Verdict{});
  EXPECT_EQ(engine.Evaluate({{kName, Value::String("")}}), (Verdict{{0}, {}}));
}

TEST(Evaluator, AnswersOfOneEventAreForgottenInTheNext) {
  PlanBuilder builder;
  const Literal a = builder.Text(kName, kEquals, {"x"});
  const Literal b = builder.Text(kParent, kEquals, {"x"});
  builder.AddNode(0, builder.Or({a, b}), {0}, {0, 1});
  builder.AddNode(0, builder.And({a ^ 1, b ^ 1}), {1});
  const Verdict x = {{0}, {}};
  const Verdict y = {{1}, {}};
  Engine engine(builder);
  EXPECT_EQ(engine.Evaluate({{kName, Value::String("x")}}), x);
  EXPECT_EQ(engine.Evaluate({{kName, Value::String("y")}}), y);
  EXPECT_EQ(engine.Evaluate({{kName, Value::String("x")}}), x);
}

// Against an evaluator that has seen no other event.
TEST(Evaluator, AValueThatComesAgainHasTheHitsThatItHad) {
  PlanBuilder builder;
  builder.AddNode(0, builder.Text(kName, MatchKind::kIncludes, {"a"}), {0});
  builder.AddNode(0, builder.Text(kName, kEquals, {"ab"}), {1});
  builder.AddNode(0, builder.Text(kName, kEquals, {""}), {2});
  builder.AddNode(0, builder.Text(kName, MatchKind::kEndsWith, {"bb"}) ^ 1, {3});
  const std::string_view several[] = {"ab", "bb"};
  const std::string overlong(300, 'a');
  const Value values[] = {Value::String("ab"),     Value::String("bb"), Value::String(""),
                          Value::Strings(several), Value::Missing(),    Value::Pending(),
                          Value::String(overlong)};
  std::mt19937 random(1);
  Engine used(builder);
  Value value;
  for (int i = 0; i < 3000; ++i) {
    // Rows of one value, and times when each is another one.
    if (random() % (i / 500 % 2 == 0 ? 4 : 1) == 0) value = values[random() % std::size(values)];
    used.evaluator.SetMetering(random() % 8 == 0 ? Metering::kTimes : Metering::kCounts);
    ASSERT_EQ(used.Evaluate({{kName, value}}), Engine(builder).Evaluate({{kName, value}})) << i;
  }
}

// Matching a value takes the memory that matching a very large one before it needed.
TEST(Evaluator, AValueThatComesAgainIsMatchedAnewOnlyInATimedEvent) {
  PlanBuilder builder;
  builder.AddNode(0, builder.Text(kName, MatchKind::kIncludes, {"a"}), {0});
  builder.AddNode(0, builder.Text(kParent, MatchKind::kIncludes, {"a"}), {1});
  Engine engine(builder);
  const std::string large(size_t{2} << 20, 'b');
  engine.source.values = {{kName, Value::String("ab")}, {kParent, Value::String(large)}};
  const auto allocations = [&](Metering metering) {
    engine.evaluator.SetMetering(metering);
    size_t before = 0;
    for (int i = 0; i < 13; ++i) {
      if (i == 3) before = Allocations();
      engine.event.Reset(EventType::kProcessStart, &engine.source);
      engine.source.asked.clear();
      engine.evaluator.Evaluate(&engine.event, &engine.outcome);
    }
    return Allocations() - before;
  };
  const size_t of_the_source = 2;                               // its set of what was asked for
  EXPECT_EQ(allocations(Metering::kNone), 10 * of_the_source);  // kCounts times one now and then
  EXPECT_EQ(allocations(Metering::kTimes), 10 * (of_the_source + 2));
}

TEST(Evaluator, AnswersOfThePreviousRoundOfEpochsAreForgotten) {
  PlanBuilder builder;
  const Literal a = builder.Text(kName, kEquals, {"x"});
  const Literal b = builder.Text(kParent, kEquals, {"x"});
  builder.AddNode(0, builder.And({a ^ 1, b ^ 1}), {1});
  builder.AddNode(builder.AddNode(0, a, {}, {0}), builder.And({a, b}), {0});
  const std::map<PropertyId, Value> x = {{kName, Value::String("x")},
                                         {kParent, Value::String("x")}};
  const std::pair<std::map<PropertyId, Value>, Verdict> events[] = {{{}, {{1}, {}}},
                                                                    {x, {{0}, {}}}};
  for (const auto& [earlier, earlier_verdict] : events) {
    for (const auto& [later, later_verdict] : events) {
      Engine engine(builder);
      EXPECT_EQ(engine.Evaluate(earlier), earlier_verdict);
      engine.evaluator.GoToLastEpoch();
      EXPECT_EQ(engine.Evaluate(later), later_verdict);
    }
  }
}

// Meant for ThreadSanitizer.
TEST(Evaluator, ThreadsShareAPlan) {
  PlanBuilder builder;
  for (uint32_t i = 0; i < 100; ++i) {
    builder.Text(kName, MatchKind::kIncludes, {std::string("x").append(std::to_string(i))});
  }
  for (uint32_t i = 0; i < 100; ++i) builder.AddNode(0, i * 2, {i}, {i});
  builder.detector_count = 100;
  const std::shared_ptr<const Plan> plan = builder.Load();
  std::array<std::vector<Ids>, 4> fired;
  std::vector<std::thread> threads;
  for (std::vector<Ids>& out : fired) {
    threads.emplace_back([&out, plan] {
      Evaluator evaluator(plan);
      MapSource source;
      Event event;
      Outcome outcome;
      for (int i = 0; i < 100; ++i) {
        const std::string text = std::string("x").append(std::to_string(i));
        source.values[kName] = Value::String(text);
        event.Reset(EventType::kProcessStart, &source);
        evaluator.Evaluate(&event, &outcome);
        out.push_back(outcome.fired);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(fired[0][42], (Ids{4, 42}));
  for (const std::vector<Ids>& other : fired) EXPECT_EQ(other, fired[0]);
}

TEST(Evaluator, AllocatesNothingInTheSteadyState) {
  PlanBuilder builder;
  const Literal name = builder.Text(kName, MatchKind::kIncludes, {"x", "yy"});
  const Literal parent = builder.Text(kParent, MatchKind::kEndsWith, {"x"});
  const Literal pattern = builder.Text(kParent, MatchKind::kMatches, {"^a?[bx]$"});
  const uint32_t top = builder.AddNode(0, name, {0}, {0});
  builder.AddNode(top, builder.And({parent, pattern}), {1});
  Engine engine(builder);
  engine.source.values = {{kName, Value::String("axa")}, {kParent, Value::String("ax")}};
  const auto evaluate = [&] {
    engine.event.Reset(EventType::kProcessStart, &engine.source);
    engine.source.asked.clear();
    engine.evaluator.Evaluate(&engine.event, &engine.outcome);
  };
  for (int i = 0; i < 3; ++i) evaluate();
  EXPECT_EQ(engine.outcome.fired, (Ids{0, 1}));
  const size_t of_the_source = 2;  // its set of what was asked for
  const size_t before = Allocations();
  for (int i = 0; i < 100; ++i) evaluate();
  EXPECT_EQ(Allocations() - before, 100 * of_the_source);
}

TEST(TrueTerms, AreThoseThatMadeADetectorTrueAlsoByTheirNegation) {
  using Literals = std::vector<Literal>;
  PlanBuilder builder;
  const Literal a = builder.Text(kName, kEquals, {"x"});          // 0
  const Literal b = builder.Text(kParent, kEquals, {"x"});        // 1
  const Literal c = builder.Text(kUser, kEquals, {"x"});          // 2
  const Literal d = builder.Text(kUser, MatchKind::kExists, {});  // 3
  const Literal both = builder.And({a, b});
  const Literal either = builder.Or({both, d});
  const uint32_t top = builder.AddNode(0, either);
  builder.AddNode(top, a, {5});
  builder.AddNode(top, c ^ 1, {2});
  builder.AddNode(0, both ^ 1, {6});
  Engine engine(builder);
  Literals terms;
  const auto terms_of = [&](DetectorId detector) {
    engine.evaluator.TrueTerms(detector, &terms);
    return terms;
  };

  const Value x = Value::String("x");
  const Value u = Value::String("u");
  EXPECT_EQ(engine.Evaluate({{kName, x}, {kUser, u}}), (Verdict{{2, 5, 6}, {}}));
  EXPECT_EQ(terms_of(5), (Literals{a, d})) << "of the or, only what is true";
  EXPECT_EQ(terms_of(2), (Literals{c ^ 1, d})) << "a is true, but its and is not";
  EXPECT_EQ(terms_of(6), (Literals{b ^ 1})) << "of the and that is false, only what is false";
  EXPECT_EQ(terms_of(9), (Literals{})) << "not of this event type";

  engine.Evaluate({{kName, x}, {kParent, x}, {kUser, u}});
  EXPECT_EQ(terms_of(2), (Literals{a, b, c ^ 1, d}));
}

}  // namespace
}  // namespace nuthatch
