#include "addon/pipeline.h"

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "addon/buffer.h"
#include "addon/costs.h"
#include "addon/error.h"
#include "addon/inbox.h"
#include "addon/plan.h"
#include "addon/setter.h"
#include "addon/trace_events.h"
#include "addon/verification.h"
#include "pipeline/pipeline.h"
#include "platform/file.h"
#include "trust/image_root.h"

namespace nuthatch {
namespace {

Napi::Array ToArray(Napi::Env env, const std::vector<MalformedRecord>& samples) {
  Napi::Array array = Napi::Array::New(env, samples.size());
  for (uint32_t i = 0; i < samples.size(); ++i) {
    Napi::Object sample = Napi::Object::New(env);
    sample.Set("source", samples[i].source);
    sample.Set("line", static_cast<double>(samples[i].line));
    sample.Set("code", samples[i].code);
    sample.Set("reason", samples[i].reason);
    array[i] = sample;
  }
  return array;
}

Napi::Object ToObject(Napi::Env env, const BlockResult& result) {
  Napi::Object object = Napi::Object::New(env);
  const auto set = [&](const char* name, uint64_t number) {
    object.Set(name, static_cast<double>(number));
  };
  object.Set("unreadable", result.unreadable);
  set("missing", result.missing);
  object.Set("output", ToBuffer(env, result.output));
  set("bytes", result.bytes);
  set("lines", result.lines);
  set("records", result.records);
  set("events", result.events);
  set("detections", result.detections);
  set("undecided", result.undecided);
  set("termsEvaluated", result.terms_evaluated);
  set("termsPossible", result.terms_possible);
  set("malformed", result.malformed);
  object.Set("malformedSamples", ToArray(env, result.samples));
  Napi::Object unmapped = Napi::Object::New(env);
  // As values: a name given as std::string would end at a NUL.
  for (const auto& [label, count] : result.unmapped) {
    unmapped.Set(Napi::String::New(env, label), static_cast<double>(count));
  }
  object.Set("unmapped", unmapped);
  return object;
}

Napi::Value ToObject(Napi::Env env, const SignatureCacheStatistics& statistics) {
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
      .Number("p50", statistics.p50)
      .Number("p90", statistics.p90)
      .Number("p99", statistics.p99)
      .object();
}

// Undefined or null: none.
std::optional<SignatureOptions> SignaturesOf(const Napi::Value& value) {
  if (value.IsUndefined() || value.IsNull()) return std::nullopt;
  const Napi::Object options = value.As<Napi::Object>();
  const Verification verification = VerificationOf(options);
  SignatureOptions result;
  const std::string folder = options.Get("imageRoot").As<Napi::String>();
  result.make_verify = Below(folder, verification.make_verify);
  result.cache.volumes = ImageRoot(folder).volumes();
  result.cache.pool = result.cache.network = verification.pool;
  result.cache.network.threads = 1;
  result.cache.enrichment = verification.enrichment;
  result.deadline = verification.pool.deadline;
  if (options.Get("recorded").ToBoolean()) result.deadline.reset();
  return result;
}

Napi::Error OutOfMemory(Napi::Env env) {
  return ErrorOf(
      env,
      Status::Error(
          "NUTHATCH_OUT_OF_MEMORY",
          "There is not enough memory to evaluate a block of records; fewer threads need less."));
}

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

// About what a thread and its worker hold on to after small blocks.
constexpr size_t kBytesPerThread = size_t{1} << 20;

// Its methods are called by the JavaScript thread; the pipeline's threads only put results into the
// inbox and wake it. While blocks are under way, or events wait for signatures, the object keeps
// itself and the event loop alive.
class PipelineObject : public Napi::ObjectWrap<PipelineObject> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "Pipeline",
                       {InstanceMethod<&PipelineObject::AddSource>("addSource"),
                        InstanceMethod<&PipelineObject::Submit>("submit"),
                        InstanceMethod<&PipelineObject::OpenFile>("openFile"),
                        InstanceMethod<&PipelineObject::SubmitPart>("submitPart"),
                        InstanceMethod<&PipelineObject::SubmitTrace>("submitTrace"),
                        InstanceMethod<&PipelineObject::SkipLine>("skipLine"),
                        InstanceMethod<&PipelineObject::Flush>("flush"),
                        InstanceMethod<&PipelineObject::Settle>("settle"),
                        InstanceMethod<&PipelineObject::StopWaiting>("stopWaiting"),
                        InstanceMethod<&PipelineObject::Signatures>("signatures"),
                        InstanceMethod<&PipelineObject::Close>("close"),
                        InstanceMethod<&PipelineObject::Costs>("costs")});
  }

  explicit PipelineObject(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<PipelineObject>(info), env_(info.Env()) {
    const LoadedPlan& plan = LoadedPlanOf(info[0]);
    plan_ = plan.rules;
    const auto deliver = [this](BlockResult result) {
      if (inbox_.Put(std::move(result))) wake_.NonBlockingCall();
    };
    const auto news = [this] {
      if (!has_news_.exchange(true)) wake_.NonBlockingCall();
    };
    const PipelineOptions options = OptionsOf(info[1].ToObject());
    pipeline_ = std::make_unique<Pipeline>(plan.ProgramFor(OutputOf(info[1].ToObject())), options,
                                           deliver, news);
    wake_ =
        Wake::New(env_, "nuthatch pipeline", /*maxQueueSize=*/0, /*initialThreadCount=*/1, this);
    wake_.Unref(env_);
    // Runs before the cleanup of wake_, which was registered earlier: no thread is left to call it.
    cleanup_ = env_.AddCleanupHook(TearDownObject, this);
    TellMemory(static_cast<int64_t>(options.threads * kBytesPerThread));
  }

  ~PipelineObject() override {
    if (torn_down_) return;
    TearDown();
    TellMemory(0);
    cleanup_.Remove(env_);
  }

 private:
  struct Pending {
    Napi::Promise::Deferred promise;
    Napi::Reference<Napi::Value> bytes;  // stay while a thread reads them
  };

  static void TearDownObject(PipelineObject* self) { self->TearDown(); }
  static void OnWake(Napi::Env env, Napi::Function, PipelineObject* self, void*) {
    if (env == nullptr) return;
    try {
      self->SettleResults();
      self->TellNews();
      self->HoldOn();
    } catch (const Napi::Error&) {
      // JavaScript cannot be called any more: the environment is being torn down.
    }
  }
  using Wake = Napi::TypedThreadSafeFunction<PipelineObject, void, OnWake>;

  Napi::Value AddSource(const Napi::CallbackInfo& info) {
    RequireOpen();
    return Napi::Number::New(env_, pipeline_->AddSource(info[0].As<Napi::String>()));
  }

  Napi::Value Submit(const Napi::CallbackInfo& info) {
    RequireOpen();
    const auto bytes = info[1].As<Napi::Uint8Array>();
    const auto promise = Promise(Napi::Persistent<Napi::Value>(bytes));
    pipeline_->Submit(info[0].As<Napi::Number>(),
                      {reinterpret_cast<const char*>(bytes.Data()), bytes.ByteLength()});
    return promise;
  }

  Napi::Value OpenFile(const Napi::CallbackInfo& info) {
    RequireOpen();
    std::unique_ptr<ByteSource> file;
    const Status status = nuthatch::OpenFile(info[0].As<Napi::String>(), &file);
    if (!status.ok()) throw ErrorOf(env_, status);
    file_ = std::move(file);
    return Napi::Number::New(env_, static_cast<double>(file_->size()));
  }

  Napi::Value SubmitPart(const Napi::CallbackInfo& info) {
    RequireOpen();
    const auto number = [&](size_t i) {
      return static_cast<uint64_t>(info[i].As<Napi::Number>().Int64Value());
    };
    const auto promise = Promise({});
    pipeline_->Submit(static_cast<uint32_t>(number(0)), file_, number(1), number(2));
    return promise;
  }

  Napi::Value SubmitTrace(const Napi::CallbackInfo& info) {
    RequireOpen();
    const auto promise = Promise({});
    pipeline_->Submit(info[0].As<Napi::Number>(), TakeTraceBlock(info[1]),
                      static_cast<uint64_t>(info[2].As<Napi::Number>().Int64Value()));
    return promise;
  }

  Napi::Value SkipLine(const Napi::CallbackInfo& info) {
    RequireOpen();
    const auto promise = Promise({});
    pipeline_->SkipLine(info[0].As<Napi::Number>(),
                        static_cast<uint64_t>(info[1].As<Napi::Number>().Int64Value()));
    return promise;
  }

  Napi::Value Flush(const Napi::CallbackInfo&) {
    RequireOpen();
    const auto promise = Promise({});
    pipeline_->Flush();
    return promise;
  }

  Napi::Value Settle(const Napi::CallbackInfo&) {
    RequireOpen();
    const auto promise = Promise({});
    pipeline_->Settle();
    return promise;
  }

  void StopWaiting(const Napi::CallbackInfo&) {
    if (!closed_) pipeline_->StopWaiting();
  }

  // Null when none is verified.
  Napi::Value Signatures(const Napi::CallbackInfo&) {
    if (pipeline_) signatures_ = pipeline_->signatures();
    return signatures_ ? ToObject(env_, *signatures_) : env_.Null();
  }

  void Close(const Napi::CallbackInfo&) {
    if (closed_) return;
    closed_ = true;
    pipeline_->Close();
    SettleResults();
    costs_ = pipeline_->costs();
    signatures_ = pipeline_->signatures();
    Free();
    HoldOn();
  }

  Napi::Value Costs(const Napi::CallbackInfo&) {
    if (!closed_) {
      Napi::Error error =
          Napi::Error::New(env_, "The pipeline is open; close it to see its costs.");
      error.Set("code", "NUTHATCH_PIPELINE_OPEN");
      throw error;
    }
    return CostsOf(env_, *plan_, *costs_);
  }

  void RequireOpen() {
    if (!closed_) return;
    Napi::Error error = Napi::Error::New(env_, "The pipeline is closed; make a new one.");
    error.Set("code", "NUTHATCH_PIPELINE_CLOSED");
    throw error;
  }

  Napi::Value Promise(Napi::Reference<Napi::Value> bytes) {
    pending_.push_back({Napi::Promise::Deferred::New(env_), std::move(bytes)});
    HoldOn();
    return pending_.back().promise.Promise();
  }

  // To itself and the event loop, or not any more.
  void HoldOn() {
    if (torn_down_) return;
    const bool holds = !pending_.empty() || (pipeline_ && pipeline_->waiting() > 0);
    if (holds == holds_) return;
    holds_ = holds;
    if (holds) {
      Ref();
      wake_.Ref(env_);
    } else {
      Unref();
      wake_.Unref(env_);
    }
  }

  // Results come in the order of submission.
  void SettleResults() {
    if (torn_down_) return;
    for (const BlockResult& result : inbox_.TakeAll()) {
      const Napi::HandleScope scope(env_);
      const Napi::Promise::Deferred promise = pending_.front().promise;
      pending_.pop_front();
      if (result.failed) {
        promise.Reject(OutOfMemory(env_).Value());
      } else {
        promise.Resolve(ToObject(env_, result));
      }
    }
  }

  // A property of the object, so that it is no root for the garbage collector.
  void TellNews() {
    if (torn_down_ || closed_ || !has_news_.exchange(false) || Value().IsEmpty()) return;
    const Napi::HandleScope scope(env_);
    const Napi::Value listener = Value().Get("onNews");
    if (listener.IsFunction()) listener.As<Napi::Function>().Call(Value(), {});
  }

  // At the end of the object or of the environment, whichever comes first.
  void TearDown() {
    closed_ = true;
    torn_down_ = true;
    if (pipeline_) pipeline_->Abort();
    wake_.Release();
  }

  void Free() {
    pipeline_.reset();
    file_.reset();
    TellMemory(0);
  }

  // V8 collects sooner when it knows what a small object of its heap holds on to.
  void TellMemory(int64_t bytes) {
    Napi::MemoryManagement::AdjustExternalMemory(env_, bytes - std::exchange(told_bytes_, bytes));
  }

  Napi::Env env_;
  Wake wake_;
  Napi::Env::CleanupHook<void (*)(PipelineObject*), PipelineObject> cleanup_;
  Inbox<BlockResult> inbox_;
  std::deque<Pending> pending_;
  std::shared_ptr<ByteSource> file_;  // opened last; parts under way keep theirs
  std::shared_ptr<const Plan> plan_;
  std::unique_ptr<Pipeline> pipeline_;
  std::optional<CostMeter> costs_;  // once it is closed
  std::optional<SignatureCacheStatistics> signatures_;
  int64_t told_bytes_ = 0;
  std::atomic<bool> has_news_{false};
  bool holds_ = false;
  bool closed_ = false;
  bool torn_down_ = false;
};

}  // namespace

void ExportPipeline(Napi::Env env, Napi::Object exports) {
  exports.Set("Pipeline", PipelineObject::Define(env));
}

}  // namespace nuthatch
