#include "addon/etl.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "addon/error.h"
#include "addon/promised_work.h"
#include "addon/setter.h"
#include "addon/trace_objects.h"
#include "etw/trace_statistics.h"
#include "platform/file.h"

namespace nuthatch {
namespace {

class StatisticsReading : public StoppableWork {
 public:
  StatisticsReading(Napi::Env env, std::string path)
      : StoppableWork(env, "nuthatch trace", ReadOutOfMemory()), path_(std::move(path)) {}

 private:
  Status Run() override {
    std::unique_ptr<ByteSource> source;
    Status status = OpenFile(path_, &source);
    if (status.ok()) status = TraceReader::Open(std::move(source), {.stop = &stop()}, &reader_);
    if (status.ok()) statistics_ = CollectStatistics(reader_.get(), stop());
    return status;
  }

  Napi::Value Result() override {
    const EtlFile& file = reader_->file();
    return Setter(Env())
        .Set("header", HeaderOf(Env(), file.header()))
        .Set("faults", FaultsOf(Env(), *reader_))
        .Set("events", EventsOf(Env(), statistics_->events))
        .Set("timeline", TimelineOf(Env(), statistics_->timeline, file))
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

  const std::string path_;
  std::unique_ptr<TraceReader> reader_;
  std::optional<TraceStatistics> statistics_;
};

Napi::Value ReadTraceStatistics(const Napi::CallbackInfo& info) {
  return (new StatisticsReading(info.Env(), info[0].As<Napi::String>()))->Start();
}

}  // namespace

void ExportEtl(Napi::Env env, Napi::Object exports) {
  exports.Set("readTraceStatistics", Napi::Function::New<ReadTraceStatistics>(env));
}

}  // namespace nuthatch
