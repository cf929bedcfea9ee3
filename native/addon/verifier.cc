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
#include "trust/verdict_cache.h"

namespace nuthatch {
namespace {

Napi::Object ToObject(Napi::Env env, const CatalogStore::Statistics& statistics) {
  return Setter(env)
      .Number("generation", statistics.generation)
      .Number("catalogs", statistics.catalogs)
      .Number("members", statistics.members)
      .Number("skipped", statistics.skipped)
      .object();
}

class Refreshing : public PromisedWork {
 public:
  Refreshing(Napi::Env env, std::shared_ptr<CatalogStore> store)
      : PromisedWork(env, "nuthatch catalogs",
                     Status::Error("NUTHATCH_OUT_OF_MEMORY",
                                   "there is not enough memory for the index of the catalogs")),
        store_(std::move(store)) {}

 private:
  Status Run() override { return store_->Refresh(); }
  Napi::Value Result() override { return ToObject(Env(), store_->statistics()); }

  const std::shared_ptr<CatalogStore> store_;
};

// Its methods are called by the JavaScript thread; threads of the pool only put verdicts into the
// inbox and wake it. While files are being verified it keeps itself and the event loop alive.
class VerifierObject : public Napi::ObjectWrap<VerifierObject> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "Verifier",
                       {InstanceMethod<&VerifierObject::Verify>("verify"),
                        InstanceMethod<&VerifierObject::Cancel>("cancel"),
                        InstanceMethod<&VerifierObject::Refresh>("refresh"),
                        InstanceMethod<&VerifierObject::Statistics>("statistics"),
                        InstanceMethod<&VerifierObject::Close>("close")});
  }

  explicit VerifierObject(const Napi::CallbackInfo& info) : ObjectWrap(info), env_(info.Env()) {
    const Verification verification = VerificationOf(info[0].As<Napi::Object>());
    catalogs_ = verification.catalogs;
    wake_ =
        Wake::New(env_, "nuthatch verifier", /*maxQueueSize=*/0, /*initialThreadCount=*/1, this);
    wake_.Unref(env_);
    VerdictCacheOptions options;
    options.has_catalogs = catalogs_ != nullptr;
    options.keeps = !verification.by_windows;  // whose roots and catalogs change unseen
    options.enrichment = verification.enrichment;
    options.pool = verification.pool;
    cache_ = std::make_unique<VerdictCache>(
        options, verification.make_verify,
        [this](uint64_t question, const VerdictCache::Verdict& verdict) {
          if (inbox_.Put({question, verdict})) wake_.NonBlockingCall();
        });
    // Runs before the cleanup of wake_, which was registered earlier: no thread is left to call it.
    cleanup_ = env_.AddCleanupHook(TearDownObject, this);
  }

  ~VerifierObject() override {
    if (torn_down_ || !cache_) return;  // its construction failed
    TearDown();
    cleanup_.Remove(env_);
  }

 private:
  struct Arrived {
    uint64_t id;
    VerdictCache::Verdict verdict;
  };

  static void TearDownObject(VerifierObject* self) { self->TearDown(); }
  static void OnWake(Napi::Env env, Napi::Function, VerifierObject* self, void*) {
    if (env == nullptr) return;
    try {
      self->Settle();
    } catch (const Napi::Error&) {
      // JavaScript cannot be called any more: the environment is being torn down.
    }
  }
  using Wake = Napi::TypedThreadSafeFunction<VerifierObject, void, OnWake>;

  // (path, followLinks): null when there is no room for it.
  Napi::Value Verify(const Napi::CallbackInfo& info) {
    const auto path = info[0].As<Napi::Uint8Array>();
    const std::optional<uint64_t> id =
        cache_->Ask({path.Data(), path.Data() + path.ByteLength()}, info[1].ToBoolean());
    if (!id) return env_.Null();
    if (pending_.empty()) {
      Ref();
      wake_.Ref(env_);
    }
    const auto [it, added] = pending_.emplace(*id, Napi::Promise::Deferred::New(env_));
    return Setter(env_).Number("id", *id).Set("done", it->second.Promise()).object();
  }

  // Its promise is never settled.
  void Cancel(const Napi::CallbackInfo& info) {
    const auto id = static_cast<uint64_t>(info[0].As<Napi::Number>().Int64Value());
    cache_->Cancel(id);
    Forget(id);
  }

  Napi::Value Refresh(const Napi::CallbackInfo&) {
    return (new Refreshing(env_, catalogs_))->Begin();
  }

  Napi::Value Statistics(const Napi::CallbackInfo&) {
    const VerdictCacheStatistics statistics = cache_->statistics();
    Setter setter(env_);
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
    setter.Set("catalogs",
               catalogs_ ? ToObject(env_, catalogs_->statistics()).As<Napi::Value>() : env_.Null());
    return setter.object();
  }

  // The promises that are left are never settled.
  void Close(const Napi::CallbackInfo&) {
    cache_->Close();
    Settle();
    while (!pending_.empty()) Forget(pending_.begin()->first);
  }

  void Forget(uint64_t id) {
    if (pending_.erase(id) == 0 || !pending_.empty()) return;
    Unref();
    wake_.Unref(env_);
  }

  void Settle() {
    if (torn_down_) return;
    for (const Arrived& arrived : inbox_.TakeAll()) {
      const Napi::HandleScope scope(env_);
      const auto found = pending_.find(arrived.id);
      if (found == pending_.end()) continue;  // cancelled
      const Napi::Promise::Deferred promise = found->second;
      Forget(arrived.id);
      promise.Resolve(nuthatch::ToObject(env_, *arrived.verdict));
    }
  }

  // At the end of the object or of the environment, whichever comes first.
  void TearDown() {
    torn_down_ = true;
    cache_->Close();
    wake_.Release();
  }

  Napi::Env env_;
  Wake wake_;
  Napi::Env::CleanupHook<void (*)(VerifierObject*), VerifierObject> cleanup_;
  Inbox<Arrived> inbox_;
  std::map<uint64_t, Napi::Promise::Deferred> pending_;
  std::shared_ptr<CatalogStore> catalogs_;  // null without folders
  std::unique_ptr<VerdictCache> cache_;
  bool torn_down_ = false;
};

}  // namespace

void ExportVerifier(Napi::Env env, Napi::Object exports) {
  exports.Set("Verifier", VerifierObject::Define(env));
}

}  // namespace nuthatch
