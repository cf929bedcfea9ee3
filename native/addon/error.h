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

// `status` is not ok. The error has its message and code.
inline Napi::Error ErrorOf(Napi::Env env, const Status& status) {
  Napi::Error error = Napi::Error::New(env, status.message());
  error.Set("code", status.code());
  return error;
}

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_ERROR_H_
