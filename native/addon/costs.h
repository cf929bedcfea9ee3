#ifndef NUTHATCH_ADDON_COSTS_H_
#define NUTHATCH_ADDON_COSTS_H_

#include <napi.h>

#include "evaluate/cost_meter.h"
#include "evaluate/plan.h"

namespace nuthatch {

// What evaluating events with `plan` has cost, as lib/binding.ts describes it.
Napi::Array CostsOf(Napi::Env env, const Plan& plan, const CostMeter& costs);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_COSTS_H_
