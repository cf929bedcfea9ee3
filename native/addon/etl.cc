#include "addon/etl.h"

#include <atomic>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "addon/error.h"
#include "addon/setter.h"
#include "addon/trace_objects.h"
#include "etw/trace_statistics.h"
#include "platform/file.h"

namespace nuthatch {
namespace {

// Reads a trace on a thread of its own and settles a promise; deletes itself then, or at the end of
// the environment. (What libuv's threads do, the end of an environment waits for.)
class StatisticsReading {
 public:
  using Stop = std::shared_ptr<std::atomic<bool>>;

  StatisticsReading(Napi::Env env, std::string path)
      : env_(env),
        path_(std::move(path)),
        promise_(Napi::Promise::Deferred::New(env)),
        wake_(Wake::New(env, "nuthatch trace", /*maxQueueSize=*/0, /*initialThreadCount=*/1, this)),
        // Runs before the cleanup of wake_, which was registered earlier.
        cleanup_(env.AddCleanupHook(TearDown, this)),
        thread_([this] { Run(); }) {}

  Napi::Promise promise() const { return promise_.Promise(); }
  const Stop& stop() const { return stop_; }

 private:
  static void OnWake(Napi::Env env, Napi::Function, StatisticsReading* self, void*) {
    if (env == nullptr) return;  // and `self` is no more
    self->cleanup_.Remove(env);
    try {
      self->Settle();
    } catch (const Napi::Error&) {
      // JavaScript cannot be called any more: the environment is about to be torn down.
    }
    self->End();
  }
  using Wake = Napi::TypedThreadSafeFunction<StatisticsReading, void, OnWake>;

  static void TearDown(StatisticsReading* self) {
    *self->stop_ = true;
    self->End();
  }

  void End() {
    thread_.join();
    wake_.Release();
    delete this;
  }

  void Run() {
    try {
      std::unique_ptr<ByteSource> source;
      status_ = OpenFile(path_, &source);
      if (status_.ok()) status_ = TraceReader::Open(std::move(source), {}, &reader_);
      if (status_.ok()) statistics_ = CollectStatistics(reader_.get(), *stop_);
    } catch (const std::bad_alloc&) {
      status_ = ReadOutOfMemory();
    }
    wake_.NonBlockingCall();
  }

  void Settle() {
    const Napi::HandleScope scope(env_);
    if (status_.ok()) {
      promise_.Resolve(Result());
      return;
    }
    promise_.Reject(ErrorOf(env_, status_).Value());
  }

  Napi::Object Result() {
    const EtlFile& file = reader_->file();
    return Setter(env_)
        .Set("header", HeaderOf(env_, file.header()))
        .Set("faults", FaultsOf(env_, *reader_))
        .Set("events", EventsOf(env_, statistics_->events))
        .Set("timeline", TimelineOf(env_, statistics_->timeline, file))
        .Number("bytes", file.size())
        .Number("buffers", file.buffers().size())
        .Number("lossMarks", file.loss_marks())
        .Number("outOfOrder", reader_->out_of_order())
        .Number("records", statistics_->records)
        .Number("payloadBytes", statistics_->payload_bytes)
        .Number("otherRecords", statistics_->other_records)
        .Big("firstTime", statistics_->first_time)
        .Big("lastTime", statistics_->last_time)
        .object();
  }

  const Napi::Env env_;
  const std::string path_;
  const Napi::Promise::Deferred promise_;
  const Stop stop_ = std::make_shared<std::atomic<bool>>(false);
  Status status_;
  std::unique_ptr<TraceReader> reader_;
  std::optional<TraceStatistics> statistics_;
  Wake wake_;
  Napi::Env::CleanupHook<void (*)(StatisticsReading*), StatisticsReading> cleanup_;
  std::thread thread_;  // uses all of the above
};

Napi::Value ReadTraceStatistics(const Napi::CallbackInfo& info) {
  auto* const reading = new StatisticsReading(info.Env(), info[0].As<Napi::String>());
  const auto stop = [stop = reading->stop()](const Napi::CallbackInfo&) { *stop = true; };
  return Setter(info.Env())
      .Set("done", reading->promise())
      .Set("stop", Napi::Function::New(info.Env(), stop))
      .object();
}

}  // namespace

void ExportEtl(Napi::Env env, Napi::Object exports) {
  exports.Set("readTraceStatistics", Napi::Function::New<ReadTraceStatistics>(env));
}

}  // namespace nuthatch
