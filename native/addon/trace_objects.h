// What is known of a trace, as JavaScript objects; lib/binding.ts describes them.
#ifndef NUTHATCH_ADDON_TRACE_OBJECTS_H_
#define NUTHATCH_ADDON_TRACE_OBJECTS_H_

#include <napi.h>

#include "etw/trace_reader.h"
#include "etw/trace_statistics.h"
#include "etw/undecoded_events.h"
#include "trace/stack_matcher.h"

namespace nuthatch {

Napi::Object HeaderOf(Napi::Env env, const TraceHeader& header);
Napi::Object FaultsOf(Napi::Env env, const TraceReader& reader);
Napi::Array EventsOf(Napi::Env env, const EventCounts& events);
Napi::Array UndecodedOf(Napi::Env env, const UndecodedEvents& undecoded);
Napi::Object StacksOf(Napi::Env env, const StackCounts& stacks);
Napi::Object TimelineOf(Napi::Env env, const Timeline& timeline, const EtlFile& file);

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_TRACE_OBJECTS_H_
