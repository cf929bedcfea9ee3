#ifndef NUTHATCH_ADDON_TRACE_EVENTS_H_
#define NUTHATCH_ADDON_TRACE_EVENTS_H_

#include <napi.h>

#include <memory>

#include "pipeline/trace_block.h"

namespace nuthatch {

// Adds the classes TraceText and TraceBlocks to the addon's exports; lib/binding.ts describes them.
void ExportTraceEvents(Napi::Env env, Napi::Object exports);

// What the last step of an instance of TraceBlocks has made. Between two steps, and once for each.
std::shared_ptr<const TraceBlock> TakeTraceBlock(Napi::Value blocks);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_TRACE_EVENTS_H_
