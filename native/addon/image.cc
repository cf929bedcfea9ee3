#include "addon/image.h"

#include <atomic>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "addon/buffer.h"
#include "addon/error.h"
#include "addon/node_hasher.h"
#include "image/read_image.h"
#include "pipeline/image_json.h"
#include "platform/file.h"

namespace nuthatch {
namespace {

using Stop = std::shared_ptr<std::atomic<bool>>;

ImageRequest ToRequest(const Napi::Object& object) {
  ImageRequest request;
  request.directories = object.Get("directories").As<Napi::Boolean>();
  request.content = object.Get("content").As<Napi::Boolean>();
  const auto hashes = object.Get("hashes").As<Napi::Array>();
  for (uint32_t i = 0; i < hashes.Length(); ++i) {
    const uint32_t algorithm = hashes.Get(i).As<Napi::Number>();
    request.hashes.push_back(static_cast<DigestAlgorithm>(algorithm));
  }
  request.new_hasher = NewNodeHasher;
  return request;
}

// On one of libuv's threads. The end of an environment, which waits for those, stops it.
class Reading : public Napi::AsyncWorker {
 public:
  Reading(Napi::Env env, std::string path, ImageRequest request)
      : AsyncWorker(env, "nuthatch image"),
        promise_(Napi::Promise::Deferred::New(env)),
        path_(std::move(path)),
        request_(std::move(request)),
        cleanup_(env.AddCleanupHook(TearDown, this)) {}

  Napi::Promise promise() const { return promise_.Promise(); }
  const Stop& stop() const { return stop_; }

  void Execute() override {
    try {
      std::unique_ptr<ByteSource> source;
      status_ = OpenFile(path_, &source);
      Image image;
      if (status_.ok()) status_ = ReadImage(source.get(), request_, *stop_, &image);
      if (status_.ok()) AppendImageJson(image, &json_);
    } catch (const std::bad_alloc&) {
      status_ = Status::Error("NUTHATCH_OUT_OF_MEMORY", "there is not enough memory to read it");
    }
  }

  void OnOK() override {
    cleanup_.Remove(Env());
    if (status_.ok()) {
      promise_.Resolve(ToBuffer(Env(), std::move(json_)));
    } else {
      promise_.Reject(ErrorOf(Env(), status_).Value());
    }
  }

 private:
  static void TearDown(Reading* self) { *self->stop_ = true; }

  const Napi::Promise::Deferred promise_;
  const std::string path_;
  const ImageRequest request_;
  const Stop stop_ = std::make_shared<std::atomic<bool>>(false);
  Napi::Env::CleanupHook<void (*)(Reading*), Reading> cleanup_;
  Status status_;
  std::string json_;
};

Napi::Value ReadImageFile(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto* const reading =
      new Reading(env, info[0].As<Napi::String>(), ToRequest(info[1].As<Napi::Object>()));
  const auto stop = [stop = reading->stop()](const Napi::CallbackInfo&) { *stop = true; };
  Napi::Object object = Napi::Object::New(env);
  object.Set("done", reading->promise());
  object.Set("stop", Napi::Function::New(env, stop));
  reading->Queue();  // deletes itself
  return object;
}

}  // namespace

void ExportImage(Napi::Env env, Napi::Object exports) {
  exports.Set("readImage", Napi::Function::New<ReadImageFile>(env));
}

}  // namespace nuthatch
