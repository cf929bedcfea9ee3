#include "addon/trace_text.h"

#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "addon/buffer.h"
#include "addon/error.h"
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

EventFilter ToFilter(const Napi::Object& object) {
  EventFilter filter;
  const auto providers = object.Get("providers").As<Napi::Array>();
  for (uint32_t i = 0; i < providers.Length(); ++i)
    filter.providers.push_back(providers.Get(i).As<Napi::String>());
  filter.ids = ToNumbers(object.Get("ids"));
  filter.pids = ToNumbers(object.Get("pids"));
  return filter;
}

// A step on one of libuv's threads. It is short, so that the end of an environment can wait for it.
class Step : public Napi::AsyncWorker {
 public:
  Step(Napi::Env env, std::shared_ptr<TraceText> text)
      : AsyncWorker(env, "nuthatch trace"),
        promise_(Napi::Promise::Deferred::New(env)),
        text_(std::move(text)) {}

  Napi::Promise promise() const { return promise_.Promise(); }

  void Execute() override {
    try {
      status_ = text_->Next(&block_, &done_);
    } catch (const std::bad_alloc&) {
      status_ = TraceOutOfMemory();
    }
  }

  void OnOK() override {
    if (!status_.ok()) {
      promise_.Reject(ErrorOf(Env(), status_).Value());
    } else if (done_ && block_.empty()) {
      promise_.Resolve(Env().Null());
    } else {
      promise_.Resolve(ToBuffer(Env(), std::move(block_)));
    }
  }

 private:
  const Napi::Promise::Deferred promise_;
  const std::shared_ptr<TraceText> text_;
  Status status_;
  std::string block_;
  bool done_ = false;
};

class TraceTextObject : public Napi::ObjectWrap<TraceTextObject> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "TraceText",
                       {InstanceMethod<&TraceTextObject::Next>("next"),
                        InstanceMethod<&TraceTextObject::Undecoded>("undecoded")});
  }

  explicit TraceTextObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
    const std::string path = info[0].As<Napi::String>();
    text_ = std::make_shared<TraceText>(
        [path](std::unique_ptr<ByteSource>* source) { return OpenFile(path, source); },
        ToFilter(info[1].As<Napi::Object>()));
  }

 private:
  Napi::Value Next(const Napi::CallbackInfo& info) {
    auto* const step = new Step(info.Env(), text_);  // deletes itself
    const Napi::Promise promise = step->promise();
    step->Queue();
    return promise;
  }

  Napi::Value Undecoded(const Napi::CallbackInfo& info) {
    const UndecodedCount& undecoded = text_->undecoded().total();
    Napi::Object object = Napi::Object::New(info.Env());
    object.Set("raw", static_cast<double>(undecoded.raw));
    object.Set("incomplete", static_cast<double>(undecoded.incomplete));
    return object;
  }

  std::shared_ptr<TraceText> text_;
};

}  // namespace

void ExportTraceText(Napi::Env env, Napi::Object exports) {
  exports.Set("TraceText", TraceTextObject::Define(env));
}

}  // namespace nuthatch
