// The container of a Plan: header and sections. See "Terms, tree, Plan" in docs/design.md.
#ifndef NUTHATCH_MODEL_PLAN_FILE_H_
#define NUTHATCH_MODEL_PLAN_FILE_H_

#include <cstdint>
#include <span>

#include "base/status.h"

namespace nuthatch {

// lib/compile/plan.ts has the same.
inline constexpr uint32_t kPlanVersion = 1;

// Parts of the Plan's bytes, which must outlive them.
struct PlanSections {
  std::span<const uint8_t> rules;      // RULE: native/evaluate
  std::span<const uint8_t> mappings;   // MAPS: native/telemetry
  std::span<const uint8_t> detectors;  // META: JSON for lib/compile/plan.ts; may be absent
};

// NUTHATCH_PLAN_CORRUPT: no Plan, damaged or cut short. NUTHATCH_PLAN_VERSION,
// NUTHATCH_PLAN_SCHEMA: made by a release with another format or other event types and properties.
Status ReadPlanFile(std::span<const uint8_t> bytes, PlanSections* out);

}  // namespace nuthatch

#endif  // NUTHATCH_MODEL_PLAN_FILE_H_
