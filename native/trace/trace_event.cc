#include "trace/trace_event.h"

#include <array>
#include <span>

#include "base/guid.h"
#include "etw/known_providers.h"

namespace nuthatch {
namespace {

using enum TraceEvent;

struct Row {
  uint8_t group;  // of a provider's events its index in kProviders
  uint8_t number;
  TraceEvent event;
};

// Sources: the MOF classes of MSNT_SystemTrace.
constexpr Row kKernel[] = {
    {0x0B, 0x0A, kCpu},
    {0x03, 0x01, kProcessStart},
    {0x03, 0x02, kProcessEnd},
    {0x03, 0x03, kProcessRundown},
    {0x03, 0x04, kProcessRundown},
    {0x03, 0x27, kProcessDefunct},
    {0x14, 0x0A, kImageLoad},
    {0x14, 0x02, kImageUnload},
    {0x14, 0x03, kImageRundown},
    {0x14, 0x04, kImageRundown},
    {0x05, 0x01, kThreadStart},
    {0x05, 0x02, kThreadEnd},
    {0x05, 0x03, kThreadRundown},
    {0x05, 0x04, kThreadRundown},
    {0x05, 0x24, kContextSwitch},
    {0x01, 0x0A, kFileUse},  // DiskIo
    {0x01, 0x0B, kFileUse},
    {0x02, 0x20, kFileUse},  // HardFault
    {0x04, 0x00, kFileName},
    {0x04, 0x20, kFileName},
    {0x04, 0x23, kFileName},
    {0x04, 0x24, kFileName},
    {0x04, 0x25, kFileUse},
    {0x04, 0x26, kFileUse},
    {0x04, 0x27, kFileUse},
    {0x04, 0x28, kFileUse},
    {0x04, 0x40, kFileCreate},
    {0x04, 0x41, kFileUse},
    {0x04, 0x42, kFileClose},
    {0x04, 0x43, kFileUse},
    {0x04, 0x44, kFileWrite},
    {0x04, 0x45, kFileSetInfo},
    {0x04, 0x46, kFileDelete},
    {0x04, 0x47, kFileRename},
    {0x04, 0x48, kFileUse},
    {0x04, 0x49, kFileUse},
    {0x04, 0x4A, kFileUse},
    {0x04, 0x4B, kFileUse},
    {0x04, 0x4C, kFileOperationEnd},
    {0x04, 0x4D, kFileUse},
    {0x04, 0x4E, kFileCreateNew},
    {0x04, 0x4F, kFileDeletePath},
    {0x04, 0x50, kFileRenamePath},
    {0x04, 0x51, kFileLink},
    {0x04, 0x52, kFileUse},
    {0x09, 0x0A, kKeyCreate},
    {0x09, 0x0B, kKeyUse},
    {0x09, 0x0C, kKeyDelete},
    {0x09, 0x0D, kKeyUse},
    {0x09, 0x0E, kValueSet},
    {0x09, 0x0F, kValueDelete},
    {0x09, 0x10, kValueUse},
    {0x09, 0x11, kKeyUse},
    {0x09, 0x12, kValueUse},
    {0x09, 0x13, kValueUse},
    {0x09, 0x14, kKeyUse},
    {0x09, 0x15, kKeyUse},
    {0x09, 0x16, kKeyName},
    {0x09, 0x17, kKeyNameEnd},
    {0x09, 0x18, kKeyName},
    {0x09, 0x19, kKeyName},
    {0x06, 0x0C, kTcpConnect},
    {0x06, 0x1C, kTcpConnect},
    {0x06, 0x0F, kTcpAccept},
    {0x06, 0x1F, kTcpAccept},
    {0x08, 0x0A, kUdpSend},
    {0x08, 0x1A, kUdpSend},
    {0x08, 0x0B, kUdpReceive},
    {0x08, 0x1B, kUdpReceive},
    {0x18, 0x20, kStack},
    {0x18, 0x25, kStack},
    {0x18, 0x26, kStack},
};

constexpr Guid kSystemConfigEx = ParseGuid("9b79ee91-b5fd-41c0-a243-4248e266e9d0");

constexpr Guid kProviders[] = {
    kKernelProcessProvider,
    ParseGuid("edd08927-9cc4-4e65-b970-c2560fb5c289"),  // -File
    ParseGuid("70eb4f03-c1de-4f73-a051-33d13d5413bd"),  // -Registry
    ParseGuid("7dd42a49-5329-4832-8dfd-43d979153a88"),  // -Network
};

// Sources: the manifests of Windows 10 and 11.
constexpr Row kProvider[] = {
    {0, 1, kProcessStart}, {0, 2, kProcessEnd},      {0, 3, kThreadStart},
    {0, 4, kThreadEnd},    {0, 5, kImageLoad},       {0, 15, kProcessRundown},
    {1, 10, kFileName},    {1, 11, kFileName},       {1, 12, kFileCreate},
    {1, 13, kFileUse},     {1, 14, kFileClose},      {1, 15, kFileUse},
    {1, 16, kFileWrite},   {1, 17, kFileSetInfo},    {1, 18, kFileDelete},
    {1, 19, kFileRename},  {1, 20, kFileUse},        {1, 21, kFileUse},
    {1, 22, kFileUse},     {1, 23, kFileUse},        {1, 24, kFileOperationEnd},
    {1, 25, kFileUse},     {1, 26, kFileDeletePath}, {1, 27, kFileRenamePath},
    {1, 29, kFileRename},  {1, 30, kFileCreateNew},  {1, 31, kFileUse},
    {1, 32, kFileUse},     {1, 33, kFileUse},        {1, 34, kFileUse},
    {2, 1, kKeyCreate},    {2, 2, kKeyOpen},         {2, 3, kKeyDelete},
    {2, 4, kKeyUse},       {2, 5, kValueSet},        {2, 6, kValueDelete},
    {2, 7, kValueUse},     {2, 8, kKeyUse},          {2, 9, kKeyUse},
    {2, 10, kKeyUse},      {2, 11, kKeyUse},         {2, 12, kKeyUse},
    {2, 13, kKeyClose},    {2, 14, kKeyUse},         {2, 15, kKeyUse},
    {3, 12, kTcpConnect},  {3, 28, kTcpConnect},     {3, 15, kTcpAccept},
    {3, 31, kTcpAccept},   {3, 42, kUdpSend},        {3, 58, kUdpSend},
    {3, 43, kUdpReceive},  {3, 59, kUdpReceive},     {1, 28, kFileLink},
    {0, 6, kImageUnload},
};

template <size_t kGroups, size_t kNumbers, size_t kRows>
constexpr auto TableOf(const Row (&rows)[kRows]) {
  std::array<std::array<TraceEvent, kNumbers>, kGroups> table{};
  for (const Row& row : rows) table[row.group][row.number] = row.event;
  return table;
}

constexpr auto kKernelTable = TableOf<0x20, 0x60>(kKernel);
constexpr auto kProviderTable = TableOf<std::size(kProviders), 64>(kProvider);

constexpr TraceEvent Merged(uint8_t type) {
  return type == 0x21 ? kSystemPaths : type == 0x23 ? kVolumeMapping : kNone;
}

}  // namespace

TraceKind TraceKindOf(const EtwRecord& record) {
  if (record.kind == HeaderKind::kMessage) return {};
  if (record.kind == HeaderKind::kEvent) {
    for (size_t i = 0; i < std::size(kProviders); ++i) {
      if (record.provider != kProviders[i]) continue;
      const auto& events = kProviderTable[i];
      return {record.id < events.size() ? events[record.id] : kNone, TraceSource::kProvider};
    }
    return {};
  }
  if (record.group == kNoGroup) {
    if (record.provider == kSystemConfigEx) return {Merged(record.opcode), {}};
    return {};
  }
  const bool known = record.group < kKernelTable.size() && record.opcode < kKernelTable[0].size();
  return {known ? kKernelTable[record.group][record.opcode] : kNone, TraceSource::kKernelLogger};
}

TraceFamily FamilyOf(TraceEvent event) {
  if (event >= kTcpConnect) return TraceFamily::kNetwork;
  if (event >= kKeyName) return TraceFamily::kRegistry;
  if (event >= kFileName) return TraceFamily::kFile;
  if (event >= kImageLoad) return TraceFamily::kImage;
  if (event >= kThreadStart) return TraceFamily::kThread;
  if (event >= kProcessStart) return TraceFamily::kProcess;
  return TraceFamily::kOther;
}

}  // namespace nuthatch
