#ifndef NUTHATCH_ADDON_BUFFER_H_
#define NUTHATCH_ADDON_BUFFER_H_

#include <napi.h>

#include <cstddef>
#include <string>
#include <utility>

namespace nuthatch {

// Text as a Buffer; a large one keeps its memory.
inline Napi::Value ToBuffer(Napi::Env env, std::string text) {
  constexpr size_t kWorthSharing = size_t{64} << 10;
  if (text.size() < kWorthSharing) return Napi::Buffer<char>::Copy(env, text.data(), text.size());
  auto* const owner = new std::string(std::move(text));
  return Napi::Buffer<char>::NewOrCopy(
      env, owner->data(), owner->size(), [](Napi::Env, char*, std::string* o) { delete o; }, owner);
}

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_BUFFER_H_
