#ifndef NUTHATCH_ADDON_IMAGE_H_
#define NUTHATCH_ADDON_IMAGE_H_

#include <napi.h>

namespace nuthatch {

// Adds readImage to the addon's exports; lib/binding.ts describes it.
void ExportImage(Napi::Env env, Napi::Object exports);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_IMAGE_H_
