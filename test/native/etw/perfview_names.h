// PerfView's names of events, and what they are: the number is the event's id or, of classic ones,
// its type. Each was found as the one event that both list at the same time, CPU and size.
#ifndef NUTHATCH_TEST_ETW_PERFVIEW_NAMES_H_
#define NUTHATCH_TEST_ETW_PERFVIEW_NAMES_H_

#include <map>
#include <string>
#include <utility>

#include "base/guid.h"
#include "etw/known_providers.h"
#include "etw/record.h"

namespace nuthatch {

inline const std::map<std::string, int> kPerfViewNumbers = {
    {"KernelTraceControl/ImageID", 0},
    {"KernelTraceControl/ImageID/DbgID_ILRSDS", 37},
    {"KernelTraceControl/ImageID/DbgID_RSDS", 36},
    {"KernelTraceControl/ImageID/FileVersion", 64},
    {"KernelTraceControl/ImageID/None", 32},
    {"KernelTraceControl/MetaData/EventInfo", 32},
    {"KernelTraceControl/MetaData/EventMapInfo", 33},
    {"MSNT_SystemTrace/Image/KernelBase", 33},
    {"MSNT_SystemTrace/SystemConfig/Platform", 25},
    {"Microsoft-Windows-DNS-Client/DnsServerForInterface", 1001},
    {"Microsoft-Windows-DotNETRuntime/AppDomainResourceManagement/ThreadCreated", 85},
    {"Microsoft-Windows-DotNETRuntime/Exception/Start", 80},
    {"Microsoft-Windows-DotNETRuntime/GC/AllocationTick", 10},
    {"Microsoft-Windows-DotNETRuntime/GC/BulkMovedObjectRanges", 22},
    {"Microsoft-Windows-DotNETRuntime/GC/BulkSurvivingObjectRanges", 21},
    {"Microsoft-Windows-DotNETRuntime/GC/CreateSegment", 5},
    {"Microsoft-Windows-DotNETRuntime/GC/FinalizeObject", 29},
    {"Microsoft-Windows-DotNETRuntime/GC/FinalizersStart", 14},
    {"Microsoft-Windows-DotNETRuntime/GC/FinalizersStop", 13},
    {"Microsoft-Windows-DotNETRuntime/GC/FitBucketInfo", 209},
    {"Microsoft-Windows-DotNETRuntime/GC/GenerationRange", 23},
    {"Microsoft-Windows-DotNETRuntime/GC/GlobalHeapHistory", 205},
    {"Microsoft-Windows-DotNETRuntime/GC/HeapStats", 4},
    {"Microsoft-Windows-DotNETRuntime/GC/LOHCompact", 208},
    {"Microsoft-Windows-DotNETRuntime/GC/MarkCards", 28},
    {"Microsoft-Windows-DotNETRuntime/GC/MarkFinalizeQueueRoots", 26},
    {"Microsoft-Windows-DotNETRuntime/GC/MarkHandles", 27},
    {"Microsoft-Windows-DotNETRuntime/GC/MarkStackRoots", 25},
    {"Microsoft-Windows-DotNETRuntime/GC/MarkWithType", 202},
    {"Microsoft-Windows-DotNETRuntime/GC/PerHeapHistory", 204},
    {"Microsoft-Windows-DotNETRuntime/GC/PinObjectAtGCTime", 33},
    {"Microsoft-Windows-DotNETRuntime/GC/RestartEEStart", 7},
    {"Microsoft-Windows-DotNETRuntime/GC/RestartEEStop", 3},
    {"Microsoft-Windows-DotNETRuntime/GC/Start", 1},
    {"Microsoft-Windows-DotNETRuntime/GC/Stop", 2},
    {"Microsoft-Windows-DotNETRuntime/GC/SuspendEEStart", 9},
    {"Microsoft-Windows-DotNETRuntime/GC/SuspendEEStop", 8},
    {"Microsoft-Windows-DotNETRuntime/GC/TerminateConcurrentThread", 12},
    {"Microsoft-Windows-DotNETRuntime/GC/Triggered", 35},
    {"Microsoft-Windows-DotNETRuntime/GarbageCollection/IncreaseMemoryPressure", 200},
    {"Microsoft-Windows-DotNETRuntime/Loader/AppDomainLoad", 156},
    {"Microsoft-Windows-DotNETRuntime/Loader/AppDomainUnload", 157},
    {"Microsoft-Windows-DotNETRuntime/Loader/AssemblyLoad", 154},
    {"Microsoft-Windows-DotNETRuntime/Loader/AssemblyUnload", 155},
    {"Microsoft-Windows-DotNETRuntime/Loader/DomainModuleLoad", 151},
    {"Microsoft-Windows-DotNETRuntime/Loader/ModuleLoad", 152},
    {"Microsoft-Windows-DotNETRuntime/Loader/ModuleUnload", 153},
    {"Microsoft-Windows-DotNETRuntime/Method/JittingStarted", 145},
    {"Microsoft-Windows-DotNETRuntime/Method/LoadVerbose", 143},
    {"Microsoft-Windows-DotNETRuntime/Method/UnloadVerbose", 144},
    {"Microsoft-Windows-DotNETRuntime/Runtime/Start", 187},
    {"Microsoft-Windows-DotNETRuntime/ThreadPoolWorkerThread/Start", 50},
    {"Microsoft-Windows-DotNETRuntime/Type/BulkType", 15},
    {"Microsoft-Windows-DotNETRuntimePrivate/Binding/FusionMessage", 196},
    {"Microsoft-Windows-DotNETRuntimePrivate/Binding/LoaderAssemblyInitPhaseStart", 171},
    {"Microsoft-Windows-DotNETRuntimePrivate/Binding/LoaderAssemblyInitPhaseStop", 172},
    {"Microsoft-Windows-DotNETRuntimePrivate/Binding/LoaderDeliverEventPhaseStart", 175},
    {"Microsoft-Windows-DotNETRuntimePrivate/Binding/LoaderDeliverEventsPhaseStop", 176},
    {"Microsoft-Windows-DotNETRuntimePrivate/Binding/LoaderMappingPhaseStart", 173},
    {"Microsoft-Windows-DotNETRuntimePrivate/Binding/LoaderMappingPhaseStop", 174},
    {"Microsoft-Windows-DotNETRuntimePrivate/Binding/LoaderPhaseStart", 165},
    {"Microsoft-Windows-DotNETRuntimePrivate/Binding/LoaderPhaseStop", 166},
    {"Microsoft-Windows-DotNETRuntimePrivate/Binding/NgenPhaseStart", 161},
    {"Microsoft-Windows-DotNETRuntimePrivate/Binding/NgenPhaseStop", 162},
    {"Microsoft-Windows-DotNETRuntimePrivate/GC/GlobalHeapHistory", 5},
    {"Microsoft-Windows-DotNETRuntimePrivate/GC/MarkCards", 10},
    {"Microsoft-Windows-DotNETRuntimePrivate/GC/MarkFinalizeQueueRoots", 8},
    {"Microsoft-Windows-DotNETRuntimePrivate/GC/MarkHandles", 9},
    {"Microsoft-Windows-DotNETRuntimePrivate/GC/MarkStackRoots", 7},
    {"Microsoft-Windows-DotNETRuntimePrivate/GC/PerHeapHistory", 4},
    {"Microsoft-Windows-DotNETRuntimePrivate/GC/Settings", 2},
    {"Microsoft-Windows-DotNETRuntimePrivate/NgenBinder/NgenBind", 188},
    {"Microsoft-Windows-DotNETRuntimeRundown/Loader/AppDomainDCStop", 158},
    {"Microsoft-Windows-DotNETRuntimeRundown/Loader/AssemblyDCStop", 156},
    {"Microsoft-Windows-DotNETRuntimeRundown/Loader/DomainModuleDCStop", 152},
    {"Microsoft-Windows-DotNETRuntimeRundown/Loader/ModuleDCStop", 154},
    {"Microsoft-Windows-DotNETRuntimeRundown/Method/DCStopComplete", 146},
    {"Microsoft-Windows-DotNETRuntimeRundown/Method/DCStopInit", 148},
    {"Microsoft-Windows-DotNETRuntimeRundown/Runtime/Start", 187},
    {"Microsoft-Windows-Immersive-Shell/ImmersiveShellAppManagerOnShellHookMessage/Start", 191},
    {"Microsoft-Windows-Immersive-Shell/ImmersiveShellAppManagerOnShellHookMessage/Stop", 192},
    {"Microsoft-Windows-Immersive-Shell/ImmersiveShellAppManagerSetActiveProcess/Start", 147},
    {"Microsoft-Windows-Immersive-Shell/ImmersiveShellAppManagerSetActiveProcess/Stop", 148},
    {"Microsoft-Windows-Kernel-EventTracing/ETW_TASK_PROVIDER/ETW_OPCODE_ENABLE", 14},
    {"Microsoft-Windows-Kernel-EventTracing/ETW_TASK_PROVIDER/ETW_OPCODE_REGISTER", 8},
    {"Microsoft-Windows-Kernel-EventTracing/ETW_TASK_PROVIDER/ETW_OPCODE_UNREGISTER", 9},
    {"Microsoft-Windows-Kernel-File/Create", 12},
    {"Microsoft-Windows-Kernel-Process/ProcessStart/Start", 1},
    {"Microsoft-Windows-Kernel-Process/ProcessStop/Stop", 2},
    {"PerfView/ClrEnableParameters", 13},
    {"PerfView/CommandLineParameters", 10},
    {"PerfView/KernelEnableParameters", 12},
    {"PerfView/ManifestData", 65534},
    {"PerfView/PerfViewLog", 22},
    {"PerfView/ProviderEnableParameters", 14},
    {"PerfView/Rundown/Start", 4},
    {"PerfView/Rundown/Stop", 5},
    {"PerfView/SessionParameters", 11},
    {"PerfView/StartAndStopTimes", 15},
    {"PerfView/StopReason", 19},
    {"PerfView/Tracing/Start", 2},
    {"PerfView/Tracing/Stop", 3},
    {"PerfView/WaitForIdle", 6},
    {"System.Diagnostics.Eventing.FrameworkEventSource/ManifestData", 65534},
    {"System.Diagnostics.Eventing.FrameworkEventSource/ThreadPoolDequeueWork", 31},
    {"System.Diagnostics.Eventing.FrameworkEventSource/ThreadPoolEnqueueWork", 30},
    {"System.Threading.Tasks.TplEventSource/ManifestData", 65534},
    {"System.Threading.Tasks.TplEventSource/TaskExecute/Start", 8},
    {"System.Threading.Tasks.TplEventSource/TaskExecute/Stop", 9},
    {"System.Threading.Tasks.TplEventSource/TaskScheduled/Send", 7},
    {"Windows Kernel/DiskIO/FlushBuffers", 14},
    {"Windows Kernel/DiskIO/FlushInit", 15},
    {"Windows Kernel/DiskIO/Read", 10},
    {"Windows Kernel/DiskIO/ReadInit", 12},
    {"Windows Kernel/DiskIO/Write", 11},
    {"Windows Kernel/DiskIO/WriteInit", 13},
    {"Windows Kernel/EventTrace", 0},
    {"Windows Kernel/EventTrace/EndExtension", 32},
    {"Windows Kernel/EventTrace/Extension", 5},
    {"Windows Kernel/EventTrace/RundownComplete", 8},
    {"Windows Kernel/Image/DCStart", 3},
    {"Windows Kernel/Image/DCStop", 4},
    {"Windows Kernel/Image/Load", 10},
    {"Windows Kernel/Image/Unload", 2},
    {"Windows Kernel/Memory/HardFault", 32},
    {"Windows Kernel/PerfInfo/CollectionEnd", 74},
    {"Windows Kernel/PerfInfo/CollectionStart", 73},
    {"Windows Kernel/PerfInfo/Sample", 46},
    {"Windows Kernel/Process/DCStart", 3},
    {"Windows Kernel/Process/DCStop", 4},
    {"Windows Kernel/Process/Defunct", 39},
    {"Windows Kernel/Process/PerfCtr", 32},
    {"Windows Kernel/Process/PerfCtrRundown", 33},
    {"Windows Kernel/Process/Start", 1},
    {"Windows Kernel/Process/Stop", 2},
    {"Windows Kernel/SysConfig/BuildInfo", 32},
    {"Windows Kernel/SysConfig/Opcode(37)", 37},
    {"Windows Kernel/SysConfig/SystemPaths", 33},
    {"Windows Kernel/SysConfig/UnknownVolume", 34},
    {"Windows Kernel/SysConfig/VolumeMapping", 35},
    {"Windows Kernel/SystemConfig/CPU", 10},
    {"Windows Kernel/SystemConfig/IDEChannel", 23},
    {"Windows Kernel/SystemConfig/LogDisk", 12},
    {"Windows Kernel/SystemConfig/NIC", 13},
    {"Windows Kernel/SystemConfig/Network", 17},
    {"Windows Kernel/SystemConfig/PhyDisk", 11},
    {"Windows Kernel/SystemConfig/PnP", 22},
    {"Windows Kernel/SystemConfig/Power", 16},
    {"Windows Kernel/SystemConfig/Services", 15},
    {"Windows Kernel/TcpIp/RecvIPV6", 27},
    {"Windows Kernel/TcpIp/SendIPV6", 26},
    {"Windows Kernel/Thread/Start", 1},
    {"Windows Kernel/Thread/Stop", 2},
    {"Windows Kernel/UdpIp/Recv", 11},
    {"Windows Kernel/UdpIp/RecvIPV6", 27},
    {"Windows Kernel/UdpIp/Send", 10},
    {"Windows Kernel/UdpIp/SendIPV6", 26},
    {"solar_system/PrimitiveTypesTest", 0},
};

// PerfView's names of the kernel's classes that are not ours.
inline const std::map<std::string, std::string> kClassNames = {
    {"DiskIO", "DiskIo"}, {"Memory", "PageFault"}, {"SysConfig", "SystemConfigEx"}};

// Providers that are known to these tests only.
inline const std::map<std::string, std::string> kTestProviders = {
    {"2e5dba47-a3d2-4d16-8ee0-6671ffdcd7b5", "System.Threading.Tasks.TplEventSource"},
    {"315a8872-923e-4ea2-9889-33cd4754bf64", "Microsoft-Windows-Immersive-Shell"},
    {"8e9f5090-2d75-4d03-8a81-e5afbf85daf1", "System.Diagnostics.Eventing.FrameworkEventSource"},
    {"a8a71ac1-040f-54a2-07ca-00a89b5ab761", "PerfView"},
    {"d3dd3dd4-aac2-4e2a-8dd4-a8fb61b77615", "solar_system"},
};

inline bool IsKernelName(const std::string& name) {
  return name.starts_with("Windows Kernel/") || name.starts_with("MSNT_SystemTrace/");
}

// The provider that PerfView's name says, by our name for it.
inline std::string ProviderOf(const std::string& name) {
  if (name.starts_with("KernelTraceControl/MetaData/")) return "EventMetadata";
  const size_t first = name.find('/');
  if (!IsKernelName(name) && !name.starts_with("KernelTraceControl/")) return name.substr(0, first);
  const std::string second = name.substr(first + 1, name.find('/', first + 1) - first - 1);
  const auto known = kClassNames.find(second);
  return known == kClassNames.end() ? second : known->second;
}

// A kind of event: its provider, and its id or type.
using EventKind = std::pair<std::string, int>;

inline EventKind KindOf(const std::string& perfview_name) {
  const auto number = kPerfViewNumbers.find(perfview_name);
  return {ProviderOf(perfview_name), number == kPerfViewNumbers.end() ? -1 : number->second};
}

inline EventKind KindOf(const EtwRecord& record) {
  const int number = record.kind == HeaderKind::kEvent ? record.id : record.opcode;
  if (const char* known = KnownProviderName(record.provider)) return {known, number};
  const std::string guid = ToText(record.provider);
  const auto other = kTestProviders.find(guid);
  return {other == kTestProviders.end() ? guid : other->second, number};
}

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_ETW_PERFVIEW_NAMES_H_
