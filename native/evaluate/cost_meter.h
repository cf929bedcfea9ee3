// What evaluation costs, term by term: always counted, and timed on one event in some 192.
#ifndef NUTHATCH_EVALUATE_COST_METER_H_
#define NUTHATCH_EVALUATE_COST_METER_H_

#include <array>
#include <cstdint>
#include <vector>

#include "evaluate/plan.h"
#include "evaluate/tree.h"
#include "model/schema.h"

namespace nuthatch {

// What an evaluation does about its costs. A template argument, so that an event that is not timed
// has no branch for the clock, and one that is not counted nothing at all.
enum class Metering { kNone, kCounts, kTimes };

// Time that one thing took on the events that were timed.
struct Timing {
  uint64_t samples = 0;   // events of these that had it
  double ns = 0;          // sum over them
  double squares = 0;     // sum of each event's squared, for the error of the mean
  double this_event = 0;  // while an event's marks are being added up

  void Add(const Timing& other);
};

struct NodeCount {
  uint64_t visits = 0;
  uint64_t decided = 0;    // it and the guards above it were true
  uint64_t undecided = 0;  // one of them was unknown, and none false

  void Add(const NodeCount& other);
};

struct TermCount {
  std::array<uint64_t, 3> asked{};  // by the tree; by Truth
  uint64_t lazy_asked = 0;          // answered by itself

  void Add(const TermCount& other);
};

struct PassCount {
  std::array<uint64_t, 3> runs{};  // events that asked for the property, by ValueState
  uint64_t timed = 0;  // runs in timed events, interrupted or not, that were not pending

  void Add(const PassCount& other);
};

// Of one event type. Counts and timings stand apart, as most events touch the counts alone.
struct TreeCost {
  uint64_t events = 0;
  uint64_t timed = 0;        // of these
  uint64_t interrupted = 0;  // were timed, and do not count: the thread was off the processor
  std::vector<NodeCount> nodes;
  std::vector<TermCount> terms;    // as Tree::terms
  std::vector<uint64_t> hits;      // by term: of PassCount::timed, those that found it true
  std::vector<uint64_t> found;     // by term: in these, see MatchWork
  std::vector<PassCount> passes;   // by property
  std::vector<Timing> node_times;  // of guards, and of finding the children that hits name
  // By term: its regular expressions alone, whether the pass tries them or the tree asks for them.
  // `samples` says something of the latter only.
  std::vector<Timing> own_times;
  std::vector<Timing> resolve_times;  // by property: reading the value, or computing it
  std::vector<Timing> match_times;    // by property: the pass but for own_times

  void Add(const TreeCost& other);
};

// One thread's: see Evaluator. Allocates nothing once its buffers have grown.
class CostMeter {
 public:
  static constexpr uint32_t kMeanGap = 192;  // events from one that is timed to the next

  explicit CostMeter(const Plan& plan);

  // How the next event, which is of that tree, is to be metered.
  Metering Begin(EventType type, const Tree* tree);
  // After the event.
  template <Metering kMetering>
  void End() {
    if constexpr (kMetering == Metering::kTimes) EndTimed();
  }

  template <Metering kMetering>
  void Visit(uint32_t node) {
    if constexpr (kMetering != Metering::kNone) ++costs_->nodes[node].visits;
    if constexpr (kMetering == Metering::kTimes) Enter(node_ = &costs_->node_times[node]);
  }
  template <Metering kMetering>
  void Passed(uint32_t node, bool unknown) {
    if constexpr (kMetering == Metering::kNone) return;
    NodeCount& count = costs_->nodes[node];
    ++(unknown ? count.undecided : count.decided);
  }
  // The evaluation goes on with a node that it has visited before.
  template <Metering kMetering>
  void Resume(uint32_t node) {
    if constexpr (kMetering == Metering::kTimes) Mark(node_ = &costs_->node_times[node], false);
  }

  template <Metering kMetering>
  void Asked(TermId term, Truth truth) {
    if constexpr (kMetering == Metering::kNone) return;
    ++costs_->terms[PlaceOf(term)].asked[static_cast<size_t>(truth)];
  }

  // From each of these to the next, or to Leave, time is not the node's.
  template <Metering kMetering>
  void Lazy(TermId term) {
    if constexpr (kMetering != Metering::kNone) ++costs_->terms[PlaceOf(term)].lazy_asked;
    if constexpr (kMetering == Metering::kTimes) Enter(&costs_->own_times[PlaceOf(term)]);
  }
  template <Metering kMetering>
  void Resolve(PropertyId property) {
    if constexpr (kMetering == Metering::kTimes) {
      Enter(&costs_->resolve_times[static_cast<size_t>(property)]);
    }
  }
  template <Metering kMetering>
  void Resolved(PropertyId property, ValueState state) {
    const auto place = static_cast<size_t>(property);
    if constexpr (kMetering != Metering::kNone) {
      ++costs_->passes[place].runs[static_cast<size_t>(state)];
    }
    if constexpr (kMetering == Metering::kTimes) {
      costs_->passes[place].timed += state != ValueState::kPending ? 1 : 0;
      if (state == ValueState::kPresent) Enter(&costs_->match_times[place]);
    }
  }
  // For the pass over a value that is present, in a timed event.
  MatchWork* WorkOn(PropertyId property) {
    work_.found = costs_->found.data() + FirstPlace(property);
    return &work_;
  }
  // Its hits by their numbers in the pass. Only of timed events: hits are spread over more memory
  // than all else that is counted.
  template <Metering kMetering>
  void Matched(PropertyId property, const std::vector<uint32_t>& hits) {
    if constexpr (kMetering == Metering::kTimes) MatchedTimed(property, hits);
  }
  template <Metering kMetering>
  void Leave() {
    if constexpr (kMetering == Metering::kTimes) Mark(node_, false);
  }

  // Adds what another meter of the same Plan has counted. Allocates nothing.
  void Add(const CostMeter& other);

  // Empty for an event type without detectors.
  const TreeCost& of(EventType type) const { return trees_[static_cast<size_t>(type)]; }

  // For benchmarks and tests: with kNone nothing is counted, with kTimes every event is timed.
  // kCounts is the usual.
  void SetMetering(Metering metering) { metering_ = metering; }

 private:
  // From `at` on, time is `timing`'s.
  struct Moment {
    Timing* timing;
    int64_t at;  // ns
    bool enters;
  };

  uint32_t PlaceOf(TermId term) const { return tree_->term_places[term]; }
  uint32_t FirstPlace(PropertyId property) const {
    return tree_->first_places[static_cast<size_t>(property)];
  }
  void MatchedTimed(PropertyId property, const std::vector<uint32_t>& hits);
  void Mark(Timing* timing, bool enters);
  void Enter(Timing* timing) { Mark(timing, true); }
  void EndTimed();
  void AddMoments();
  uint32_t NextGap();

  std::array<TreeCost, kEventTypeCount> trees_;
  const Tree* tree_ = nullptr;
  TreeCost* costs_ = nullptr;  // of tree_
  Metering metering_ = Metering::kCounts;
  uint64_t random_;  // not 0
  uint32_t until_timed_;
  int64_t thread_time_ = 0;
  Timing* node_ = nullptr;  // whose time it is when nothing else's
  std::vector<Moment> moments_;
  MatchWork work_;
  Timing bookkeeping_;  // what nobody is charged for
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_COST_METER_H_
