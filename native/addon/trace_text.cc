#include "addon/trace_text.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "addon/array.h"
#include "addon/error.h"
#include "addon/promised_work.h"
#include "addon/setter.h"
#include "addon/trace_objects.h"
#include "pipeline/trace_text.h"
#include "platform/file.h"

namespace nuthatch {
namespace {

template <typename Number>
std::vector<Number> ToNumbers(const Napi::Value& value) {
  return ToVector(value, [](const Napi::Value& item) {
    return static_cast<Number>(item.As<Napi::Number>().Uint32Value());
  });
}

StandardEvents ToStandard(const Napi::Value& value) {
  const auto row = value.As<Napi::Object>();
  const std::string provider = row.Get("provider").As<Napi::String>();
  return {ToGuid(provider).value_or(Guid{}), ToNumbers<uint16_t>(row.Get("ids"))};
}

EventFilter ToFilter(const Napi::Object& object) {
  EventFilter filter;
  filter.providers = ToStrings(object.Get("providers"));
  filter.ids = ToNumbers<uint32_t>(object.Get("ids"));
  filter.pids = ToNumbers<uint32_t>(object.Get("pids"));
  if (object.Has("standard")) filter.standard = ToVector(object.Get("standard"), ToStandard);
  return filter;
}

struct Reading {
  Reading(TraceText::OpenSource open, EventFilter filter)
      : text(std::move(open), std::move(filter)) {}

  TraceText text;
  std::string block;   // of the last step; its memory is used again by the next
  uint64_t bytes = 0;  // done with, as of the last step that has ended
};

// It is short, so that the end of an environment can wait for it.
class Step : public PromisedWork {
 public:
  Step(Napi::Env env, std::shared_ptr<Reading> reading)
      : PromisedWork(env, "nuthatch trace", ReadOutOfMemory()), reading_(std::move(reading)) {}

 private:
  Status Run() override { return reading_->text.Next(&reading_->block, &done_); }
  void Ended() override { reading_->bytes = reading_->text.bytes_done(); }
  Napi::Value Result() override {
    if (done_ && reading_->block.empty()) return Env().Null();
    return Napi::Number::New(Env(), static_cast<double>(reading_->block.size()));
  }

  const std::shared_ptr<Reading> reading_;
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
    auto* const step = new Step(info.Env(), reading_);
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
