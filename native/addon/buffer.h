#ifndef NUTHATCH_ADDON_BUFFER_H_
#define NUTHATCH_ADDON_BUFFER_H_

#include <napi.h>

#include <string_view>

namespace nuthatch {

// Text as a Buffer. It is copied to memory of V8's own, whose young buffers are collected when they
// have 32 MB; of memory that is lent to it V8 lets 64 MB and more lie.
inline Napi::Value ToBuffer(Napi::Env env, std::string_view text) {
  return Napi::Buffer<char>::Copy(env, text.data(), text.size());
}

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_BUFFER_H_
