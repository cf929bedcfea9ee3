#ifndef NUTHATCH_ADDON_VERIFIER_H_
#define NUTHATCH_ADDON_VERIFIER_H_

#include <napi.h>

namespace nuthatch {

// Adds the class Verifier to the addon's exports; lib/binding.ts describes it.
void ExportVerifier(Napi::Env env, Napi::Object exports);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_VERIFIER_H_
