// Reads what lib/compile/plan.ts writes.
#ifndef NUTHATCH_EVALUATE_PLAN_READER_H_
#define NUTHATCH_EVALUATE_PLAN_READER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/byte_reader.h"
#include "base/status.h"
#include "evaluate/plan.h"

namespace nuthatch {

// Gates nested deeper are refused: the evaluator recurses as deep. maxGateDepth in
// lib/compile/expressions.ts is the same.
inline constexpr uint32_t kMaxGateDepth = 256;

// Memory and time are linear in the size of the section, times the number of event types.
class PlanReader {
 public:
  explicit PlanReader(std::span<const uint8_t> rule_section)
      : reader_(rule_section), plan_(std::make_shared<Plan>()) {}

  Status Read(std::shared_ptr<const Plan>* out);

 private:
  void ReadTerms();
  Term ReadTerm();
  void ReadGates();
  void ReadDetectors();
  Status ReadPasses();
  Status ReadPass(Pass* pass);
  void ReadTrees();
  void ReadTree(Tree* tree);
  void AddTerms(const Pass& pass, Tree* tree);
  void ReadNode(Tree* tree, uint32_t number);
  void ReadIndex(Tree* tree, uint32_t parent);
  void ReadSlot(Tree* tree, uint32_t parent, const Pass& pass, const ChildIndex& index);
  void ReadChildren(Tree* tree, uint32_t parent, std::vector<uint32_t>* children);
  void CheckExpressions(Tree* tree);

  PropertyId ReadProperty();
  Literal ReadLiteral(size_t expressions);
  size_t expression_count() const { return plan_->terms_.size() + plan_->gates_.size(); }
  // Makes the reader fail unless `condition` holds.
  bool Check(bool condition, const char* what);

  ByteReader reader_;
  std::shared_ptr<Plan> plan_;
  std::string wrong_;             // what, and where
  std::vector<uint32_t> always_;  // children of the node that is being read
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_PLAN_READER_H_
