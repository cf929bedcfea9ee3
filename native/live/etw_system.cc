#include "live/etw_system.h"

namespace nuthatch {

uint32_t EtwSystem::EventInformation(const WinEventRecord& record, std::vector<uint8_t>* schema) {
  auto size = static_cast<uint32_t>(schema->size());
  uint32_t error = GetEventInformation(record, schema->data(), &size);
  if (error == kEtwBufferTooSmall) {
    schema->resize(size);
    error = GetEventInformation(record, schema->data(), &size);
  }
  if (error == kEtwSuccess) schema->resize(size);
  return error;
}

}  // namespace nuthatch
