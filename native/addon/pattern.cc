#include "addon/pattern.h"

#include <string>

#include "evaluate/pattern.h"

namespace nuthatch {
namespace {

Napi::Value CallCheckPattern(const Napi::CallbackInfo& info) {
  const std::string fault = CheckPattern(info[0].As<Napi::String>().Utf8Value());
  if (fault.empty()) return info.Env().Null();
  return Napi::String::New(info.Env(), fault);
}

}  // namespace

void ExportPattern(Napi::Env env, Napi::Object exports) {
  exports.Set("checkPattern", Napi::Function::New<CallCheckPattern>(env));
}

}  // namespace nuthatch
