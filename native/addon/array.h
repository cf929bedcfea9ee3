#ifndef NUTHATCH_ADDON_ARRAY_H_
#define NUTHATCH_ADDON_ARRAY_H_

#include <napi.h>

#include <cstdint>
#include <string>
#include <vector>

namespace nuthatch {

// The items of a JavaScript array, each through `convert(Napi::Value)`.
template <typename Convert>
auto ToVector(const Napi::Value& value, Convert convert) {
  const auto array = value.As<Napi::Array>();
  std::vector<decltype(convert(Napi::Value()))> items;
  items.reserve(array.Length());
  for (uint32_t i = 0; i < array.Length(); ++i) items.push_back(convert(array.Get(i)));
  return items;
}

inline std::vector<std::string> ToStrings(const Napi::Value& value) {
  return ToVector(value,
                  [](const Napi::Value& item) { return item.As<Napi::String>().Utf8Value(); });
}

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_ARRAY_H_
