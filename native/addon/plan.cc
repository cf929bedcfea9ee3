#include "addon/plan.h"

#include <chrono>
#include <span>
#include <utility>

#include "addon/error.h"
#include "model/plan_file.h"

namespace nuthatch {
namespace {

// Tells instances of this class from other objects; any value does, as long as it is never changed.
constexpr napi_type_tag kTypeTag = {0x6e75746861746368, 0x706c616e706c616e};

Status Load(std::span<const uint8_t> bytes, LoadedPlan* out) {
  PlanSections sections;
  if (Status status = ReadPlanFile(bytes, &sections); !status.ok()) return status;
  auto mappings = std::make_shared<Mappings>();
  if (Status status = ReadMappings(sections.mappings, mappings.get()); !status.ok()) return status;
  if (Status status = Plan::Load(sections.rules, &out->rules); !status.ok()) return status;
  out->mappings = std::move(mappings);
  out->detecting = std::make_shared<Program>(out->rules, out->mappings, Output::kDetections);
  return {};
}

class PlanObject : public Napi::ObjectWrap<PlanObject> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "Plan",
                       {InstanceAccessor<&PlanObject::Detectors>("detectors"),
                        InstanceAccessor<&PlanObject::Terms>("terms"),
                        InstanceAccessor<&PlanObject::LoadMicroseconds>("loadMicroseconds")});
  }

  explicit PlanObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<PlanObject>(info) {
    const auto begin = std::chrono::steady_clock::now();
    const auto bytes = info[0].As<Napi::Uint8Array>();
    const Status status = Load({bytes.Data(), bytes.ByteLength()}, &plan_);
    if (!status.ok()) throw ErrorOf(info.Env(), status);
    load_time_ = std::chrono::steady_clock::now() - begin;
    info.This().As<Napi::Object>().TypeTag(&kTypeTag);
    bytes_ = static_cast<int64_t>(bytes.ByteLength());
    Napi::MemoryManagement::AdjustExternalMemory(info.Env(), bytes_);
  }
  ~PlanObject() override { Napi::MemoryManagement::AdjustExternalMemory(Env(), -bytes_); }

  const LoadedPlan& plan() const { return plan_; }

 private:
  Napi::Value Detectors(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(plan_.rules->detector_count()));
  }
  Napi::Value Terms(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(plan_.rules->term_count()));
  }
  Napi::Value LoadMicroseconds(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(),
                             std::chrono::duration<double, std::micro>(load_time_).count());
  }

  LoadedPlan plan_;
  std::chrono::steady_clock::duration load_time_{};
  int64_t bytes_ = 0;  // that V8 was told of: the least that a Plan takes
};

}  // namespace

void ExportPlan(Napi::Env env, Napi::Object exports) {
  exports.Set("Plan", PlanObject::Define(env));
}

const LoadedPlan& LoadedPlanOf(Napi::Value value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kTypeTag)) {
    throw Napi::TypeError::New(value.Env(), "not a Plan");
  }
  return PlanObject::Unwrap(value.As<Napi::Object>())->plan();
}

}  // namespace nuthatch
