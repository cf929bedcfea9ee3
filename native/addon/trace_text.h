#ifndef NUTHATCH_ADDON_TRACE_TEXT_H_
#define NUTHATCH_ADDON_TRACE_TEXT_H_

#include <napi.h>

namespace nuthatch {

// Adds the class TraceText to the addon's exports; lib/binding.ts describes it.
void ExportTraceText(Napi::Env env, Napi::Object exports);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_TRACE_TEXT_H_
