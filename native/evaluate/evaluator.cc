#include "evaluate/evaluator.h"

#include <algorithm>
#include <cassert>

namespace nuthatch {
namespace {

Truth Not(Truth truth) {
  if (truth == Truth::kUnknown) return truth;
  return truth == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
}

}  // namespace

Evaluator::Evaluator(std::shared_ptr<const Plan> plan)
    : plan_(std::move(plan)),
      scratch_(NewMatchScratch()),
      meter_(*plan_),
      answers_(plan_->terms_.size() + plan_->gates_.size()) {
  size_t nodes = 0;
  for (const auto& tree : plan_->trees_) {
    if (tree) nodes = std::max(nodes, tree->nodes.size());
  }
  visited_.resize(nodes);
}

void Evaluator::BeginEvent(Event* event) {
  event_ = event;
  tree_ = plan_->TreeOf(event->type());
  asked_ = 0;
  epoch_ += kEpochStep;
  if (epoch_ != 0) return;
  // After 2^29 events old answers could pass for new ones.
  epoch_ = kEpochStep;
  std::fill(answers_.begin(), answers_.end(), 0);
  std::fill(visited_.begin(), visited_.end(), 0);
  for (PassResult& pass : passes_) pass.epoch = 0;
}

void Evaluator::Evaluate(Event* event, Outcome* out) {
  BeginEvent(event);
  out->fired.clear();
  out->undecided.clear();
  out->terms_evaluated = 0;
  out->terms_possible = 0;
  if (!tree_) return;
  switch (meter_.Begin(event->type(), tree_)) {
    case Metering::kNone:
      Walk<Metering::kNone>(out);
      break;
    case Metering::kCounts:
      Walk<Metering::kCounts>(out);
      break;
    case Metering::kTimes:
      Walk<Metering::kTimes>(out);
  }
  std::sort(out->fired.begin(), out->fired.end());
  std::sort(out->undecided.begin(), out->undecided.end());
  out->terms_evaluated = asked_;
  out->terms_possible = tree_->term_count;
}

template <Metering kMetering>
void Evaluator::Walk(Outcome* out) {
  const TreeNode& root = tree_->nodes[0];
  out->fired.assign(tree_->detectors.begin() + root.detectors.begin,
                    tree_->detectors.begin() + root.detectors.end);
  meter_.Visit<kMetering>(0);
  meter_.Passed<kMetering>(0, false);
  VisitChildren<kMetering>(0, false, out);
  while (!open_.empty()) {
    const uint32_t next = open_.back();
    open_.pop_back();
    VisitChildren<kMetering>(next >> 1, (next & 1) != 0, out);
  }
  meter_.End<kMetering>();
}

template <Metering kMetering>
void Evaluator::Visit(uint32_t number, bool unknown, Outcome* out) {
  if (visited_[number] == epoch_) return;
  visited_[number] = epoch_;
  meter_.Visit<kMetering>(number);
  const TreeNode& node = tree_->nodes[number];
  const Truth truth = Ask<kMetering>(node.guard);
  if (truth == Truth::kFalse) return;
  unknown = unknown || truth == Truth::kUnknown;
  meter_.Passed<kMetering>(number, unknown);
  std::vector<DetectorId>& detectors = unknown ? out->undecided : out->fired;
  detectors.insert(detectors.end(), tree_->detectors.begin() + node.detectors.begin,
                   tree_->detectors.begin() + node.detectors.end);
  if (node.HasChildren()) open_.push_back(number * 2 + (unknown ? 1 : 0));
}

template <Metering kMetering>
void Evaluator::VisitChildren(uint32_t number, bool unknown, Outcome* out) {
  const TreeNode& node = tree_->nodes[number];
  const auto visit = [&](Range children) {
    for (uint32_t i = children.begin; i < children.end; ++i) {
      Visit<kMetering>(tree_->children[i], unknown, out);
    }
  };
  for (uint32_t i = node.indexes.begin; i < node.indexes.end; ++i) {
    meter_.Resume<kMetering>(number);
    const ChildIndex& index = tree_->indexes[i];
    const ValueState state = RunPass<kMetering>(index.property);
    if (state == ValueState::kPending) visit(index.children);
    if (state != ValueState::kPresent) continue;
    for (const uint32_t hit : passes_[static_cast<size_t>(index.property)].hits) {
      visit(tree_->Find(index, hit));
    }
  }
  visit(node.always);
}

template <Metering kMetering>
ValueState Evaluator::RunPass(PropertyId property) {
  PassResult& result = passes_[static_cast<size_t>(property)];
  if (result.epoch == epoch_) return result.state;
  result.epoch = epoch_;
  meter_.Resolve<kMetering>(property);
  const Value& value = event_->Get(property);
  result.state = value.state();
  meter_.Resolved<kMetering>(property, result.state);
  if (value.present()) {
    const Pass& pass = *tree_->passes[static_cast<size_t>(property)];
    // A timed event is matched anew, so that it tells what its terms cost.
    if (kMetering == Metering::kTimes || !result.value.Is(pass.matcher.get(), value)) {
      MatchWork* const work = kMetering == Metering::kTimes ? meter_.WorkOn(property) : nullptr;
      pass.matcher->Match(value, scratch_.get(), &result.hits, work);
      result.value.Keep(pass.matcher.get(), value);
    }
    for (const uint32_t hit : result.hits) {
      answers_[pass.terms[hit]] = epoch_ | kNamed | static_cast<uint32_t>(Truth::kTrue);
    }
    meter_.Matched<kMetering>(property, result.hits);
  }
  meter_.Leave<kMetering>();
  return result.state;
}

template <Metering kMetering>
Truth Evaluator::Ask(Literal literal) {
  const uint32_t expression = literal >> 1;
  const uint32_t answer = answers_[expression];
  Truth truth;
  if ((answer & ~(kTruth | kNamed)) == epoch_) {
    truth = static_cast<Truth>(answer & kTruth);
    if ((answer & kNamed) != 0) {
      ++asked_;
      meter_.Asked<kMetering>(expression, truth);
      answers_[expression] = answer & ~kNamed;
    }
  } else {
    const auto terms = static_cast<uint32_t>(plan_->terms_.size());
    truth = expression < terms ? AskTerm<kMetering>(expression)
                               : AskGate<kMetering>(expression - terms);
    answers_[expression] = epoch_ | static_cast<uint32_t>(truth);
  }
  return (literal & 1) != 0 ? Not(truth) : truth;
}

// For a term without an answer: its pass has not been run, or did not find it.
template <Metering kMetering>
Truth Evaluator::AskTerm(TermId term) {
  ++asked_;
  const Truth truth = AnswerTerm<kMetering>(term);
  meter_.Asked<kMetering>(term, truth);
  return truth;
}

template <Metering kMetering>
Truth Evaluator::AnswerTerm(TermId term) {
  const ValueState state = RunPass<kMetering>(plan_->terms_[term].property);
  if (state == ValueState::kPending) return Truth::kUnknown;
  if (state == ValueState::kMissing) return Truth::kFalse;
  if ((answers_[term] & ~(kTruth | kNamed)) == epoch_) return Truth::kTrue;
  return plan_->lazy_[term] ? AskLazyTerm<kMetering>(term) : Truth::kFalse;
}

template <Metering kMetering>
Truth Evaluator::AskLazyTerm(TermId term) {
  const PropertyId property = plan_->terms_[term].property;
  const Pass& pass = *tree_->passes[static_cast<size_t>(property)];
  const auto lazy = std::lower_bound(pass.lazy.begin(), pass.lazy.end(), term,
                                     [](const Pass::LazyTerm& a, TermId b) { return a.term < b; });
  if (lazy == pass.lazy.end() || lazy->term != term) return Truth::kFalse;
  meter_.Lazy<kMetering>(term);
  const bool matches = pass.matcher->MatchLazy(lazy->number, event_->Get(property), scratch_.get());
  meter_.Leave<kMetering>();
  return matches ? Truth::kTrue : Truth::kFalse;
}

template <Metering kMetering>
Truth Evaluator::AskGate(uint32_t gate) {
  const Range range = plan_->gates_[gate];
  Truth truth = Truth::kTrue;
  for (uint32_t i = range.begin; i < range.end; ++i) {
    const Truth operand = Ask<kMetering>(plan_->operands_[i]);
    if (operand == Truth::kFalse) return operand;
    if (operand == Truth::kUnknown) truth = operand;
  }
  return truth;
}

void Evaluator::TrueTerms(DetectorId detector, std::vector<Literal>* out) {
  out->clear();
  if (!tree_) return;
  const auto place = std::find(tree_->detectors.begin(), tree_->detectors.end(), detector);
  if (place == tree_->detectors.end()) return;
  const auto at = static_cast<uint32_t>(place - tree_->detectors.begin());
  // Nodes hold their detectors in the order of the nodes.
  auto node = std::upper_bound(
      tree_->nodes.begin(), tree_->nodes.end(), at,
      [](uint32_t position, const TreeNode& node) { return position < node.detectors.end; });
  std::vector<bool> seen(answers_.size());
  for (auto number = static_cast<uint32_t>(node - tree_->nodes.begin()); number != 0;
       number = tree_->nodes[number].parent) {
    CollectTrueTerms(tree_->nodes[number].guard, &seen, out);
  }
  std::sort(out->begin(), out->end());
}

// `seen` is by expression: one that several gates share is looked into once.
void Evaluator::CollectTrueTerms(Literal literal, std::vector<bool>* seen,
                                 std::vector<Literal>* out) {
  const uint32_t expression = literal >> 1;
  if ((*seen)[expression] || Ask<Metering::kNone>(literal) != Truth::kTrue) return;
  (*seen)[expression] = true;
  if (expression < plan_->terms_.size()) {
    out->push_back(literal);
    return;
  }
  const Range range = plan_->gates_[expression - plan_->terms_.size()];
  for (uint32_t i = range.begin; i < range.end; ++i) {
    CollectTrueTerms(plan_->operands_[i] ^ (literal & 1), seen, out);
  }
}

}  // namespace nuthatch
