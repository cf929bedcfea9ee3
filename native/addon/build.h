#ifndef NUTHATCH_ADDON_BUILD_H_
#define NUTHATCH_ADDON_BUILD_H_

#include <napi.h>

namespace nuthatch {

// What this binary is, and what it uses of the processor.
void ExportBuild(Napi::Env env, Napi::Object exports);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_BUILD_H_
