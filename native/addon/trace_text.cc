#include "addon/trace_text.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "addon/error.h"
#include "addon/setter.h"
#include "addon/trace_objects.h"
#include "pipeline/trace_text.h"
#include "platform/file.h"

namespace nuthatch {
namespace {

std::vector<uint32_t> ToNumbers(const Napi::Value& value) {
  const auto array = value.As<Napi::Array>();
  std::vector<uint32_t> numbers(array.Length());
  for (uint32_t i = 0; i < numbers.size(); ++i)
    numbers[i] = array.Get(i).As<Napi::Number>().Uint32Value();
  return numbers;
}

std::vector<StandardEvents> ToStandard(const Napi::Array& array) {
  std::vector<StandardEvents> standard;
  for (uint32_t i = 0; i < array.Length(); ++i) {
    const auto row = array.Get(i).As<Napi::Object>();
    const std::string provider = row.Get("provider").As<Napi::String>();
    StandardEvents events;
    events.provider = ToGuid(provider).value_or(Guid{});
    for (const uint32_t id : ToNumbers(row.Get("ids")))
      events.ids.push_back(static_cast<uint16_t>(id));
    standard.push_back(std::move(events));
  }
  return standard;
}

EventFilter ToFilter(const Napi::Object& object) {
  EventFilter filter;
  const auto providers = object.Get("providers").As<Napi::Array>();
  for (uint32_t i = 0; i < providers.Length(); ++i)
    filter.providers.push_back(providers.Get(i).As<Napi::String>());
  filter.ids = ToNumbers(object.Get("ids"));
  filter.pids = ToNumbers(object.Get("pids"));
  if (object.Has("standard"))
    filter.standard = ToStandard(object.Get("standard").As<Napi::Array>());
  return filter;
}

struct Reading {
  Reading(TraceText::OpenSource open, EventFilter filter)
      : text(std::move(open), std::move(filter)) {}

  TraceText text;
  std::string block;   // of the last step; its memory is used again by the next
  uint64_t bytes = 0;  // done with, as of the last step that has ended
};

// A step on one of libuv's threads. It is short, so that the end of an environment can wait for it.
class Step : public Napi::AsyncWorker {
 public:
  Step(Napi::Env env, std::shared_ptr<Reading> reading)
      : AsyncWorker(env, "nuthatch trace"),
        promise_(Napi::Promise::Deferred::New(env)),
        reading_(std::move(reading)) {}

  Napi::Promise promise() const { return promise_.Promise(); }

  void Execute() override {
    try {
      status_ = reading_->text.Next(&reading_->block, &done_);
    } catch (const std::bad_alloc&) {
      status_ = TraceOutOfMemory();
    }
  }

  void OnOK() override {
    reading_->bytes = reading_->text.bytes_done();
    if (!status_.ok()) {
      promise_.Reject(ErrorOf(Env(), status_).Value());
    } else if (done_ && reading_->block.empty()) {
      promise_.Resolve(Env().Null());
    } else {
      promise_.Resolve(Napi::Number::New(Env(), static_cast<double>(reading_->block.size())));
    }
  }

 private:
  const Napi::Promise::Deferred promise_;
  const std::shared_ptr<Reading> reading_;
  Status status_;
  bool done_ = false;
};

class TraceTextObject : public Napi::ObjectWrap<TraceTextObject> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "TraceText",
                       {InstanceMethod<&TraceTextObject::Next>("next"),
                        InstanceMethod<&TraceTextObject::Take>("take"),
                        InstanceMethod<&TraceTextObject::Bytes>("bytes"),
                        InstanceMethod<&TraceTextObject::Summary>("summary")});
  }

  explicit TraceTextObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
    const std::string path = info[0].As<Napi::String>();
    const auto open = [path](std::unique_ptr<ByteSource>* source) {
      return OpenFile(path, source);
    };
    reading_ = std::make_shared<Reading>(open, ToFilter(info[1].As<Napi::Object>()));
  }

 private:
  Napi::Value Next(const Napi::CallbackInfo& info) {
    auto* const step = new Step(info.Env(), reading_);  // deletes itself
    const Napi::Promise promise = step->promise();
    step->Queue();
    return promise;
  }

  // Between two steps, into a buffer of the block's size.
  void Take(const Napi::CallbackInfo& info) {
    auto into = info[0].As<Napi::Uint8Array>();
    assert(into.ByteLength() == reading_->block.size());
    std::copy(reading_->block.begin(), reading_->block.end(), into.Data());
  }

  Napi::Value Bytes(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(reading_->bytes));
  }

  Napi::Value Summary(const Napi::CallbackInfo& info) {
    const TraceText& text = reading_->text;
    Setter setter(info.Env());
    const UndecodedCount& undecoded = text.undecoded().total();
    setter.Number("raw", undecoded.raw)
        .Number("incomplete", undecoded.incomplete)
        .Set("undecoded", UndecodedOf(info.Env(), text.undecoded()));
    const TraceReader* const reader = text.reader();
    if (reader == nullptr) return setter.object();
    const EtlFile& file = reader->file();
    return setter.Set("header", HeaderOf(info.Env(), file.header()))
        .Set("faults", FaultsOf(info.Env(), *reader))
        .Set("leftOut", EventsOf(info.Env(), text.left_out().events))
        .Number("otherLeftOut", text.left_out().other_records)
        .Number("lossMarks", file.loss_marks())
        .Number("outOfOrder", reader->out_of_order())
        .object();
  }

  std::shared_ptr<Reading> reading_;
};

}  // namespace

void ExportTraceText(Napi::Env env, Napi::Object exports) {
  exports.Set("TraceText", TraceTextObject::Define(env));
}

}  // namespace nuthatch
