// What is asked of signatures in tests, and of which images.
#ifndef NUTHATCH_TEST_PIPELINE_SIGNATURE_RULES_H_
#define NUTHATCH_TEST_PIPELINE_SIGNATURE_RULES_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "evaluate/plan_builder.h"
#include "telemetry/maps_builder.h"
#include "trace/trace_records.h"

namespace nuthatch {

inline constexpr std::string_view kDllPath = "\\Device\\HarddiskVolume3\\a.dll";
inline constexpr std::string_view kExePath = "\\Device\\HarddiskVolume3\\a.exe";

inline std::shared_ptr<const Mappings> Traces() {
  TestMapping mapping;
  mapping.recognise = {{"guid", "time", "fields"}};
  mapping.label = Field("guid");
  const auto number = [](PropertyId id, std::string_view field) {
    return std::pair{id, Apply(Operation::kNumber, {Field(field)})};
  };
  for (const EventType type : {EventType::kImageLoad, EventType::kProcessStart,
                               EventType::kFileCreate, EventType::kFileModify}) {
    TestRoute route{type, {{Field("happened"), {std::string(EventTypeName(type))}}}, {}};
    route.set = {{PropertyId::kProcessPath, Field("process.path")},
                 {PropertyId::kFilePath, Field("file.path")},
                 number(PropertyId::kProcessImageTimestamp, "process.image_timestamp"),
                 number(PropertyId::kProcessImageChecksum, "process.image_checksum")};
    if (type == EventType::kImageLoad) {
      route.set.push_back({PropertyId::kImagePath, Field("image.path")});
      route.set.push_back(number(PropertyId::kImageTimestamp, "fields.TimeDateStamp"));
      route.set.push_back(number(PropertyId::kImageMappedSize, "fields.ImageSize"));
    }
    mapping.routes.push_back(std::move(route));
  }
  TestMapping standard;  // of what is parked
  standard.recognise = {{"event_type"}};
  standard.label = Field("event_type");
  for (const EventType type : {EventType::kImageLoad, EventType::kProcessStart}) {
    TestRoute route{type, {{Field("event_type"), {std::string(EventTypeName(type))}}}, {}};
    for (const PropertyId id : {PropertyId::kImagePath, PropertyId::kProcessPath})
      route.set.push_back({id, Field(PropertyName(id))});
    for (const PropertyId id :
         {PropertyId::kImageTimestamp, PropertyId::kImageMappedSize,
          PropertyId::kProcessImageTimestamp, PropertyId::kProcessImageChecksum})
      route.set.push_back(number(id, PropertyName(id)));
    standard.routes.push_back(std::move(route));
  }
  return LoadMappings({mapping, standard});
}

inline std::shared_ptr<const Plan> AsksFor(EventType type, PropertyId status) {
  PlanBuilder builder(type);
  builder.AddNode(0, builder.Text(status, MatchKind::kEquals, {"unsigned"}), {0});
  return builder.Load();
}

inline std::shared_ptr<const Plan> AsksWhether(EventType type, PropertyId property) {
  PlanBuilder builder(type);
  builder.AddNode(0, builder.Text(property, MatchKind::kIsTrue, {}), {0});
  return builder.Load();
}

// Version 3 of ProcessStart, and version 1 of ProcessRundown. The image's time stamp is a hash, as
// builds that can be repeated have it, and may be any number.
inline Bytes ProcessIs(uint16_t id, uint8_t version, uint32_t pid) {
  Payload payload;
  payload.U32(pid).U64(7).U64(0).U32(4).U64(3).U32(1).U32(0).U32(1).U32(1);
  payload.U8(1).U8(1).Raw({0, 0, 0, 0, 0, 16}).U32(12288);
  payload.Wide(kExePath).U32(0x1111).U32(0xF2222222).Wide({}).Wide({});
  return Provider({.tick = 1, .pid = 4}, kKernelProcess, id, version, payload);
}
}  // namespace nuthatch

#endif  // NUTHATCH_TEST_PIPELINE_SIGNATURE_RULES_H_
