#include "addon/memory.h"

#include "platform/free_memory.h"

namespace nuthatch {
namespace {

void GiveBack(const Napi::CallbackInfo&) { GiveFreeMemoryBack(); }

void Release(const Napi::CallbackInfo& info) {
  auto buffer = info[0].As<Napi::Uint8Array>().ArrayBuffer();
  buffer.Detach();
}

}  // namespace

void ExportMemory(Napi::Env env, Napi::Object exports) {
  exports.Set("giveFreeMemoryBack", Napi::Function::New<GiveBack>(env, "giveFreeMemoryBack"));
  exports.Set("release", Napi::Function::New<Release>(env, "release"));
}

}  // namespace nuthatch
