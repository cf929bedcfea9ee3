#include "addon/live_trace.h"

#include <atomic>
#include <memory>
#include <mutex>
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
#include "addon/promised_work.h"
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

// By a trace, last.
struct Told {
  LiveTraceCounts counts;
  Percentiles stacks;
  Percentiles evaluation;
  Percentiles all;
  std::vector<Status> problems;
  std::optional<SignatureCacheStatistics> signatures;
  std::optional<CostMeter> costs;
};

// `evaluation`: where the trace has one, else nullptr.
void Look(LiveTrace* trace, const LiveEvaluation* evaluation, Told* told) {
  told->counts = trace->counts();
  for (Status& problem : trace->TakeProblems()) told->problems.push_back(std::move(problem));
  if (evaluation == nullptr) return;
  const LiveTimes& times = evaluation->times();
  told->stacks = PercentilesOf(times.stacks);
  told->evaluation = PercentilesOf(times.evaluation);
  told->all = PercentilesOf(times.all);
  told->signatures = evaluation->pipeline().signatures();
}

// A trace that is being ended, which takes as long as whatever its threads are in.
class EndingTrace {
 public:
  EndingTrace(std::unique_ptr<LiveTrace> trace, LiveEvaluation* evaluation)
      : trace_(std::move(trace)), evaluation_(evaluation) {}

  // Any thread: who comes second waits. Returns what the trace tells last.
  Told* End() {
    const std::lock_guard lock(mutex_);
    if (!trace_) return &told_;
    trace_->Abort();
    Look(trace_.get(), evaluation_, &told_);
    if (evaluation_ != nullptr) told_.costs = evaluation_->pipeline().costs();
    trace_.reset();
    return &told_;
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<LiveTrace> trace_;
  LiveEvaluation* const evaluation_;  // the trace's
  Told told_;
};

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
          options.Get("source").As<Napi::String>(), joiner, &results_, [this] { woken_->Wake(); },
          DebugHelpOf(options));
      evaluation_ = evaluation.get();
      return evaluation;
    };
    trace_ = std::make_unique<LiveTrace>(std::move(system), LiveOptionsOf(options), make_output);
    woken_ = trace_.get();
  }

  ~LiveTraceObject() override { End(); }

 private:
  friend WokenObject;

  // Ends the trace on another thread; `self` is null once the object is gone.
  class Closing final : public PromisedWork {
   public:
    Closing(Napi::Env env, std::shared_ptr<EndingTrace> ending,
            std::shared_ptr<LiveTraceObject*> self)
        : PromisedWork(env, "nuthatch closing a live trace",
                       Status::Error("NUTHATCH_OUT_OF_MEMORY",
                                     "there is not enough memory to end the trace")),
          ending_(std::move(ending)),
          self_(std::move(self)) {}

   private:
    Status Run() override {
      if (ending_) ending_->End();
      return {};
    }
    void Ended() override {
      if (*self_ != nullptr) (*self_)->HasClosed();
    }
    Napi::Value Result() override { return Env().Undefined(); }

    const std::shared_ptr<EndingTrace> ending_;  // nullptr: it has ended
    const std::shared_ptr<LiveTraceObject*> self_;
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
        [this] { results_.AddNews(); });
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
    std::optional<BlockResult> result = results_.Take();
    if (closed_) result.reset();  // nobody wants it any more
    if (!result && !ended) return;
    const Deferred waiting = *std::exchange(waiting_, std::nullopt);
    if (!result) {
      waiting.Resolve(env().Null());
      return;
    }
    if (trace_ && !LiveResults::HasRoomBeside(*result)) trace_->Wake();
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

  // What the trace tells goes on to be told as it is now, until it has ended.
  Napi::Value Close(const Napi::CallbackInfo&) {
    if (evaluation_ != nullptr) evaluation_->StopWaiting();
    LookAgain();
    if (!std::exchange(closed_, true))
      ending_ =
          std::make_shared<EndingTrace>(std::move(trace_), std::exchange(evaluation_, nullptr));
    Settle();
    return (new Closing(env(), ending_, self_))->Begin();
  }

  void HasClosed() {
    if (!ending_) return;
    Told* const told = ending_->End();
    for (Status& problem : told->problems) told_.problems.push_back(std::move(problem));
    told->problems = std::move(told_.problems);
    told_ = std::move(*told);
    ending_.reset();
    results_.Take();
    Settle();
  }

  Napi::Value Counts(const Napi::CallbackInfo&) {
    LookAgain();
    Napi::Object counts = ToObject(env(), told_.counts);
    if (plan_ == nullptr) return counts;
    Set("stackWait", told_.stacks, &counts);
    Set("evaluation", told_.evaluation, &counts);
    Set("latency", told_.all, &counts);
    return counts;
  }

  Napi::Value Problems(const Napi::CallbackInfo&) {
    LookAgain();
    Napi::Array array = Napi::Array::New(env());
    for (const Status& problem : std::exchange(told_.problems, {}))
      array[array.Length()] = ErrorOf(env(), problem).Value();
    return array;
  }

  Napi::Value Signatures(const Napi::CallbackInfo&) {
    LookAgain();
    return ToValue(env(), told_.signatures);
  }

  // Once it has closed.
  Napi::Value Costs(const Napi::CallbackInfo&) {
    return told_.costs ? CostsOf(env(), *plan_, *told_.costs) : env().Null();
  }

  // At what the trace tells, as long as there is one.
  void LookAgain() {
    if (trace_) Look(trace_.get(), evaluation_, &told_);
  }

  void HoldOn() { WokenObject::HoldOn(starting_ || waiting_ || ending_); }

  // Here nothing is left to do but to wait.
  void TearDown() {
    *self_ = nullptr;
    if (evaluation_ != nullptr) evaluation_->StopWaiting();
    if (ending_) ending_->End();
    if (trace_) EndingTrace(std::move(trace_), nullptr).End();
  }

  LiveResults results_{[this] { WakeUp(); }};
  std::shared_ptr<const Plan> plan_;
  LiveEvaluation* evaluation_ = nullptr;  // the trace's
  std::unique_ptr<LiveTrace> trace_;      // until it is closed
  LiveTrace* woken_ = nullptr;            // the same, as long as it has threads
  std::shared_ptr<EndingTrace> ending_;   // while it is being closed
  const std::shared_ptr<LiveTraceObject*> self_ = std::make_shared<LiveTraceObject*>(this);
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
