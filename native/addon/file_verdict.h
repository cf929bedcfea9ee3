#ifndef NUTHATCH_ADDON_FILE_VERDICT_H_
#define NUTHATCH_ADDON_FILE_VERDICT_H_

#include <napi.h>

#include "trust/file_verifier.h"

namespace nuthatch {

// As lib/binding.ts describes NativeFileVerdict.
Napi::Object ToObject(Napi::Env env, const FileVerdict& verdict);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_FILE_VERDICT_H_
