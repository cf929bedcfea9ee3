// The addon's exports: lib/binding.ts describes them.
#include <napi.h>

#include "addon/build.h"
#include "addon/error.h"
#include "addon/etl.h"
#include "addon/image.h"
#include "addon/live_trace.h"
#include "addon/memory.h"
#include "addon/parse.h"
#include "addon/pattern.h"
#include "addon/pipeline.h"
#include "addon/plan.h"
#include "addon/trace_events.h"
#include "addon/verification.h"
#include "addon/verifier.h"

namespace {

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  nuthatch::ExportBuild(env, exports);
  nuthatch::ExportErrorClass(env, exports);
  nuthatch::ExportEtl(env, exports);
  nuthatch::ExportImage(env, exports);
  nuthatch::ExportLiveTrace(env, exports);
  nuthatch::ExportMemory(env, exports);
  nuthatch::ExportParse(env, exports);
  nuthatch::ExportPattern(env, exports);
  nuthatch::ExportPlan(env, exports);
  nuthatch::ExportPipeline(env, exports);
  nuthatch::ExportTraceEvents(env, exports);
  nuthatch::ExportVerification(env, exports);
  nuthatch::ExportVerifier(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(nuthatch, Init)
