// Writes the section RULE for tests, by hand: what lib/compile/plan.ts does for real rules.
#ifndef NUTHATCH_TEST_EVALUATE_PLAN_BUILDER_H_
#define NUTHATCH_TEST_EVALUATE_PLAN_BUILDER_H_

#include <map>
#include <string>
#include <vector>

#include "evaluate/plan.h"
#include "evaluate/term.h"
#include "evaluate/tree.h"
#include "support/byte_sink.h"

namespace nuthatch {

// One tree. Make the terms first, then the gates, then the nodes, parents before their children.
class PlanBuilder {
 public:
  struct Node {
    uint32_t parent;
    Literal guard;
    std::vector<uint32_t> detectors;
    std::vector<TermId> triggers;  // none: always looked at
  };

  explicit PlanBuilder(EventType type = EventType::kProcessStart) : type_(type) {}

  Literal AddTerm(Term term) {
    terms_.push_back(std::move(term));
    return static_cast<Literal>(terms_.size() - 1) * 2;
  }
  Literal Text(PropertyId property, MatchKind match, std::vector<std::string> strings) {
    return AddTerm({property, match, false, false, std::move(strings), {}});
  }
  Literal And(std::vector<Literal> operands) {
    gates_.push_back(std::move(operands));
    return static_cast<Literal>(terms_.size() + gates_.size() - 1) * 2;
  }
  Literal Or(std::vector<Literal> operands) {
    for (Literal& operand : operands) operand ^= 1;
    return And(std::move(operands)) ^ 1;
  }
  // Detectors are called d0, d1, …
  uint32_t AddNode(uint32_t parent, Literal guard, std::vector<uint32_t> detectors = {},
                   std::vector<TermId> triggers = {}) {
    nodes_.push_back({parent, guard, std::move(detectors), std::move(triggers)});
    return static_cast<uint32_t>(nodes_.size());
  }
  std::vector<uint32_t> root_detectors;
  std::map<uint32_t, std::vector<uint32_t>> more_children;  // by parent; what no compiler writes
  uint32_t detector_count = 10;

  std::vector<uint8_t> Build() const {
    ByteSink out;
    out.U32(terms_.size());
    for (const Term& term : terms_) WriteTerm(term, &out);
    out.U32(gates_.size());
    for (const auto& operands : gates_) out.List(operands);
    out.U32(detector_count);
    for (uint32_t i = 0; i < detector_count; ++i) {
      const std::string number = std::to_string(i);
      out.Text(std::string("d").append(number));
      out.Text(std::string("\"detector\":\"d").append(number).append("\""));
    }
    WriteTree(&out);
    return out.bytes();
  }

  std::shared_ptr<const Plan> Load() const {
    std::shared_ptr<const Plan> plan;
    const Status status = Plan::Load(Build(), &plan);
    return status.ok() ? plan : nullptr;
  }

 private:
  static void WriteTerm(const Term& term, ByteSink* out) {
    out->U16(static_cast<size_t>(term.property));
    out->U8(static_cast<size_t>(term.match));
    out->U8((term.all ? 1 : 0) | (term.case_sensitive ? 2 : 0));
    out->U32(term.strings.size());
    for (const std::string& text : term.strings) out->Text(text);
    out->U32(term.numbers.size());
    for (const double number : term.numbers) out->F64(number);
  }

  void WriteTree(ByteSink* out) const {
    std::map<PropertyId, std::vector<uint32_t>> passes;
    for (uint32_t id = 0; id < terms_.size(); ++id) passes[terms_[id].property].push_back(id);
    out->U32(passes.size());
    for (const auto& [property, terms] : passes) {
      out->U16(static_cast<size_t>(property));
      out->List(terms);
    }
    out->U32(1);
    out->U16(static_cast<size_t>(type_));
    out->U32(passes.size());
    for (uint32_t pass = 0; pass < passes.size(); ++pass) out->U32(pass);
    out->U32(nodes_.size() + 1);
    for (uint32_t number = 0; number <= nodes_.size(); ++number) {
      if (number > 0) out->U32(nodes_[number - 1].guard);
      out->List(number > 0 ? nodes_[number - 1].detectors : root_detectors);
      WriteChildren(number, out);
    }
  }

  void WriteChildren(uint32_t parent, ByteSink* out) const {
    std::vector<uint32_t> always;
    if (const auto more = more_children.find(parent); more != more_children.end()) {
      always = more->second;
    }
    std::map<PropertyId, std::map<TermId, std::vector<uint32_t>>> indexes;
    for (uint32_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].parent != parent) continue;
      if (nodes_[i].triggers.empty()) always.push_back(i + 1);
      for (const TermId term : nodes_[i].triggers) {
        indexes[terms_[term].property][term].push_back(i + 1);
      }
    }
    out->List(always);
    out->U32(indexes.size());
    for (const auto& [property, by_term] : indexes) {
      out->U16(static_cast<size_t>(property));
      out->U32(by_term.size());
      for (const auto& [term, children] : by_term) {
        out->U32(term);
        out->List(children);
      }
    }
  }

  EventType type_;
  std::vector<Term> terms_;
  std::vector<std::vector<Literal>> gates_;
  std::vector<Node> nodes_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_EVALUATE_PLAN_BUILDER_H_
