// How a live trace is to be had, and what it counts, in JavaScript; lib/binding.ts describes it.
#ifndef NUTHATCH_ADDON_LIVE_OPTIONS_H_
#define NUTHATCH_ADDON_LIVE_OPTIONS_H_

#include <napi.h>

#include <memory>

#include "pipeline/debug_help.h"
#include "pipeline/live_trace.h"

namespace nuthatch {

LiveTraceOptions LiveOptionsOf(Napi::Object options);
// nullptr where no PDBs are asked for. Throws as a JavaScript error.
std::shared_ptr<DebugHelp> DebugHelpOf(Napi::Object options);
// Windows, or a recorded trace in its place. Throws as a JavaScript error.
std::shared_ptr<EtwSystem> EtwSystemOf(Napi::Object options);
Napi::Object ToObject(Napi::Env env, const LiveTraceCounts& counts);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_LIVE_OPTIONS_H_
