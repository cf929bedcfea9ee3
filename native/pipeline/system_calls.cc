#include "pipeline/system_calls.h"

#include "base/guid.h"

namespace nuthatch {
namespace {

using Names = std::string_view;

constexpr Names kCreateProcess[] = {"NtCreateUserProcess", "NtCreateProcessEx", "NtCreateProcess"};
constexpr Names kCreateThread[] = {"NtCreateThreadEx", "NtCreateThread"};
constexpr Names kOpenProcess[] = {"NtOpenProcess", "NtAlpcOpenSenderProcess"};
constexpr Names kAllocate[] = {"NtAllocateVirtualMemory", "NtAllocateVirtualMemoryEx"};
constexpr Names kProtect[] = {"NtProtectVirtualMemory"};
constexpr Names kMap[] = {"NtMapViewOfSection", "NtMapViewOfSectionEx"};
constexpr Names kRead[] = {"NtReadVirtualMemory", "NtReadVirtualMemoryEx"};
constexpr Names kWrite[] = {"NtWriteVirtualMemory"};
constexpr Names kQueueApc[] = {"NtQueueApcThread", "NtQueueApcThreadEx", "NtQueueApcThreadEx2"};
constexpr Names kSetContext[] = {"NtSetContextThread"};

constexpr Guid kAuditApiCalls = ParseGuid("e02a841c-75a3-4fa7-afc8-ae09cf9b7f23");
constexpr Guid kThreatIntelligence = ParseGuid("f4e1897c-bb5d-5668-f1d8-040f4d8dd344");

SystemCall OfHappened(EventType type) {
  switch (type) {
    case EventType::kProcessStart:
      return {true, kCreateProcess};
    case EventType::kRemoteThread:
      return {true, kCreateThread};
    case EventType::kImageLoad:
    case EventType::kFileCreate:
    case EventType::kFileRename:
    case EventType::kRegistryCreate:
    case EventType::kRegistrySet:
    case EventType::kRegistryDelete:
      return {true, {}};
    default:
      return {};
  }
}

SystemCall OfThreatIntelligence(uint16_t id) {
  switch (id) {
    case 1:
      return {true, kAllocate};
    case 2:
      return {true, kProtect};
    case 3:
      return {true, kMap};
    case 4:
      return {true, kQueueApc};
    case 5:
      return {true, kSetContext};
    case 13:
      return {true, kRead};
    case 14:
      return {true, kWrite};
    default:
      return {};
  }
}

}  // namespace

SystemCall SystemCallOf(const DecodedEvent& event, const JoinedEvent& joined) {
  const EtwRecord& record = *event.record;
  if (joined.happened) return OfHappened(*joined.happened);
  if (record.kind != HeaderKind::kEvent) return {};
  constexpr uint16_t kAuditOpenProcess = 5;
  if (record.provider == kAuditApiCalls && record.id == kAuditOpenProcess)
    return {true, kOpenProcess};
  if (record.provider == kThreatIntelligence) return OfThreatIntelligence(record.id);
  return {};
}

}  // namespace nuthatch
