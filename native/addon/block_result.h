#ifndef NUTHATCH_ADDON_BLOCK_RESULT_H_
#define NUTHATCH_ADDON_BLOCK_RESULT_H_

#include <napi.h>

#include "pipeline/block_result.h"

namespace nuthatch {

// As lib/binding.ts describes it.
Napi::Object ToObject(Napi::Env env, const BlockResult& result);
// For a block that failed.
Napi::Error BlockOutOfMemory(Napi::Env env);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_BLOCK_RESULT_H_
