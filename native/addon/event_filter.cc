#include "addon/event_filter.h"

#include <string>
#include <vector>

#include "addon/array.h"

namespace nuthatch {
namespace {

template <typename Number>
std::vector<Number> ToNumbers(const Napi::Value& value) {
  return ToVector(value, [](const Napi::Value& item) {
    return static_cast<Number>(item.As<Napi::Number>().Uint32Value());
  });
}

StandardEvents ToStandard(const Napi::Value& value) {
  const auto row = value.As<Napi::Object>();
  const std::string provider = row.Get("provider").As<Napi::String>();
  return {ToGuid(provider).value_or(Guid{}), ToNumbers<uint16_t>(row.Get("ids"))};
}

}  // namespace

EventFilter ToFilter(const Napi::Object& object) {
  EventFilter filter;
  filter.providers = ToStrings(object.Get("providers"));
  filter.ids = ToNumbers<uint32_t>(object.Get("ids"));
  filter.pids = ToNumbers<uint32_t>(object.Get("pids"));
  if (object.Has("standard")) filter.standard = ToVector(object.Get("standard"), ToStandard);
  return filter;
}

}  // namespace nuthatch
