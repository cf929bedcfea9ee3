#ifndef NUTHATCH_ADDON_BUFFER_H_
#define NUTHATCH_ADDON_BUFFER_H_

#include <napi.h>

#include <algorithm>
#include <string_view>

namespace nuthatch {

// Text as bytes. They are copied to memory of V8's own, whose young buffers are collected when they
// have 32 MB; of memory that is lent to it V8 lets 64 MB and more lie. Seven eighths of a buffer
// are never touched and so take no memory: 4 MB are left lying. lib/etw/trace.ts does the same.
inline Napi::Value ToBuffer(Napi::Env env, std::string_view text) {
  constexpr size_t kCollected = size_t{32} << 20;
  const size_t room = std::max(text.size(), std::min(8 * text.size(), kCollected));
  const auto buffer = Napi::Buffer<char>::New(env, room);
  text.copy(buffer.Data(), text.size());
  return Napi::Uint8Array::New(env, text.size(), buffer.ArrayBuffer(), buffer.ByteOffset());
}

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_BUFFER_H_
