#ifndef NUTHATCH_ADDON_PIPELINE_H_
#define NUTHATCH_ADDON_PIPELINE_H_

#include <napi.h>

namespace nuthatch {

// Adds the class Pipeline to the addon's exports; lib/binding.ts describes it.
void ExportPipeline(Napi::Env env, Napi::Object exports);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_PIPELINE_H_
