// Any bytes as the rules of a Plan, or as a whole Plan: refused, or good for evaluating.
#include <cstdlib>

#include "evaluate/evaluator.h"
#include "model/plan_file.h"

namespace {

using nuthatch::Value;

// Each property in turn is missing, pending, or one of a few values.
struct Source : nuthatch::PropertySource {
  unsigned round = 0;

  Value Resolve(nuthatch::Event*, nuthatch::PropertyId id) override {
    switch ((static_cast<unsigned>(id) + round) % 5) {
      case 0:
        return Value::Missing();
      case 1:
        return Value::Pending();
      case 2:
        return Value::Number(round);
      default:
        return Value::String("C:\\Windows\\x.exe -enc 10.0.0.1");
    }
  }
};

void Evaluate(const std::shared_ptr<const nuthatch::Plan>& plan) {
  nuthatch::Evaluator evaluator(plan);
  nuthatch::Event event;
  nuthatch::Outcome outcome;
  Source source;
  std::vector<nuthatch::TermId> terms;
  for (; source.round < 5; ++source.round) {
    for (size_t type = 0; type < nuthatch::kEventTypeCount; ++type) {
      event.Reset(static_cast<nuthatch::EventType>(type), &source);
      evaluator.Evaluate(&event, &outcome);
      for (const nuthatch::DetectorId detector : outcome.fired) {
        if (detector >= plan->detector_count()) std::abort();
        evaluator.TrueTerms(detector, &terms);
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  nuthatch::PlanSections sections;
  const std::span<const uint8_t> bytes(data, size);
  (void)nuthatch::ReadPlanFile(bytes, &sections).ok();
  std::shared_ptr<const nuthatch::Plan> plan;
  if (nuthatch::Plan::Load(bytes, &plan).ok()) Evaluate(plan);
  return 0;
}
