// What pipelines are told, and tell, in JavaScript; lib/binding.ts describes it.
#ifndef NUTHATCH_ADDON_PIPELINE_OPTIONS_H_
#define NUTHATCH_ADDON_PIPELINE_OPTIONS_H_

#include <napi.h>

#include <optional>

#include "pipeline/pipeline.h"

namespace nuthatch {

PipelineOptions OptionsOf(Napi::Object options);
Output OutputOf(Napi::Object options);
// Null when no signatures are verified.
Napi::Value ToValue(Napi::Env env, const std::optional<SignatureCacheStatistics>& statistics);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_PIPELINE_OPTIONS_H_
