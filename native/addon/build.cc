#include "addon/build.h"

#include <string>

#include "base/compiler.h"
#include "evaluate/gram_filter.h"

namespace nuthatch {
namespace {

Napi::Value BuildOf(const Napi::CallbackInfo& info) {
  auto build = Napi::Object::New(info.Env());
  build.Set("compiler", std::string(kCompiler));
  build.Set("instructions", std::string(GramScans().front().name));
  return build;
}

}  // namespace

void ExportBuild(Napi::Env env, Napi::Object exports) {
  exports.Set("version", Napi::String::New(env, NUTHATCH_VERSION));
  exports.Set("build", Napi::Function::New<BuildOf>(env, "build"));
}

}  // namespace nuthatch
