#ifndef NUTHATCH_ADDON_LIVE_TRACE_H_
#define NUTHATCH_ADDON_LIVE_TRACE_H_

#include <napi.h>

namespace nuthatch {

// Adds the class LiveTrace to the addon's exports; lib/binding.ts describes it.
void ExportLiveTrace(Napi::Env env, Napi::Object exports);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_LIVE_TRACE_H_
