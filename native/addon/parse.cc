#include "addon/parse.h"

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "language/syntax_table.h"

namespace nuthatch {
namespace {

Napi::Array ToArray(Napi::Env env, const std::vector<std::string_view>& names) {
  Napi::Array array = Napi::Array::New(env, names.size());
  for (uint32_t i = 0; i < names.size(); i++) array[i] = std::string(names[i]);
  return array;
}

Napi::Value SyntaxNames(const Napi::CallbackInfo& info) {
  Napi::Object names = Napi::Object::New(info.Env());
  names.Set("kinds", ToArray(info.Env(), SyntaxKinds()));
  names.Set("fields", ToArray(info.Env(), SyntaxFields()));
  return names;
}

Napi::Value Parse(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  auto source = info[0].As<Napi::Uint8Array>();
  SyntaxTable table;
  Status status = ParseRules({source.Data(), source.ElementLength()}, SyntaxLimits(), &table);

  const size_t bytes = table.rows.size() * sizeof(SyntaxRow);
  auto nodes = Napi::Uint32Array::New(env, bytes / sizeof(uint32_t));
  if (bytes > 0) std::memcpy(nodes.Data(), table.rows.data(), bytes);
  Napi::Object result = Napi::Object::New(env);
  result.Set("nodes", nodes);
  result.Set("failure", env.Null());
  if (!status.ok()) {
    Napi::Object failure = Napi::Object::New(env);
    failure.Set("code", status.code());
    failure.Set("message", status.message());
    failure.Set("at", table.stopped_at);
    result.Set("failure", failure);
  }
  return result;
}

}  // namespace

void ExportParse(Napi::Env env, Napi::Object exports) {
  exports.Set("syntaxNames", Napi::Function::New<SyntaxNames>(env));
  exports.Set("parse", Napi::Function::New<Parse>(env));
}

}  // namespace nuthatch
