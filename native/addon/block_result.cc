#include "addon/block_result.h"

#include <vector>

#include "addon/buffer.h"
#include "addon/error.h"

namespace nuthatch {
namespace {

Napi::Array ToArray(Napi::Env env, const std::vector<MalformedRecord>& samples) {
  Napi::Array array = Napi::Array::New(env, samples.size());
  for (uint32_t i = 0; i < samples.size(); ++i) {
    Napi::Object sample = Napi::Object::New(env);
    sample.Set("source", samples[i].source);
    sample.Set("line", static_cast<double>(samples[i].line));
    sample.Set("code", samples[i].code);
    sample.Set("reason", samples[i].reason);
    array[i] = sample;
  }
  return array;
}

}  // namespace

Napi::Object ToObject(Napi::Env env, const BlockResult& result) {
  Napi::Object object = Napi::Object::New(env);
  const auto set = [&](const char* name, uint64_t number) {
    object.Set(name, static_cast<double>(number));
  };
  object.Set("unreadable", result.unreadable);
  set("missing", result.missing);
  object.Set("output", ToBuffer(env, result.output));
  set("bytes", result.bytes);
  set("lines", result.lines);
  set("records", result.records);
  set("events", result.events);
  set("detections", result.detections);
  set("undecided", result.undecided);
  set("termsEvaluated", result.terms_evaluated);
  set("termsPossible", result.terms_possible);
  set("malformed", result.malformed);
  object.Set("malformedSamples", ToArray(env, result.samples));
  Napi::Object unmapped = Napi::Object::New(env);
  // As values: a name given as std::string would end at a NUL.
  for (const auto& [label, count] : result.unmapped) {
    unmapped.Set(Napi::String::New(env, label), static_cast<double>(count));
  }
  object.Set("unmapped", unmapped);
  return object;
}

Napi::Error BlockOutOfMemory(Napi::Env env) {
  return ErrorOf(
      env,
      Status::Error(
          "NUTHATCH_OUT_OF_MEMORY",
          "There is not enough memory to evaluate a block of records; fewer threads need less."));
}

}  // namespace nuthatch
