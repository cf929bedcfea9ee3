#include "evaluate/cost_meter.h"

#include <algorithm>

#include "base/clock.h"
#include "platform/random.h"
#include "platform/thread_time.h"

namespace nuthatch {
namespace {

// A thread that has waited longer than this during an event was off the processor; less is what
// reading two clocks takes.
constexpr int64_t kMostWaiting = 20'000;  // ns

// Room for what most events have to mark; one with more makes room for all after it.
constexpr size_t kUsualMoments = 512;

// What reading the clock adds to the time between two moments: the least of a few averages.
double ClockCost() {
  constexpr int kReadings = 32;
  double least = 1e9;
  for (int round = 0; round < 16; ++round) {
    const int64_t begin = ClockNanoseconds();
    int64_t end = begin;
    for (int i = 0; i < kReadings; ++i) end = ClockNanoseconds();
    least = std::min(least, static_cast<double>(end - begin) / kReadings);
  }
  return least;
}

void AddTo(uint64_t from, uint64_t* to) { *to += from; }
void AddTo(const auto& from, auto* to) { to->Add(from); }

// Item by item; there are as many in both.
template <typename Items>
void AddEach(const Items& from, Items* to) {
  for (size_t i = 0; i < from.size(); ++i) AddTo(from[i], &(*to)[i]);
}

}  // namespace

void Timing::Add(const Timing& other) {
  samples += other.samples;
  ns += other.ns;
  squares += other.squares;
}

void NodeCount::Add(const NodeCount& other) {
  visits += other.visits;
  decided += other.decided;
  undecided += other.undecided;
}

void TermCount::Add(const TermCount& other) {
  AddEach(other.asked, &asked);
  lazy_asked += other.lazy_asked;
}

void PassCount::Add(const PassCount& other) {
  AddEach(other.runs, &runs);
  timed += other.timed;
}

void TreeCost::Add(const TreeCost& other) {
  events += other.events;
  timed += other.timed;
  interrupted += other.interrupted;
  AddEach(other.nodes, &nodes);
  AddEach(other.terms, &terms);
  AddEach(other.hits, &hits);
  AddEach(other.found, &found);
  AddEach(other.passes, &passes);
  AddEach(other.node_times, &node_times);
  AddEach(other.own_times, &own_times);
  AddEach(other.resolve_times, &resolve_times);
  AddEach(other.match_times, &match_times);
}

CostMeter::CostMeter(const Plan& plan) : random_(RandomWord() | 1), until_timed_(NextGap()) {
  moments_.reserve(kUsualMoments);
  work_.trials.reserve(MatchWork::kMostTrials);
  for (size_t i = 0; i < kEventTypeCount; ++i) {
    const Tree* tree = plan.TreeOf(static_cast<EventType>(i));
    if (!tree) continue;
    TreeCost& costs = trees_[i];
    costs.nodes.resize(tree->nodes.size());
    costs.terms.resize(tree->terms.size());
    costs.hits.resize(tree->terms.size());
    costs.found.resize(tree->terms.size());
    costs.passes.resize(kPropertyCount);
    costs.node_times.resize(tree->nodes.size());
    costs.own_times.resize(tree->terms.size());
    costs.resolve_times.resize(kPropertyCount);
    costs.match_times.resize(kPropertyCount);
  }
}

void CostMeter::Add(const CostMeter& other) {
  for (size_t i = 0; i < kEventTypeCount; ++i) trees_[i].Add(other.trees_[i]);
}

// Drawn anew for each, so that telemetry which repeats itself in step with us does not fool us.
// xorshift64 (Marsaglia, "Xorshift RNGs", 2003) is random enough for that.
uint32_t CostMeter::NextGap() {
  random_ ^= random_ << 13;
  random_ ^= random_ >> 7;
  random_ ^= random_ << 17;
  return 1 + static_cast<uint32_t>(random_ % (2 * kMeanGap - 1));
}

Metering CostMeter::Begin(EventType type, const Tree* tree) {
  if (metering_ == Metering::kNone) return Metering::kNone;
  tree_ = tree;
  costs_ = &trees_[static_cast<size_t>(type)];
  ++costs_->events;
  if (--until_timed_ > 0 && metering_ == Metering::kCounts) return Metering::kCounts;
  until_timed_ = NextGap();
  moments_.clear();
  thread_time_ = ThreadNanoseconds();
  return Metering::kTimes;
}

void CostMeter::Mark(Timing* timing, bool enters) {
  moments_.push_back({timing, ClockNanoseconds(), enters});
}

void CostMeter::MatchedTimed(PropertyId property, const std::vector<uint32_t>& hits) {
  const int64_t now = ClockNanoseconds();
  const uint32_t first = FirstPlace(property);
  Timing* const match = &costs_->match_times[static_cast<size_t>(property)];
  for (const MatchWork::Trial& trial : work_.trials) {
    moments_.push_back({&costs_->own_times[first + trial.term], trial.begin, true});
    moments_.push_back({match, trial.end, false});
  }
  work_.trials.clear();
  moments_.push_back({&bookkeeping_, now, false});
  for (const uint32_t hit : hits) ++costs_->hits[first + hit];
}

void CostMeter::EndTimed() {
  moments_.push_back({nullptr, ClockNanoseconds(), false});
  const int64_t waited =
      moments_.back().at - moments_.front().at - (ThreadNanoseconds() - thread_time_);
  if (waited > kMostWaiting) {
    ++costs_->interrupted;
    return;
  }
  ++costs_->timed;
  AddMoments();
}

void CostMeter::AddMoments() {
  static const double clock_cost = ClockCost();
  for (size_t i = 0; i + 1 < moments_.size(); ++i) {
    moments_[i].timing->this_event +=
        static_cast<double>(moments_[i + 1].at - moments_[i].at) - clock_cost;
  }
  for (const Moment& moment : moments_) {
    if (!moment.enters) continue;
    Timing& timing = *moment.timing;
    ++timing.samples;
    timing.ns += timing.this_event;
    timing.squares += timing.this_event * timing.this_event;
    timing.this_event = 0;
  }
}

}  // namespace nuthatch
