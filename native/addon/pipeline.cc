#include "addon/pipeline.h"

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "addon/block_result.h"
#include "addon/costs.h"
#include "addon/error.h"
#include "addon/inbox.h"
#include "addon/pipeline_options.h"
#include "addon/plan.h"
#include "addon/trace_events.h"
#include "addon/woken_object.h"
#include "pipeline/pipeline.h"
#include "platform/file.h"

namespace nuthatch {
namespace {

// About what a thread and its worker hold on to after small blocks.
constexpr size_t kBytesPerThread = size_t{1} << 20;

// Its methods are called by the JavaScript thread; the pipeline's threads only put results into the
// inbox and wake it. While blocks are under way, or events wait for signatures, the object keeps
// itself and the event loop alive.
class PipelineObject : public WokenObject<PipelineObject> {
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

  explicit PipelineObject(const Napi::CallbackInfo& info) : WokenObject(info, "nuthatch pipeline") {
    const LoadedPlan& plan = LoadedPlanOf(info[0]);
    plan_ = plan.rules;
    const auto deliver = [this](BlockResult result) {
      if (inbox_.Put(std::move(result))) WakeUp();
    };
    const auto news = [this] {
      if (!has_news_.exchange(true)) WakeUp();
    };
    const PipelineOptions options = OptionsOf(info[1].ToObject());
    pipeline_ = std::make_unique<Pipeline>(plan.ProgramFor(OutputOf(info[1].ToObject())), options,
                                           deliver, news);
    TellMemory(static_cast<int64_t>(options.threads * kBytesPerThread));
  }

  ~PipelineObject() override {
    if (torn_down()) return;
    End();
    TellMemory(0);
  }

 private:
  friend WokenObject;

  struct Pending {
    Napi::Promise::Deferred promise;
    Napi::Reference<Napi::Value> bytes;  // stay while a thread reads them
  };

  void OnWake() {
    SettleResults();
    TellNews();
    HoldOn();
  }

  Napi::Value AddSource(const Napi::CallbackInfo& info) {
    RequireOpen();
    return Napi::Number::New(env(), pipeline_->AddSource(info[0].As<Napi::String>()));
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
    if (!status.ok()) throw ErrorOf(env(), status);
    file_ = std::move(file);
    return Napi::Number::New(env(), static_cast<double>(file_->size()));
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
    return ToValue(env(), signatures_);
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
          Napi::Error::New(env(), "The pipeline is open; close it to see its costs.");
      error.Set("code", "NUTHATCH_PIPELINE_OPEN");
      throw error;
    }
    return CostsOf(env(), *plan_, *costs_);
  }

  void RequireOpen() {
    if (!closed_) return;
    Napi::Error error = Napi::Error::New(env(), "The pipeline is closed; make a new one.");
    error.Set("code", "NUTHATCH_PIPELINE_CLOSED");
    throw error;
  }

  Napi::Value Promise(Napi::Reference<Napi::Value> bytes) {
    pending_.push_back({Napi::Promise::Deferred::New(env()), std::move(bytes)});
    HoldOn();
    return pending_.back().promise.Promise();
  }

  void HoldOn() {
    WokenObject::HoldOn(!pending_.empty() || (pipeline_ && pipeline_->waiting() > 0));
  }

  // Results come in the order of submission.
  void SettleResults() {
    for (const BlockResult& result : inbox_.TakeAll()) {
      const Napi::HandleScope scope(env());
      const Napi::Promise::Deferred promise = pending_.front().promise;
      pending_.pop_front();
      if (result.failed) {
        promise.Reject(BlockOutOfMemory(env()).Value());
      } else {
        promise.Resolve(ToObject(env(), result));
      }
    }
  }

  // A property of the object, so that it is no root for the garbage collector.
  void TellNews() {
    if (closed_ || !has_news_.exchange(false) || Value().IsEmpty()) return;
    const Napi::Value listener = Value().Get("onNews");
    if (listener.IsFunction()) listener.As<Napi::Function>().Call(Value(), {});
  }

  void TearDown() {
    closed_ = true;
    if (pipeline_) pipeline_->Abort();
  }

  void Free() {
    pipeline_.reset();
    file_.reset();
    TellMemory(0);
  }

  // V8 collects sooner when it knows what a small object of its heap holds on to.
  void TellMemory(int64_t bytes) {
    Napi::MemoryManagement::AdjustExternalMemory(env(), bytes - std::exchange(told_bytes_, bytes));
  }

  Inbox<BlockResult> inbox_;
  std::deque<Pending> pending_;
  std::shared_ptr<ByteSource> file_;  // opened last; parts under way keep theirs
  std::shared_ptr<const Plan> plan_;
  std::unique_ptr<Pipeline> pipeline_;
  std::optional<CostMeter> costs_;  // once it is closed
  std::optional<SignatureCacheStatistics> signatures_;
  int64_t told_bytes_ = 0;
  std::atomic<bool> has_news_{false};
  bool closed_ = false;
};

}  // namespace

void ExportPipeline(Napi::Env env, Napi::Object exports) {
  exports.Set("Pipeline", PipelineObject::Define(env));
}

}  // namespace nuthatch
