// A Status as a JavaScript error.
#ifndef NUTHATCH_ADDON_ERROR_H_
#define NUTHATCH_ADDON_ERROR_H_

#include <napi.h>

#include "base/status.h"

namespace nuthatch {

// For std::bad_alloc while a file is read.
inline Status ReadOutOfMemory() {
  return Status::Error("NUTHATCH_OUT_OF_MEMORY", "there is not enough memory to read it");
}

// What errors of this environment are made of: lib/errors.ts's NuthatchError, once the addon was
// told of it (exports.setErrorClass).
struct ErrorClass {
  Napi::FunctionReference constructor;
};

inline void ExportErrorClass(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new ErrorClass);
  exports.Set("setErrorClass", Napi::Function::New(env, [](const Napi::CallbackInfo& info) {
                info.Env().GetInstanceData<ErrorClass>()->constructor =
                    Napi::Persistent(info[0].As<Napi::Function>());
              }));
}

// `status` is not ok. The error has its message and code.
inline Napi::Error ErrorOf(Napi::Env env, const Status& status) {
  const Napi::FunctionReference& of = env.GetInstanceData<ErrorClass>()->constructor;
  if (!of.IsEmpty()) {
    const Napi::String code = Napi::String::New(env, status.code());
    const Napi::Object error = of.New({code, Napi::String::New(env, status.message())});
    return {env, error};
  }
  Napi::Error error = Napi::Error::New(env, status.message());
  error.Set("code", status.code());
  return error;
}

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_ERROR_H_
