// Evaluates the detectors of a Plan on events.
#ifndef NUTHATCH_EVALUATE_EVALUATOR_H_
#define NUTHATCH_EVALUATE_EVALUATOR_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "evaluate/cost_meter.h"
#include "evaluate/last_value.h"
#include "evaluate/plan.h"
#include "model/event.h"

namespace nuthatch {

// What became of one event.
struct Outcome {
  std::vector<DetectorId> fired;      // ascending
  std::vector<DetectorId> undecided;  // ascending; they hang on a pending property
  uint64_t terms_evaluated = 0;       // terms that the tree asked for, each counted once
  uint64_t terms_possible = 0;        // terms of all detectors of the event's type
};

// Walks the tree of the event's type: one pass over each property by which the children of a node
// are indexed finds the true terms, and only the children that these name are looked at. Not
// thread-safe: each thread has its own. Allocates nothing once its buffers have grown.
class Evaluator {
 public:
  explicit Evaluator(std::shared_ptr<const Plan> plan);

  void Evaluate(Event* event, Outcome* out);

  // Replaces *out with the terms that made `detector` true in the last Evaluate, those that are
  // negated and false among them: all of an `and`, the true operands of an `or`; ascending. The
  // event must still be as it was then.
  void TrueTerms(DetectorId detector, std::vector<Literal>* out);

  // What the events so far have cost. TrueTerms counts for nothing.
  const CostMeter& costs() const { return meter_; }
  // See CostMeter.
  void SetMetering(Metering metering) { meter_.SetMetering(metering); }
  // For benchmarks: matches every value, though it is the same as the last one.
  void RememberNoValues() {
    for (PassResult& pass : passes_) pass.value.Disable();
  }

  // For tests: as after 2^29 - 1 events, when the next one begins the epochs anew.
  void GoToLastEpoch() { epoch_ = 0u - kEpochStep; }

 private:
  void BeginEvent(Event* event);
  template <Metering kMetering>
  void Walk(Outcome* out);
  template <Metering kMetering>
  void Visit(uint32_t number, bool unknown, Outcome* out);
  template <Metering kMetering>
  void VisitChildren(uint32_t number, bool unknown, Outcome* out);
  template <Metering kMetering>
  ValueState RunPass(PropertyId property);
  template <Metering kMetering>
  Truth Ask(Literal literal);
  template <Metering kMetering>
  Truth AskTerm(TermId term);
  template <Metering kMetering>
  Truth AnswerTerm(TermId term);
  template <Metering kMetering>
  Truth AskLazyTerm(TermId term);
  template <Metering kMetering>
  Truth AskGate(uint32_t gate);
  void CollectTrueTerms(Literal literal, std::vector<bool>* seen, std::vector<Literal>* out);

  // An answer of this event is epoch_ | kNamed | a Truth; anything else is of an earlier event.
  static constexpr uint32_t kTruth = 3;
  static constexpr uint32_t kNamed = 4;  // a pass found the term to be true; not asked for yet
  static constexpr uint32_t kEpochStep = 8;

  struct PassResult {
    uint32_t epoch = 0;
    ValueState state = ValueState::kMissing;
    std::vector<uint32_t> hits;  // numbers of the true terms, when the value is present
    LastValue value;             // whose hits these are
  };

  const std::shared_ptr<const Plan> plan_;
  const std::unique_ptr<MatchScratch, void (*)(MatchScratch*)> scratch_;
  CostMeter meter_;
  Event* event_ = nullptr;
  const Tree* tree_ = nullptr;
  uint32_t epoch_ = 0;
  uint64_t asked_ = 0;
  std::vector<uint32_t> answers_;  // by expression
  std::vector<uint32_t> visited_;  // by tree node: the epoch in which it was looked at
  std::array<PassResult, kPropertyCount> passes_;
  std::vector<uint32_t> open_;  // nodes whose children are still to be visited: node * 2 + unknown
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_EVALUATOR_H_
