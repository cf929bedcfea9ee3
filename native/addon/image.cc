#include "addon/image.h"

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

class Reading : public StoppableWork {
 public:
  Reading(Napi::Env env, std::string path, ImageRequest request)
      : StoppableWork(env, "nuthatch image", ReadOutOfMemory()),
        path_(std::move(path)),
        request_(std::move(request)) {}

 private:
  Status Run() override {
    std::unique_ptr<RegularFile> source;
    const OpenFault fault = OpenRegularFile(path_, /*follow_links=*/true, &source);
    if (fault != OpenFault::kNone)
      return Status::Error(
          fault == OpenFault::kNotFound ? "NUTHATCH_INPUT_NOT_FOUND" : "NUTHATCH_INPUT_UNREADABLE",
          TextOf(fault));
    Image image;
    Status status = ReadImage(source.get(), request_, stop(), &image);
    if (status.ok()) AppendImageJson(image, &json_);
    return status;
  }
  Napi::Value Result() override { return ToBuffer(Env(), json_); }

  const std::string path_;
  const ImageRequest request_;
  std::string json_;
};

Napi::Value ReadImageFile(const Napi::CallbackInfo& info) {
  const auto path = info[0].As<Napi::Uint8Array>();
  auto* const reading = new Reading(info.Env(), {path.Data(), path.Data() + path.ByteLength()},
                                    ToRequest(info[1].As<Napi::Object>()));
  return reading->Start();
}

}  // namespace

void ExportImage(Napi::Env env, Napi::Object exports) {
  exports.Set("readImage", Napi::Function::New<ReadImageFile>(env));
}

}  // namespace nuthatch
