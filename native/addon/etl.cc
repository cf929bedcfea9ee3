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
#include "etw/known_providers.h"
#include "etw/trace_statistics.h"
#include "platform/file.h"

namespace nuthatch {
namespace {

Napi::Object ToObject(Napi::Env env, const TraceHeader& header) {
  Setter setter(env);
  setter.Text("session", header.session)
      .Text("file", header.file)
      .Number("bufferSize", header.buffer_size)
      .Number("mode", header.mode)
      .Number("buffersWritten", header.buffers_written)
      .Number("eventsLost", header.events_lost)
      .Number("buffersLost", header.buffers_lost)
      .Number("osMajor", header.os_major)
      .Number("osMinor", header.os_minor)
      .Number("osBuild", header.os_build)
      .Number("processors", header.processors)
      .Number("cpuMegahertz", header.cpu_megahertz)
      .Number("pointerSize", header.pointer_size)
      .Number("clockType", static_cast<uint64_t>(header.clock_type))
      .Big("perfFrequency", header.perf_frequency)
      .Big("bootTime", header.boot_time)
      .Big("startTime", header.start_time)
      .Big("endTime", header.end_time);
  setter.Set("bias", Napi::Number::New(env, header.bias));
  return setter.object();
}

Napi::Object ToObject(Napi::Env env, const EtlFaults& faults) {
  Napi::Array counts = Napi::Array::New(env);
  for (size_t i = 0; i < kEtlFaultKinds; ++i) {
    const auto kind = static_cast<EtlFaultKind>(i);
    if (faults.count(kind) == 0) continue;
    counts[counts.Length()] = Setter(env)
                                  .Text("code", TextOf(kind).code)
                                  .Text("reason", TextOf(kind).reason)
                                  .Number("count", faults.count(kind))
                                  .object();
  }
  Napi::Array samples = Napi::Array::New(env);
  for (const EtlFault& fault : faults.samples()) {
    samples[samples.Length()] = Setter(env)
                                    .Text("code", TextOf(fault.kind).code)
                                    .Number("position", fault.position)
                                    .object();
  }
  return Setter(env)
      .Number("total", faults.total())
      .Set("counts", counts)
      .Set("samples", samples)
      .object();
}

Napi::Array ToArray(Napi::Env env, const EventCounts& events) {
  constexpr const char* kForms[] = {"type", "id", "message"};
  Napi::Array array = Napi::Array::New(env, events.size());
  uint32_t i = 0;
  for (const auto& [key, count] : events) {
    const Napi::HandleScope scope(env);
    Setter setter(env);
    const char* known = KnownProviderName(key.provider);
    setter.Text("provider", ToText(key.provider))
        .Text("name", known != nullptr ? known : count.provider_name)
        .Text("form", kForms[static_cast<size_t>(key.form)])
        .Number("number", key.number)
        .Number("version", key.version)
        .Number("records", count.records)
        .Number("payloadBytes", count.payload_bytes);
    if (key.group != kNoGroup) setter.Number("group", key.group);
    array[i++] = setter.object();
  }
  return array;
}

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
      status_ = TraceOutOfMemory();
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
        .Set("header", ToObject(env_, file.header()))
        .Set("faults", ToObject(env_, reader_->faults()))
        .Set("events", ToArray(env_, statistics_->events))
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
