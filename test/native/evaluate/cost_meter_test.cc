#include "evaluate/cost_meter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "evaluate/evaluator.h"
#include "evaluate/map_source.h"
#include "evaluate/plan_builder.h"
#include "support/allocations.h"

namespace nuthatch {
namespace {

constexpr auto kType = EventType::kProcessStart;
constexpr PropertyId kProperties[] = {PropertyId::kProcessName, PropertyId::kParentName,
                                      PropertyId::kUsername};
constexpr const char* kTexts[] = {"a", "b", "c"};

Truth Negated(Truth truth) {
  if (truth == Truth::kUnknown) return truth;
  return truth == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
}

// A random plan, and what there is to count when it is evaluated, told by plain recursion: a term
// is one that a `^[..]$` without a literal, which is lazy, or an equality asks for.
class Model {
 public:
  explicit Model(uint64_t seed) : random_(seed) {
    for (const PropertyId property : kProperties) {
      for (const char* text : kTexts) {
        const bool lazy = Below(3) == 0;
        const std::string pattern = std::string("^[").append(text).append("z]$");
        terms_.push_back({property, text, lazy});
        builder_.Text(property, lazy ? MatchKind::kMatches : MatchKind::kEquals,
                      {lazy ? pattern : text});
      }
    }
    for (int i = 0; i < 6; ++i) {
      gates_.push_back({RandomLiteral(), RandomLiteral(), RandomLiteral()});
      builder_.And(gates_.back());
    }
    nodes_.push_back({});
    for (uint32_t i = 1; i < 20; ++i) {
      Node node{Below(i), RandomLiteral(), {}};
      // A plain term may be a trigger of the node it guards, when its parent has several children.
      if ((node.guard & 1) == 0 && node.guard / 2 < terms_.size() && Below(2) == 0) {
        node.triggers = {node.guard / 2};
      }
      builder_.AddNode(node.parent, node.guard, {Below(10)}, node.triggers);
      nodes_.push_back(node);
    }
  }

  std::shared_ptr<const Plan> Load() const { return builder_.Load(); }

  std::map<PropertyId, Value> RandomValues() {
    std::map<PropertyId, Value> values;
    for (const PropertyId property : kProperties) {
      const uint32_t kind = Below(6);
      if (kind == 0) values[property] = Value::Pending();
      if (kind > 1) values[property] = Value::String(kTexts[Below(3)]);
    }
    return values;
  }

  // What one event adds.
  void Count(const std::map<PropertyId, Value>& values) {
    values_ = &values;
    asked_.clear();
    lazy_.clear();
    run_.clear();
    std::vector<Truth> reached(nodes_.size(), Truth::kFalse);
    reached[0] = Truth::kTrue;
    ++visits[0];
    ++decided[0];
    for (uint32_t i = 1; i < nodes_.size(); ++i) {
      const Node& node = nodes_[i];
      if (reached[node.parent] == Truth::kFalse || !IsNamed(node)) continue;
      ++visits[i];
      const Truth guard = Ask(node.guard);
      if (guard == Truth::kFalse) continue;
      const bool unknown = guard == Truth::kUnknown || reached[node.parent] == Truth::kUnknown;
      reached[i] = unknown ? Truth::kUnknown : Truth::kTrue;
      ++(unknown ? undecided : decided)[i];
    }
    for (const uint32_t term : asked_) ++asked[term][static_cast<size_t>(TruthOf(term))];
    for (const uint32_t term : lazy_) ++lazy_asked[term];
    for (const PropertyId property : run_) {
      ++runs[property][static_cast<size_t>(ValueOf(property).state())];
      for (uint32_t term = 0; term < terms_.size(); ++term) {
        const bool of_pass = terms_[term].property == property && !terms_[term].lazy;
        if (of_pass && TruthOf(term) == Truth::kTrue) ++hits[term];
      }
    }
  }

  size_t node_count() const { return nodes_.size(); }
  size_t term_count() const { return terms_.size(); }

  // By node, term and property.
  std::map<uint32_t, uint64_t> visits, decided, undecided, lazy_asked, hits;
  std::map<uint32_t, std::array<uint64_t, 3>> asked;
  std::map<PropertyId, std::array<uint64_t, 3>> runs;

 private:
  struct ModelTerm {
    PropertyId property;
    std::string text;
    bool lazy;
  };
  struct Node {
    uint32_t parent;
    Literal guard;
    std::vector<TermId> triggers;
  };

  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random_() % n); }
  // Of what there is so far.
  Literal RandomLiteral() {
    return Below(static_cast<uint32_t>(terms_.size() + gates_.size())) * 2 + Below(2);
  }

  Value ValueOf(PropertyId property) const {
    const auto found = values_->find(property);
    return found == values_->end() ? Value::Missing() : found->second;
  }
  Truth TruthOf(uint32_t term) const {
    const Value value = ValueOf(terms_[term].property);
    if (value.state() == ValueState::kPending) return Truth::kUnknown;
    const bool equal = value.present() && value.strings()[0] == terms_[term].text;
    return equal ? Truth::kTrue : Truth::kFalse;
  }

  bool IsNamed(const Node& node) {
    if (node.triggers.empty()) return true;
    const uint32_t term = node.triggers[0];
    if (terms_[term].lazy) return true;
    run_.insert(terms_[term].property);
    return TruthOf(term) != Truth::kFalse;
  }

  Truth Ask(Literal literal) {
    const uint32_t expression = literal / 2;
    Truth truth = Truth::kTrue;
    if (expression < terms_.size()) {
      asked_.insert(expression);
      run_.insert(terms_[expression].property);
      if (terms_[expression].lazy && ValueOf(terms_[expression].property).present()) {
        lazy_.insert(expression);
      }
      truth = TruthOf(expression);
    } else {
      for (const Literal operand : gates_[expression - terms_.size()]) {
        const Truth next = Ask(operand);
        if (next == Truth::kUnknown) truth = next;
        if (next != Truth::kFalse) continue;
        truth = next;
        break;
      }
    }
    return (literal & 1) != 0 ? Negated(truth) : truth;
  }

  std::mt19937_64 random_;
  PlanBuilder builder_{kType};
  std::vector<ModelTerm> terms_;
  std::vector<std::vector<Literal>> gates_;
  std::vector<Node> nodes_;
  const std::map<PropertyId, Value>* values_ = nullptr;
  std::set<uint32_t> asked_, lazy_;
  std::set<PropertyId> run_;
};

void Evaluate(const std::map<PropertyId, Value>& values, Evaluator* evaluator) {
  static MapSource source;
  static Event event;
  Outcome outcome;
  source.values = values;
  event.Reset(kType, &source);
  evaluator->Evaluate(&event, &outcome);
}

void ExpectCounts(Model* model, const Plan& plan, const TreeCost& costs, const std::string& where) {
  for (uint32_t i = 0; i < model->node_count(); ++i) {
    EXPECT_EQ(costs.nodes[i].visits, model->visits[i]) << where << " node " << i;
    EXPECT_EQ(costs.nodes[i].decided, model->decided[i]) << where << " node " << i;
    EXPECT_EQ(costs.nodes[i].undecided, model->undecided[i]) << where << " node " << i;
  }
  const Tree& tree = *plan.TreeOf(kType);
  for (uint32_t i = 0; i < model->term_count(); ++i) {
    const TermCount& count = costs.terms[tree.term_places[i]];
    EXPECT_EQ(count.asked, model->asked[i]) << where << " term " << i;
    EXPECT_EQ(count.lazy_asked, model->lazy_asked[i]) << where << " term " << i;
  }
  for (const PropertyId property : kProperties) {
    EXPECT_EQ(costs.passes[static_cast<size_t>(property)].runs, model->runs[property]) << where;
  }
}

TEST(CostMeter, CountsWhatPlainRecursionCounts) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    Model model(seed);
    const std::shared_ptr<const Plan> plan = model.Load();
    ASSERT_TRUE(plan);
    Evaluator evaluator(plan);
    for (int i = 0; i < 300; ++i) {
      const auto values = model.RandomValues();
      model.Count(values);
      Evaluate(values, &evaluator);
    }
    const TreeCost& costs = evaluator.costs().of(kType);
    EXPECT_EQ(costs.events, 300u);
    ExpectCounts(&model, *plan, costs, "seed " + std::to_string(seed));
    if (HasFailure()) return;
  }
}

TEST(CostMeter, CountsTheSameInTimedEventsAndHitsToo) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    Model model(seed);
    const std::shared_ptr<const Plan> plan = model.Load();
    Evaluator evaluator(plan);
    evaluator.SetMetering(Metering::kTimes);
    for (int i = 0; i < 100; ++i) {
      const auto values = model.RandomValues();
      model.Count(values);
      Evaluate(values, &evaluator);
    }
    const TreeCost& costs = evaluator.costs().of(kType);
    const std::string where = "seed " + std::to_string(seed);
    ExpectCounts(&model, *plan, costs, where);
    EXPECT_EQ(costs.timed + costs.interrupted, 100u);
    EXPECT_EQ(costs.node_times[0].samples, costs.timed) << "the root is on every event's way";
    const Tree& tree = *plan->TreeOf(kType);
    for (uint32_t i = 0; i < model.term_count(); ++i) {
      const uint32_t place = tree.term_places[i];
      EXPECT_EQ(costs.hits[place], model.hits[i]) << where << " term " << i;
      EXPECT_GE(costs.own_times[place].samples + costs.interrupted, model.lazy_asked[i]);
      EXPECT_LE(costs.own_times[place].samples, model.lazy_asked[i]);
    }
    if (HasFailure()) return;
  }
}

TEST(CostMeter, TimesOneEventInSome192) {
  Model model(1);
  Evaluator evaluator(model.Load());
  constexpr uint64_t kEvents = 30'000;
  for (uint64_t i = 0; i < kEvents; ++i) Evaluate({}, &evaluator);
  const TreeCost& costs = evaluator.costs().of(kType);
  const double gap =
      static_cast<double>(kEvents) / static_cast<double>(costs.timed + costs.interrupted);
  // The mean of 156 gaps, each of 1 to 383 alike: six standard errors to either side.
  EXPECT_NEAR(gap, CostMeter::kMeanGap, 54);
}

TEST(CostMeter, CountsNothingWhenToldSo) {
  Model model(1);
  Evaluator evaluator(model.Load());
  evaluator.SetMetering(Metering::kNone);
  for (int i = 0; i < 300; ++i) Evaluate(model.RandomValues(), &evaluator);
  EXPECT_EQ(evaluator.costs().of(kType).events, 0u);
  EXPECT_EQ(evaluator.costs().of(kType).nodes[0].visits, 0u);
}

TEST(CostMeter, AskingForTrueTermsCostsNothing) {
  PlanBuilder builder(kType);
  const Literal name = builder.Text(kProperties[0], MatchKind::kEquals, {"a"});
  const Literal user = builder.Text(kProperties[2], MatchKind::kEquals, {"a"});
  builder.AddNode(0, builder.Or({name, user}), {0});
  Evaluator evaluator(builder.Load());
  MapSource source;
  Event event;
  Outcome outcome;
  std::vector<Literal> terms;
  source.values = {{kProperties[0], Value::String("a")}, {kProperties[2], Value::String("a")}};
  event.Reset(kType, &source);
  evaluator.Evaluate(&event, &outcome);
  evaluator.TrueTerms(0, &terms);
  EXPECT_EQ(terms, (std::vector<Literal>{name, user})) << "the second was not asked for before";
  EXPECT_EQ(evaluator.costs().of(kType).terms[1].asked, (std::array<uint64_t, 3>{}));
}

TEST(CostMeter, TimingAllocatesNothing) {
  PlanBuilder builder(kType);
  builder.AddNode(0, builder.Text(kProperties[0], MatchKind::kEquals, {"a"}), {0});
  Evaluator evaluator(builder.Load());
  evaluator.SetMetering(Metering::kNone);
  MapSource source;
  Event event;
  Outcome outcome;
  const auto evaluate = [&] {
    event.Reset(kType, &source);
    evaluator.Evaluate(&event, &outcome);
  };
  source.values = {{kProperties[0], Value::String("a")}};
  evaluate();  // its own buffers
  evaluator.SetMetering(Metering::kTimes);
  const size_t before = Allocations();
  for (int i = 0; i < 100; ++i) evaluate();
  EXPECT_EQ(Allocations() - before, 0u);
}

TEST(CostMeter, TimesPatternsOfAPassAndCountsWhatItFinds) {
  constexpr PropertyId kName = kProperties[0];
  PlanBuilder builder(kType);
  const Literal plain = builder.Text(kName, MatchKind::kIncludes, {"one", "two", "three"});
  const Literal slow = builder.Text(kName, MatchKind::kMatches, {"one.*two", "never"});
  const Literal same = builder.Text(kName, MatchKind::kMatches, {"one.*two"});
  for (const Literal term : {plain, slow, same}) builder.AddNode(0, term, {0});
  const std::shared_ptr<const Plan> plan = builder.Load();
  ASSERT_TRUE(plan);
  Evaluator evaluator(plan);
  evaluator.SetMetering(Metering::kTimes);
  constexpr uint64_t kEvents = 50;
  for (uint64_t i = 0; i < kEvents; ++i) {
    Evaluate({{kName, Value::String("one two " + std::string(5000, 'x'))}}, &evaluator);
  }
  const TreeCost& costs = evaluator.costs().of(kType);
  const auto place = [&](Literal term) { return plan->TreeOf(kType)->term_places[term >> 1]; };
  EXPECT_EQ(costs.found[place(plain)], 2 * kEvents);
  EXPECT_EQ(costs.found[place(slow)], kEvents) << "the literal that its pattern cannot do without";
  EXPECT_EQ(costs.found[place(same)], kEvents);
  EXPECT_EQ(costs.own_times[place(plain)].samples, 0u);
  EXPECT_EQ(costs.own_times[place(slow)].samples, costs.timed);
  const double whole = costs.own_times[place(slow)].ns;
  EXPECT_NEAR(costs.own_times[place(same)].ns, whole, 0.2 * whole) << "they share the pattern";
  EXPECT_GT(whole, 0);
}

TEST(CostMeter, AddsUpWhatThreadsHaveCounted) {
  Model model(3);
  const std::shared_ptr<const Plan> plan = model.Load();
  Evaluator first(plan);
  Evaluator second(plan);
  for (int i = 0; i < 200; ++i) {
    const auto values = model.RandomValues();
    model.Count(values);
    Evaluate(values, i % 3 == 0 ? &first : &second);
  }
  CostMeter total(*plan);
  total.Add(first.costs());
  total.Add(second.costs());
  ExpectCounts(&model, *plan, total.of(kType), "in all");
  EXPECT_EQ(total.of(kType).events, 200u);
}

}  // namespace
}  // namespace nuthatch
