#include "addon/verifier.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "addon/file_verdict.h"
#include "addon/inbox.h"
#include "addon/promised_work.h"
#include "addon/setter.h"
#include "addon/verification.h"
#include "addon/woken_object.h"
#include "trust/verdict_cache.h"

namespace nuthatch {
namespace {

Napi::Object ToObject(Napi::Env env, const CatalogStore::Statistics& statistics) {
  return Setter(env)
      .Number("generation", statistics.generation)
      .Number("catalogs", statistics.catalogs)
      .Number("members", statistics.members)
      .Number("skipped", statistics.skipped)
      .Number("unreadable", statistics.unreadable)
      .object();
}

class Refreshing : public StoppableWork {
 public:
  Refreshing(Napi::Env env, std::shared_ptr<CatalogStore> store)
      : StoppableWork(env, "nuthatch catalogs", CatalogsOutOfMemory()), store_(std::move(store)) {}

 private:
  Status Run() override { return store_->Refresh(&stop()); }
  Napi::Value Result() override { return ToObject(Env(), store_->statistics()); }

  const std::shared_ptr<CatalogStore> store_;
};

// Its methods are called by the JavaScript thread; threads of the pool only put verdicts into the
// inbox and wake it. While files are being verified it keeps itself and the event loop alive.
class VerifierObject : public WokenObject<VerifierObject> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "Verifier",
                       {InstanceMethod<&VerifierObject::Verify>("verify"),
                        InstanceMethod<&VerifierObject::Cancel>("cancel"),
                        InstanceMethod<&VerifierObject::Refresh>("refresh"),
                        InstanceMethod<&VerifierObject::Statistics>("statistics"),
                        InstanceMethod<&VerifierObject::Close>("close")});
  }

  explicit VerifierObject(const Napi::CallbackInfo& info) : WokenObject(info, "nuthatch verifier") {
    const Verification& verification = VerificationOf(info[0]);
    catalogs_ = verification.catalogs;
    VerdictCacheOptions options;
    options.has_catalogs = catalogs_ != nullptr;
    options.keeps = !verification.by_windows;  // whose roots and catalogs change unseen
    options.enrichment = verification.enrichment;
    options.pool = verification.pool;
    cache_ = std::make_unique<VerdictCache>(
        options, verification.make_verify,
        [this](uint64_t question, const VerdictCache::Verdict& verdict) {
          if (inbox_.Put({question, verdict})) WakeUp();
        });
  }

  ~VerifierObject() override { End(); }

 private:
  friend WokenObject;

  struct Arrived {
    uint64_t id;
    VerdictCache::Verdict verdict;
  };

  void OnWake() { Settle(); }

  // (path, followLinks): null when there is no room for it.
  Napi::Value Verify(const Napi::CallbackInfo& info) {
    const auto path = info[0].As<Napi::Uint8Array>();
    const std::optional<uint64_t> id =
        cache_->Ask({path.Data(), path.Data() + path.ByteLength()}, info[1].ToBoolean());
    if (!id) return env().Null();
    HoldOn(true);
    const auto [it, added] = pending_.emplace(*id, Napi::Promise::Deferred::New(env()));
    return Setter(env()).Number("id", *id).Set("done", it->second.Promise()).object();
  }

  // Its promise is never settled.
  void Cancel(const Napi::CallbackInfo& info) {
    const auto id = static_cast<uint64_t>(info[0].As<Napi::Number>().Int64Value());
    cache_->Cancel(id);
    Forget(id);
  }

  Napi::Value Refresh(const Napi::CallbackInfo&) {
    return (new Refreshing(env(), catalogs_))->Begin();
  }

  Napi::Value Statistics(const Napi::CallbackInfo&) {
    const VerdictCacheStatistics statistics = cache_->statistics();
    Setter setter(env());
    setter.Number("submitted", statistics.pool.submitted)
        .Number("verified", statistics.pool.verified)
        .Number("timedOut", statistics.pool.timed_out)
        .Number("dropped", statistics.pool.dropped)
        .Number("queued", statistics.pool.queued)
        .Number("running", statistics.pool.running)
        .Number("hits", statistics.hits)
        .Number("misses", statistics.misses)
        .Number("coalesced", statistics.coalesced)
        .Number("entries", statistics.entries)
        .Number("finished", statistics.finished)
        .Number("withinEnrichment", statistics.within_enrichment)
        .Number("p50", statistics.p50)
        .Number("p90", statistics.p90)
        .Number("p99", statistics.p99);
    setter.Set("catalogs", catalogs_ ? ToObject(env(), catalogs_->statistics()).As<Napi::Value>()
                                     : env().Null());
    return setter.object();
  }

  // The promises that are left are never settled.
  void Close(const Napi::CallbackInfo&) {
    cache_->Close();
    Settle();
    while (!pending_.empty()) Forget(pending_.begin()->first);
  }

  void Forget(uint64_t id) {
    pending_.erase(id);
    HoldOn(!pending_.empty());
  }

  void Settle() {
    for (const Arrived& arrived : inbox_.TakeAll()) {
      const Napi::HandleScope scope(env());
      const auto found = pending_.find(arrived.id);
      if (found == pending_.end()) continue;  // cancelled
      const Napi::Promise::Deferred promise = found->second;
      Forget(arrived.id);
      promise.Resolve(nuthatch::ToObject(env(), *arrived.verdict));
    }
  }

  void TearDown() { cache_->Close(); }

  Inbox<Arrived> inbox_;
  std::map<uint64_t, Napi::Promise::Deferred> pending_;
  std::shared_ptr<CatalogStore> catalogs_;  // null without folders
  std::unique_ptr<VerdictCache> cache_;
};

}  // namespace

void ExportVerifier(Napi::Env env, Napi::Object exports) {
  exports.Set("Verifier", VerifierObject::Define(env));
}

}  // namespace nuthatch
