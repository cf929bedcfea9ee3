#ifndef NUTHATCH_ADDON_PATTERN_H_
#define NUTHATCH_ADDON_PATTERN_H_

#include <napi.h>

namespace nuthatch {

// Adds checkPattern() to the addon's exports; lib/binding.ts describes it.
void ExportPattern(Napi::Env env, Napi::Object exports);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_PATTERN_H_
