#ifndef NUTHATCH_ADDON_SETTER_H_
#define NUTHATCH_ADDON_SETTER_H_

#include <napi.h>

#include <cstdint>
#include <string>

namespace nuthatch {

// Sets members of an object.
class Setter {
 public:
  explicit Setter(Napi::Env env) : env_(env), object_(Napi::Object::New(env)) {}

  // Counts and sizes, which are below 2^53 as long as there is no larger file.
  Setter& Number(const char* name, uint64_t value) {
    object_.Set(name, static_cast<double>(value));
    return *this;
  }
  // FILETIME and whatever else has 64 bits.
  Setter& Big(const char* name, uint64_t value) {
    object_.Set(name, Napi::BigInt::New(env_, value));
    return *this;
  }
  Setter& Text(const char* name, const std::string& value) {
    object_.Set(name, Napi::String::New(env_, value));
    return *this;
  }
  Setter& Set(const char* name, Napi::Value value) {
    object_.Set(name, value);
    return *this;
  }
  Napi::Object object() const { return object_; }

 private:
  Napi::Env env_;
  Napi::Object object_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ADDON_SETTER_H_
