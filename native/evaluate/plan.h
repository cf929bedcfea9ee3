// The compiled detectors.
#ifndef NUTHATCH_EVALUATE_PLAN_H_
#define NUTHATCH_EVALUATE_PLAN_H_

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "evaluate/term.h"
#include "evaluate/tree.h"
#include "model/schema.h"

namespace nuthatch {

// Immutable, shared by any number of evaluators on any threads.
class Plan {
 public:
  // Reads the section RULE of a Plan's bytes, which are not needed afterwards. Nothing in them is
  // trusted. NUTHATCH_PLAN_CORRUPT, or what PropertyMatcher::Build returns.
  static Status Load(std::span<const uint8_t> rule_section, std::shared_ptr<const Plan>* out);

  // Whether some detector can fire on events of `type`.
  bool Evaluates(EventType type) const { return TreeOf(type) != nullptr; }
  // nullptr when none can.
  const Tree* TreeOf(EventType type) const { return trees_[static_cast<size_t>(type)].get(); }
  // Whether some detector asks for `property` on events of `type`.
  bool Uses(EventType type, PropertyId property) const {
    const Tree* tree = TreeOf(type);
    return tree && tree->passes[static_cast<size_t>(property)];
  }
  size_t term_count() const { return terms_.size(); }
  const Term& term(TermId id) const { return terms_[id]; }
  size_t detector_count() const { return detectors_.size(); }
  std::string_view detector_name(DetectorId id) const { return detectors_[id].name; }
  // Members of a JSON object, without its braces, that tell a detection's reader of the detector.
  std::string_view detector_members(DetectorId id) const { return detectors_[id].members; }

 private:
  friend class PlanReader;
  friend class Evaluator;

  struct Detector {
    std::string name;
    std::string members;
  };

  std::vector<Term> terms_;
  std::vector<bool> lazy_;    // by term: lazy in at least one pass
  std::vector<Range> gates_;  // of operands_; operands come before the gates that use them
  std::vector<Literal> operands_;
  std::vector<Detector> detectors_;
  std::vector<std::unique_ptr<const Pass>> passes_;
  std::array<std::unique_ptr<const Tree>, kEventTypeCount> trees_;  // nullptr: no detector
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_PLAN_H_
