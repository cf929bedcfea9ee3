#include "addon/image.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "addon/array.h"
#include "addon/buffer.h"
#include "addon/error.h"
#include "addon/node_hasher.h"
#include "addon/promised_work.h"
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
  request.hashes = ToVector(object.Get("hashes"), [](const Napi::Value& item) {
    return static_cast<DigestAlgorithm>(item.As<Napi::Number>().Uint32Value());
  });
  request.new_hasher = NewNodeHasher;
  return request;
}

// The end of an environment stops it.
class Reading : public PromisedWork {
 public:
  Reading(Napi::Env env, std::string path, ImageRequest request)
      : PromisedWork(env, "nuthatch image", ReadOutOfMemory()),
        path_(std::move(path)),
        request_(std::move(request)),
        cleanup_(env.AddCleanupHook(TearDown, this)) {}

  const Stop& stop() const { return stop_; }

 private:
  static void TearDown(Reading* self) { *self->stop_ = true; }

  Status Run() override {
    std::unique_ptr<ByteSource> source;
    if (Status status = OpenFile(path_, &source); !status.ok()) return status;
    Image image;
    Status status = ReadImage(source.get(), request_, *stop_, &image);
    if (status.ok()) AppendImageJson(image, &json_);
    return status;
  }
  void Ended() override { cleanup_.Remove(Env()); }
  Napi::Value Result() override { return ToBuffer(Env(), json_); }

  const std::string path_;
  const ImageRequest request_;
  const Stop stop_ = std::make_shared<std::atomic<bool>>(false);
  Napi::Env::CleanupHook<void (*)(Reading*), Reading> cleanup_;
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
  reading->Queue();
  return object;
}

}  // namespace

void ExportImage(Napi::Env env, Napi::Object exports) {
  exports.Set("readImage", Napi::Function::New<ReadImageFile>(env));
}

}  // namespace nuthatch
