#include "addon/pipeline_options.h"

#include <string>
#include <utility>

#include "addon/setter.h"
#include "addon/verification.h"
#include "trust/image_root.h"

namespace nuthatch {
namespace {

// Undefined or null: none.
std::optional<SignatureOptions> SignaturesOf(const Napi::Value& value) {
  if (value.IsUndefined() || value.IsNull()) return std::nullopt;
  const Napi::Object options = value.As<Napi::Object>();
  const Verification& verification = VerificationOf(options.Get("verification"));
  SignatureOptions result;
  result.make_verify = verification.make_verify;
  if (const Napi::Value root = options.Get("imageRoot"); !root.IsNull()) {
    const std::string folder = root.As<Napi::String>();
    const auto volume = options.Get("imageVolume").As<Napi::Number>().Uint32Value();
    if (!ImageRoot(folder).HasDisks())
      result.cache.windows_volume = std::make_shared<WindowsVolume>(volume);
    result.make_verify = Below(folder, result.cache.windows_volume, verification.make_verify);
  }
  result.cache.pool = result.cache.network = verification.pool;
  result.cache.network.threads = 1;
  result.cache.enrichment = verification.enrichment;
  result.deadline = verification.pool.deadline;
  if (options.Get("recorded").ToBoolean()) result.deadline.reset();
  return result;
}

}  // namespace

Output OutputOf(Napi::Object options) {
  const std::string output = options.Get("output").As<Napi::String>();
  if (output == "events") return Output::kEvents;
  return output == "derived-events" ? Output::kEventsWithDerived : Output::kDetections;
}

PipelineOptions OptionsOf(Napi::Object options) {
  const auto number = [&](const char* name) {
    return static_cast<size_t>(options.Get(name).As<Napi::Number>().Int64Value());
  };
  PipelineOptions result;
  result.threads = number("threads");
  result.stop_at_malformed = options.Get("stopAtMalformed").ToBoolean();
  result.max_record_bytes = number("maxRecordBytes");
  result.process_table_capacity = number("processTableCapacity");
  result.signatures = SignaturesOf(options.Get("signatures"));
  return result;
}

Napi::Value ToValue(Napi::Env env, const std::optional<SignatureCacheStatistics>& told) {
  if (!told) return env.Null();
  const SignatureCacheStatistics& statistics = *told;
  return Setter(env)
      .Number("hits", statistics.hits)
      .Number("misses", statistics.misses)
      .Number("coalesced", statistics.coalesced)
      .Number("prewarmed", statistics.prewarmed)
      .Number("refreshed", statistics.refreshed)
      .Number("invalidated", statistics.invalidated)
      .Number("repeated", statistics.repeated)
      .Number("evicted", statistics.evicted)
      .Number("dropped", statistics.dropped)
      .Number("timedOut", statistics.timed_out)
      .Number("queued", statistics.queued)
      .Number("running", statistics.running)
      .Number("entries", statistics.entries)
      .Number("finished", statistics.finished)
      .Number("withinEnrichment", statistics.within_enrichment)
      .Number("enrichmentP50", statistics.enrichment_p50)
      .Number("enrichmentP99", statistics.enrichment_p99)
      .Number("p50", statistics.p50)
      .Number("p90", statistics.p90)
      .Number("p99", statistics.p99)
      .object();
}

}  // namespace nuthatch
