#ifndef NUTHATCH_ADDON_PLAN_H_
#define NUTHATCH_ADDON_PLAN_H_

#include <napi.h>

#include <memory>

#include "pipeline/program.h"

namespace nuthatch {

// What a Plan's bytes hold; immutable, so any thread may keep and read it.
struct LoadedPlan {
  std::shared_ptr<const Plan> rules;
  std::shared_ptr<const Mappings> mappings;
  std::shared_ptr<const Program> detecting;  // what most runs are for

  std::shared_ptr<const Program> ProgramFor(Output output) const {
    return output == Output::kDetections ? detecting
                                         : std::make_shared<Program>(rules, mappings, output);
  }
};

// Adds the class Plan to the addon's exports; lib/binding.ts describes it.
void ExportPlan(Napi::Env env, Napi::Object exports);

// The contents of an instance of that class. Throws a TypeError for any other value.
const LoadedPlan& LoadedPlanOf(Napi::Value value);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_PLAN_H_
