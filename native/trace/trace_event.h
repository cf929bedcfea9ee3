// What of a trace matters to what is joined from several records.
#ifndef NUTHATCH_TRACE_TRACE_EVENT_H_
#define NUTHATCH_TRACE_TRACE_EVENT_H_

#include <cstddef>
#include <cstdint>

#include "etw/record.h"

namespace nuthatch {

// The kernel tells of most things in two ways: by the events of the kernel's logger ("NT Kernel
// Logger", MOF classes), and by providers with manifests (Microsoft-Windows-Kernel-…).
enum class TraceSource : uint8_t { kKernelLogger, kProvider };

enum class TraceFamily : uint8_t { kOther, kProcess, kThread, kImage, kFile, kRegistry, kNetwork };
constexpr size_t kTraceFamilies = 7;

enum class TraceEvent : uint8_t {
  kNone,
  kCpu,
  kSystemPaths,
  kVolumeMapping,
  kStack,
  kProcessStart,
  kProcessEnd,
  kProcessRundown,
  kProcessDefunct,
  kThreadStart,
  kThreadEnd,
  kThreadRundown,
  kContextSwitch,
  kImageLoad,
  kImageRundown,
  kImageUnload,
  kFileName,
  kFileCreate,
  kFileCreateNew,
  kFileClose,
  kFileWrite,
  kFileDelete,
  kFileDeletePath,
  kFileRename,
  kFileRenamePath,
  kFileLink,
  kFileSetInfo,
  kFileOperationEnd,
  kFileUse,  // other operations: they have a file, and change nothing
  kKeyName,
  kKeyNameEnd,
  kKeyCreate,
  kKeyOpen,
  kKeyDelete,
  kKeyClose,
  kKeyUse,
  kValueSet,
  kValueDelete,
  kValueUse,
  kTcpConnect,
  kTcpAccept,
  kUdpSend,
  kUdpReceive,
};
constexpr size_t kTraceEvents = static_cast<size_t>(TraceEvent::kUdpReceive) + 1;

struct TraceKind {
  TraceEvent event = TraceEvent::kNone;
  TraceSource source = TraceSource::kKernelLogger;
};

// By the header alone.
TraceKind TraceKindOf(const EtwRecord& record);

TraceFamily FamilyOf(TraceEvent event);

}  // namespace nuthatch

#endif  // NUTHATCH_TRACE_TRACE_EVENT_H_
