// The addon's exports: lib/binding.ts describes them.
#include <napi.h>

namespace {

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("version", Napi::String::New(env, NUTHATCH_VERSION));
  return exports;
}

}  // namespace

NODE_API_MODULE(nuthatch, Init)
