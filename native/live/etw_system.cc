#include "live/etw_system.h"

namespace nuthatch {
namespace {

// `get` writes to room of a size, or says how much it takes.
template <typename Get>
uint32_t GetAll(Get get, std::vector<uint8_t>* bytes) {
  auto size = static_cast<uint32_t>(bytes->size());
  uint32_t error = get(bytes->data(), &size);
  if (error == kEtwBufferTooSmall) {
    bytes->resize(size);
    error = get(bytes->data(), &size);
  }
  if (error == kEtwSuccess) bytes->resize(size);
  return error;
}

}  // namespace

uint32_t EtwSystem::EventInformation(const WinEventRecord& record, std::vector<uint8_t>* schema) {
  return GetAll([&](uint8_t* to, uint32_t* size) { return GetEventInformation(record, to, size); },
                schema);
}

uint32_t EtwSystem::EventMapInformation(const WinEventRecord& record, const char16_t* name,
                                        std::vector<uint8_t>* map) {
  return GetAll(
      [&](uint8_t* to, uint32_t* size) { return GetEventMapInformation(record, name, to, size); },
      map);
}

}  // namespace nuthatch
