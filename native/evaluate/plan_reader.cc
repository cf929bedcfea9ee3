#include "evaluate/plan_reader.h"

#include <algorithm>
#include <bit>

namespace nuthatch {
namespace {

constexpr uint32_t kNoParent = UINT32_MAX;

bool HasTheValuesItNeeds(const Term& term) {
  switch (term.match) {
    case MatchKind::kEquals:
    case MatchKind::kIncludes:
    case MatchKind::kStartsWith:
    case MatchKind::kEndsWith:
    case MatchKind::kMatches:
    case MatchKind::kInSubnet:
      return !term.strings.empty();
    case MatchKind::kNumberEquals:
      return !term.numbers.empty();
    case MatchKind::kGreaterThan:
    case MatchKind::kLessThan:
      return term.numbers.size() == 1;
    case MatchKind::kBetween:
      return term.numbers.size() == 2;
    case MatchKind::kExists:
    case MatchKind::kIsTrue:
      return true;
  }
  return false;
}

uint32_t Size(const auto& items) { return static_cast<uint32_t>(items.size()); }

}  // namespace

Status Plan::Load(std::span<const uint8_t> rule_section, std::shared_ptr<const Plan>* out) {
  return PlanReader(rule_section).Read(out);
}

bool PlanReader::Check(bool condition, const char* what) {
  if (!condition && reader_.ok()) {
    wrong_ = std::string(what) + " before byte " + std::to_string(reader_.position());
    reader_.Fail();
  }
  return condition;
}

Status PlanReader::Read(std::shared_ptr<const Plan>* out) {
  ReadTerms();
  ReadGates();
  ReadDetectors();
  if (Status status = ReadPasses(); !status.ok()) return status;
  ReadTrees();
  Check(reader_.AtEnd(), "something stands behind the last tree");
  if (!reader_.ok()) {
    return Status::Error("NUTHATCH_PLAN_CORRUPT", "The rules of the Plan are corrupt: " +
                                                      (wrong_.empty() ? "cut short" : wrong_) +
                                                      ". Compile the rules again.");
  }
  *out = std::move(plan_);
  return {};
}

PropertyId PlanReader::ReadProperty() {
  const uint16_t id = reader_.U16();
  return Check(id < kPropertyCount, "unknown property") ? static_cast<PropertyId>(id)
                                                        : PropertyId{};
}

Literal PlanReader::ReadLiteral(size_t expressions) {
  const Literal literal = reader_.U32();
  Check((literal >> 1) < expressions, "unknown expression");
  return literal;
}

void PlanReader::ReadTerms() {
  plan_->terms_.resize(reader_.Count(12));
  for (Term& term : plan_->terms_) {
    term = ReadTerm();
    if (!reader_.ok()) return;
  }
  plan_->lazy_.resize(plan_->terms_.size());
}

Term PlanReader::ReadTerm() {
  Term term{};
  term.property = ReadProperty();
  const uint8_t match = reader_.U8();
  Check(match < kMatchKindCount, "unknown match kind");
  term.match = static_cast<MatchKind>(match);
  const uint8_t flags = reader_.U8();
  Check(flags < 4, "unknown flags of a term");
  term.all = (flags & 1) != 0;
  term.case_sensitive = (flags & 2) != 0;
  term.strings.resize(reader_.Count(4));
  for (std::string& text : term.strings) text = reader_.Text();
  term.numbers.resize(reader_.Count(8));
  for (double& number : term.numbers) number = reader_.F64();
  if (reader_.ok()) Check(HasTheValuesItNeeds(term), "a term without its values");
  return term;
}

void PlanReader::ReadGates() {
  const uint32_t count = reader_.Count(4);
  const size_t terms = plan_->terms_.size();
  plan_->gates_.reserve(count);
  std::vector<uint32_t> depths(count, 1);
  for (uint32_t gate = 0; gate < count && reader_.ok(); ++gate) {
    const uint32_t begin = Size(plan_->operands_);
    for (uint32_t left = reader_.Count(4); left > 0; --left) {
      const Literal operand = ReadLiteral(terms + gate);
      if (!reader_.ok()) return;
      const size_t expression = operand >> 1;
      if (expression >= terms)
        depths[gate] = std::max(depths[gate], depths[expression - terms] + 1);
      plan_->operands_.push_back(operand);
    }
    Check(depths[gate] <= kMaxGateDepth, "expressions are nested too deep");
    plan_->gates_.push_back({begin, Size(plan_->operands_)});
  }
}

void PlanReader::ReadDetectors() {
  plan_->detectors_.resize(reader_.Count(8));
  for (Plan::Detector& detector : plan_->detectors_) {
    detector.name = reader_.Text();
    detector.members = reader_.Text();
  }
}

// At most one pass for each property and event type: so terms are built into matchers no more
// often than there are event types.
Status PlanReader::ReadPasses() {
  std::array<size_t, kPropertyCount> passes{};
  for (uint32_t left = reader_.Count(6); left > 0; --left) {
    auto pass = std::make_unique<Pass>();
    if (Status status = ReadPass(pass.get()); !status.ok()) return status;
    if (!reader_.ok()) return {};
    Check(++passes[static_cast<size_t>(pass->property)] <= kEventTypeCount,
          "more passes over a property than event types");
    plan_->passes_.push_back(std::move(pass));
  }
  return {};
}

Status PlanReader::ReadPass(Pass* pass) {
  pass->property = ReadProperty();
  std::vector<const Term*> terms;
  for (uint32_t left = reader_.Count(4); left > 0; --left) {
    const TermId id = reader_.U32();
    if (!Check(id < plan_->terms_.size() && plan_->terms_[id].property == pass->property &&
                   (pass->terms.empty() || pass->terms.back() < id),
               "a pass with terms that are not its own")) {
      return {};
    }
    pass->terms.push_back(id);
    terms.push_back(&plan_->terms_[id]);
  }
  Check(!terms.empty(), "a pass without terms");
  if (!reader_.ok()) return {};
  if (Status status = PropertyMatcher::Build(terms, &pass->matcher); !status.ok()) return status;
  for (uint32_t number = 0; number < Size(terms); ++number) {
    if (!pass->matcher->IsLazy(number)) continue;
    pass->lazy.push_back({pass->terms[number], number});
    plan_->lazy_[pass->terms[number]] = true;
  }
  return {};
}

void PlanReader::ReadTrees() {
  for (uint32_t left = reader_.Count(10); left > 0 && reader_.ok(); --left) {
    const uint16_t type = reader_.U16();
    if (!Check(type < kEventTypeCount && !plan_->trees_[type], "unknown event type, or one twice"))
      return;
    auto tree = std::make_unique<Tree>();
    ReadTree(tree.get());
    plan_->trees_[type] = std::move(tree);
  }
}

void PlanReader::ReadTree(Tree* tree) {
  for (uint32_t left = reader_.Count(4); left > 0; --left) {
    const uint32_t pass = reader_.U32();
    if (!Check(pass < plan_->passes_.size(), "unknown pass")) return;
    const Pass*& place = tree->passes[static_cast<size_t>(plan_->passes_[pass]->property)];
    if (!Check(!place, "two passes over one property")) return;
    place = plan_->passes_[pass].get();
    AddTerms(*place, tree);
  }
  tree->nodes.resize(reader_.Count(12));
  Check(!tree->nodes.empty(), "a tree without a root");
  for (TreeNode& node : tree->nodes) node.parent = kNoParent;
  for (uint32_t number = 0; number < Size(tree->nodes) && reader_.ok(); ++number) {
    ReadNode(tree, number);
  }
  if (reader_.ok()) CheckExpressions(tree);
}

void PlanReader::AddTerms(const Pass& pass, Tree* tree) {
  tree->first_places[static_cast<size_t>(pass.property)] = Size(tree->terms);
  tree->term_places.resize(plan_->terms_.size());
  for (const TermId term : pass.terms) {
    tree->term_places[term] = Size(tree->terms);
    tree->terms.push_back(term);
  }
}

void PlanReader::ReadNode(Tree* tree, uint32_t number) {
  TreeNode& node = tree->nodes[number];
  if (number > 0) {
    Check(node.parent != kNoParent, "a node without a parent");
    node.guard = ReadLiteral(expression_count());
  }
  node.detectors.begin = Size(tree->detectors);
  for (uint32_t left = reader_.Count(4); left > 0; --left) {
    tree->detectors.push_back(reader_.U32());
    Check(tree->detectors.back() < plan_->detectors_.size(), "unknown detector");
  }
  node.detectors.end = Size(tree->detectors);

  always_.clear();
  ReadChildren(tree, number, &always_);
  node.indexes.begin = Size(tree->indexes);
  for (uint32_t left = reader_.Count(6); left > 0 && reader_.ok(); --left) ReadIndex(tree, number);
  node.indexes.end = Size(tree->indexes);

  node.always.begin = Size(tree->children);
  tree->children.insert(tree->children.end(), always_.begin(), always_.end());
  node.always.end = Size(tree->children);
}

void PlanReader::ReadIndex(Tree* tree, uint32_t parent) {
  ChildIndex index;
  index.property = ReadProperty();
  const Pass* pass = tree->passes[static_cast<size_t>(index.property)];
  const uint32_t count = reader_.Count(8);
  if (!Check(pass && count > 0, "an index without a pass")) return;
  index.shift = 31 - static_cast<uint32_t>(std::bit_width(count));
  Check(index.shift > 0 && index.shift < 32, "an index too large");
  if (!reader_.ok()) return;
  index.first_slot = Size(tree->slots);
  tree->slots.resize(tree->slots.size() + (size_t{1} << (32 - index.shift)));
  index.children.begin = Size(tree->children);
  for (uint32_t left = count; left > 0 && reader_.ok(); --left) {
    ReadSlot(tree, parent, *pass, index);
  }
  index.children.end = Size(tree->children);
  tree->indexes.push_back(index);
}

// A lazy term is never among the hits, so the children that it names are always looked at.
void PlanReader::ReadSlot(Tree* tree, uint32_t parent, const Pass& pass, const ChildIndex& index) {
  const TermId term = reader_.U32();
  const auto place = std::lower_bound(pass.terms.begin(), pass.terms.end(), term);
  if (!Check(place != pass.terms.end() && *place == term, "an index by a term of no pass")) return;
  const auto number = static_cast<uint32_t>(place - pass.terms.begin());
  if (pass.matcher->IsLazy(number)) return ReadChildren(tree, parent, &always_);

  const uint32_t mask = UINT32_MAX >> index.shift;
  uint32_t at = Tree::SlotOf(index, number);
  while (tree->slots[index.first_slot + at].number != Slot::kFree) {
    if (!Check(tree->slots[index.first_slot + at].number != number, "an index by one term twice"))
      return;
    at = (at + 1) & mask;
  }
  Slot& slot = tree->slots[index.first_slot + at];
  slot.number = number;
  slot.children.begin = Size(tree->children);
  ReadChildren(tree, parent, &tree->children);
  slot.children.end = Size(tree->children);
}

// Appends to `children`. A node has one parent, which comes before it, so the nodes are a tree.
void PlanReader::ReadChildren(Tree* tree, uint32_t parent, std::vector<uint32_t>* children) {
  for (uint32_t left = reader_.Count(4); left > 0; --left) {
    const uint32_t child = reader_.U32();
    if (!Check(child > parent && child < tree->nodes.size(), "a child before its parent")) return;
    uint32_t& known = tree->nodes[child].parent;
    if (!Check(known == kNoParent || known == parent, "a node with two parents")) return;
    known = parent;
    children->push_back(child);
  }
}

// Every term that the tree can ask for must be answered by one of its passes.
void PlanReader::CheckExpressions(Tree* tree) {
  const size_t terms = plan_->terms_.size();
  std::vector<bool> seen(expression_count());
  std::vector<uint32_t> open;
  const auto add = [&](Literal literal) {
    if (seen[literal >> 1]) return;
    seen[literal >> 1] = true;
    open.push_back(literal >> 1);
  };
  for (size_t i = 1; i < tree->nodes.size(); ++i) add(tree->nodes[i].guard);
  while (!open.empty()) {
    const uint32_t expression = open.back();
    open.pop_back();
    if (expression >= terms) {
      const Range range = plan_->gates_[expression - terms];
      for (uint32_t i = range.begin; i < range.end; ++i) add(plan_->operands_[i]);
      continue;
    }
    ++tree->term_count;
    const Pass* pass = tree->passes[static_cast<size_t>(plan_->terms_[expression].property)];
    if (!Check(pass && std::binary_search(pass->terms.begin(), pass->terms.end(), expression),
               "a term that no pass of its tree answers")) {
      return;
    }
  }
}

}  // namespace nuthatch
