#include "addon/live_trace.h"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "addon/block_result.h"
#include "addon/costs.h"
#include "addon/error.h"
#include "addon/live_options.h"
#include "addon/pipeline_options.h"
#include "addon/plan.h"
#include "addon/woken_object.h"
#include "pipeline/live_evaluation.h"
#include "pipeline/live_results.h"
#include "pipeline/live_text.h"
#include "pipeline/live_trace.h"

namespace nuthatch {
namespace {

struct Percentiles {
  uint64_t p50 = 0;
  uint64_t p99 = 0;
};

Percentiles PercentilesOf(const LatencyHistogram& times) {
  return {times.Percentile(0.5), times.Percentile(0.99)};
}

void Set(const std::string& name, const Percentiles& of, Napi::Object* object) {
  object->Set(name + "P50", static_cast<double>(of.p50));
  object->Set(name + "P99", static_cast<double>(of.p99));
}

// Its methods are called by the JavaScript thread; the trace's threads put results together and
// wake it once, however much there is until it looks. While somebody waits for something, the
// object keeps itself and the event loop alive.
class LiveTraceObject : public WokenObject<LiveTraceObject> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "LiveTrace",
                       {InstanceMethod<&LiveTraceObject::Start>("start"),
                        InstanceMethod<&LiveTraceObject::Next>("next"),
                        InstanceMethod<&LiveTraceObject::Stop>("stop"),
                        InstanceMethod<&LiveTraceObject::Close>("close"),
                        InstanceMethod<&LiveTraceObject::Counts>("counts"),
                        InstanceMethod<&LiveTraceObject::Problems>("problems"),
                        InstanceMethod<&LiveTraceObject::Signatures>("signatures"),
                        InstanceMethod<&LiveTraceObject::Costs>("costs")});
  }

  // With a Plan its events are evaluated, else (null) they are written as lines of JSON.
  explicit LiveTraceObject(const Napi::CallbackInfo& info)
      : WokenObject(info, "nuthatch live trace") {
    const auto options = info[1].As<Napi::Object>();
    std::shared_ptr<EtwSystem> system = EtwSystemOf(options);
    const auto make_output = [&](TraceJoiner* joiner) -> std::unique_ptr<LiveOutput> {
      if (info[0].IsNull()) return std::make_unique<LiveText>(joiner, &results_);
      const LoadedPlan& plan = LoadedPlanOf(info[0]);
      plan_ = plan.rules;
      auto evaluation = std::make_unique<LiveEvaluation>(
          plan.detecting, plan.ProgramFor(OutputOf(options)), OptionsOf(options),
          options.Get("source").As<Napi::String>(), joiner, &results_, [this] { trace_->Wake(); },
          DebugHelpOf(options));
      evaluation_ = evaluation.get();
      return evaluation;
    };
    trace_ = std::make_unique<LiveTrace>(std::move(system), LiveOptionsOf(options), make_output);
  }

  ~LiveTraceObject() override { End(); }

 private:
  friend WokenObject;

  // By the trace, last.
  struct Told {
    LiveTraceCounts counts;
    Percentiles stacks;
    Percentiles evaluation;
    Percentiles all;
    std::vector<Status> problems;
    std::optional<SignatureCacheStatistics> signatures;
    std::optional<CostMeter> costs;
  };

  void OnWake() { Settle(); }
  using Deferred = Napi::Promise::Deferred;

  Napi::Value Start(const Napi::CallbackInfo&) {
    starting_.emplace(Deferred::New(env()));
    const Napi::Value promise = starting_->Promise();
    HoldOn();
    trace_->Start(
        [this](Status status) {
          failed_to_start_ = !status.ok();
          start_status_ = std::move(status);
          has_started_ = true;
          WakeUp();
        },
        [this] {
          has_ended_ = true;
          WakeUp();
        },
        [this] { results_.Add({}); });  // a batch of nothing, which tells of it
    return promise;
  }

  // One at a time.
  Napi::Value Next(const Napi::CallbackInfo&) {
    waiting_.emplace(Deferred::New(env()));
    const Napi::Value promise = waiting_->Promise();
    HoldOn();
    Settle();
    return promise;
  }

  void Settle() {
    if (starting_ && has_started_) {
      const Deferred starting = *std::exchange(starting_, std::nullopt);
      if (start_status_.ok()) {
        starting.Resolve(env().Undefined());
      } else {
        starting.Reject(ErrorOf(env(), start_status_).Value());
      }
    }
    if (waiting_) SettleNext();
    HoldOn();
  }

  void SettleNext() {
    // In this order: what comes last comes before the end.
    const bool ended = has_ended_ || failed_to_start_ || closed_;
    const std::optional<BlockResult> result = results_.Take();
    if (!result && !ended) return;
    const Deferred waiting = *std::exchange(waiting_, std::nullopt);
    if (!result) {
      waiting.Resolve(env().Null());
      return;
    }
    if (trace_) trace_->Wake();  // there is room again
    if (result->failed) {
      waiting.Reject(BlockOutOfMemory(env()).Value());
    } else {
      waiting.Resolve(ToObject(env(), *result));
    }
  }

  void Stop(const Napi::CallbackInfo&) {
    if (trace_) trace_->Stop();
    if (evaluation_ != nullptr) evaluation_->StopWaiting();
  }

  void Close(const Napi::CallbackInfo&) {
    CloseTrace();
    Settle();
  }

  Napi::Value Counts(const Napi::CallbackInfo&) {
    Look();
    Napi::Object counts = ToObject(env(), told_.counts);
    if (plan_ == nullptr) return counts;
    Set("stackWait", told_.stacks, &counts);
    Set("evaluation", told_.evaluation, &counts);
    Set("latency", told_.all, &counts);
    return counts;
  }

  Napi::Value Problems(const Napi::CallbackInfo&) {
    Look();
    Napi::Array array = Napi::Array::New(env());
    for (const Status& problem : std::exchange(told_.problems, {}))
      array[array.Length()] = ErrorOf(env(), problem).Value();
    return array;
  }

  Napi::Value Signatures(const Napi::CallbackInfo&) {
    Look();
    return ToValue(env(), told_.signatures);
  }

  // After the end.
  Napi::Value Costs(const Napi::CallbackInfo&) {
    return told_.costs ? CostsOf(env(), *plan_, *told_.costs) : env().Null();
  }

  // At what the trace tells, as long as there is one.
  void Look() {
    if (!trace_) return;
    told_.counts = trace_->counts();
    for (Status& problem : trace_->TakeProblems()) told_.problems.push_back(std::move(problem));
    if (evaluation_ == nullptr) return;
    const LiveTimes& times = evaluation_->times();
    told_.stacks = PercentilesOf(times.stacks);
    told_.evaluation = PercentilesOf(times.evaluation);
    told_.all = PercentilesOf(times.all);
    told_.signatures = evaluation_->pipeline().signatures();
  }

  void HoldOn() { WokenObject::HoldOn(starting_ || waiting_); }

  void CloseTrace() {
    if (std::exchange(closed_, true)) return;
    if (evaluation_ != nullptr) evaluation_->StopWaiting();
    trace_->Abort();
    Look();
    if (evaluation_ != nullptr) told_.costs = evaluation_->pipeline().costs();
    evaluation_ = nullptr;
    trace_.reset();
    results_.Take();
  }

  void TearDown() {
    if (trace_) CloseTrace();
  }

  LiveResults results_{[this] { WakeUp(); }};
  std::shared_ptr<const Plan> plan_;
  LiveEvaluation* evaluation_ = nullptr;  // the trace's
  std::unique_ptr<LiveTrace> trace_;      // until it is closed
  Told told_;
  Status start_status_;  // before has_started_
  std::atomic<bool> has_started_ = false;
  std::atomic<bool> failed_to_start_ = false;
  std::atomic<bool> has_ended_ = false;
  std::optional<Deferred> starting_;
  std::optional<Deferred> waiting_;
  bool closed_ = false;
};

}  // namespace

void ExportLiveTrace(Napi::Env env, Napi::Object exports) {
  exports.Set("LiveTrace", LiveTraceObject::Define(env));
}

}  // namespace nuthatch
