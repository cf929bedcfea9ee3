#include "etw/known_providers.h"

#include <array>

#include "etw/record.h"

namespace nuthatch {
namespace {

struct KernelGroupClass {
  uint8_t group;
  Guid guid;
  const char* name;
};

// Sources: evntrace.h, the MOF classes of MSNT_SystemTrace.
constexpr KernelGroupClass kKernelClasses[] = {
    {0x00, ParseGuid("68fdd900-4a3e-11d1-84f4-0000f80464e3"), "EventTrace"},
    {0x01, ParseGuid("3d6fa8d4-fe05-11d0-9dda-00c04fd7ba7c"), "DiskIo"},
    {0x02, ParseGuid("3d6fa8d3-fe05-11d0-9dda-00c04fd7ba7c"), "PageFault"},
    {0x03, ParseGuid("3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c"), "Process"},
    {0x04, ParseGuid("90cbdc39-4a3e-11d1-84f4-0000f80464e3"), "FileIo"},
    {0x05, ParseGuid("3d6fa8d1-fe05-11d0-9dda-00c04fd7ba7c"), "Thread"},
    {0x06, ParseGuid("9a280ac0-c8e0-11d1-84e2-00c04fb998a2"), "TcpIp"},
    {0x07, ParseGuid("3282fc76-feed-498e-8aa7-e70f459d430e"), "Job"},
    {0x08, ParseGuid("bf3a50c5-a9c9-4988-a005-2df0b7c80f80"), "UdpIp"},
    {0x09, ParseGuid("ae53722e-c863-11d2-8659-00c04fa321a1"), "Registry"},
    {0x0A, ParseGuid("13976d09-a327-438c-950b-7f03192815c7"), "DbgPrint"},
    {0x0B, ParseGuid("01853a65-418f-4f36-aefc-dc0f1d2fd235"), "SystemConfig"},
    {0x0D, ParseGuid("42695762-ea50-497a-9068-5cbbb35e0b95"), "Wnf"},
    {0x0E, ParseGuid("0268a8b6-74fd-4302-9dd0-6e8f1795c0cf"), "Pool"},
    {0x0F, ParseGuid("ce1dbfb4-137e-4da6-87b0-3f59aa102cbc"), "PerfInfo"},
    {0x10, ParseGuid("222962ab-6180-4b88-a825-346b75f2a24a"), "Heap"},
    {0x11, ParseGuid("89497f50-effe-4440-8cf2-ce6b1cdcaca7"), "Object"},
    {0x12, ParseGuid("e43445e0-0903-48c3-b878-ff0fccebdd04"), "Power"},
    {0x14, ParseGuid("2cb15d1d-5fc1-11d2-abe1-00a0c911f518"), "Image"},
    {0x17, ParseGuid("3ac66736-cc59-4cff-8115-8df50e39816b"), "CritSec"},
    {0x18, ParseGuid("def2fe46-7bd6-4b80-bd94-f57fe20d0ce3"), "StackWalk"},
    {0x1A, ParseGuid("45d8cccd-539f-4b72-a8b7-5c683142609a"), "ALPC"},
    {0x1B, ParseGuid("d837ca92-12b9-44a5-ad6a-3a65b3578aa8"), "SplitIo"},
    {0x1C, ParseGuid("c861d0e2-a2c1-4d36-9f9c-970bab943a12"), "ThreadPool"},
};

struct KnownProvider {
  Guid guid;
  const char* name;
};

constexpr KnownProvider kProviders[] = {
    // What merging a trace adds, and what a real-time session lost.
    {ParseGuid("b3e675d7-2554-4f18-830b-2762732560de"), "ImageID"},
    {ParseGuid("9b79ee91-b5fd-41c0-a243-4248e266e9d0"), "SystemConfigEx"},
    {ParseGuid("bbccf6c1-6cd1-48c4-80ff-839482e37671"), "EventMetadata"},
    {ParseGuid("ed54dff8-c409-4cf6-bf83-05e1e61a09c4"), "WinSat"},
    {ParseGuid("6a399ae0-4bc6-4de9-870b-3657f8947e7e"), "RT_LostEvent"},
    // Security.
    {kKernelProcessProvider, "Microsoft-Windows-Kernel-Process"},
    {ParseGuid("edd08927-9cc4-4e65-b970-c2560fb5c289"), "Microsoft-Windows-Kernel-File"},
    {ParseGuid("70eb4f03-c1de-4f73-a051-33d13d5413bd"), "Microsoft-Windows-Kernel-Registry"},
    {ParseGuid("7dd42a49-5329-4832-8dfd-43d979153a88"), "Microsoft-Windows-Kernel-Network"},
    {ParseGuid("e02a841c-75a3-4fa7-afc8-ae09cf9b7f23"), "Microsoft-Windows-Kernel-Audit-API-Calls"},
    {ParseGuid("f4e1897c-bb5d-5668-f1d8-040f4d8dd344"), "Microsoft-Windows-Threat-Intelligence"},
    {ParseGuid("1c95126e-7eea-49a9-a3fe-a378b03ddb4d"), "Microsoft-Windows-DNS-Client"},
    {ParseGuid("a0c1853b-5c40-4b15-8766-3cf1c58f985a"), "Microsoft-Windows-PowerShell"},
    {ParseGuid("f90714a8-5509-434a-bf6d-b1624c8a19a2"), "PowerShellCore"},
    {ParseGuid("1418ef04-b0b4-4623-bf7e-d74ab47bbdaa"), "Microsoft-Windows-WMI-Activity"},
    {ParseGuid("2a576b87-09a7-520e-c21a-4942f0271d67"), "Microsoft-Antimalware-Scan-Interface"},
    {ParseGuid("54849625-5478-4994-a5ba-3e3b0328c30d"), "Microsoft-Windows-Security-Auditing"},
    {ParseGuid("5770385f-c22a-43e0-bf4c-06f5698ffbd9"), "Microsoft-Windows-Sysmon"},
    {ParseGuid("de7b24ea-73c8-4a09-985d-5bdadcfa9017"), "Microsoft-Windows-TaskScheduler"},
    {ParseGuid("6ad52b32-d609-4be9-ae07-ce8dae937e39"), "Microsoft-Windows-RPC"},
    // In most traces.
    {ParseGuid("b675ec37-bdb6-4648-bc92-f3fdc74d3ca2"), "Microsoft-Windows-Kernel-EventTracing"},
    {ParseGuid("e13c0d23-ccbc-4e12-931b-d9cc2eee27e4"), "Microsoft-Windows-DotNETRuntime"},
    {ParseGuid("a669021c-c450-4609-a035-5af59af4df18"), "Microsoft-Windows-DotNETRuntimeRundown"},
    {ParseGuid("763fd754-7086-4dfe-95eb-c01a46faf4ca"), "Microsoft-Windows-DotNETRuntimePrivate"},
};

constexpr auto kByGroup = [] {
  std::array<Guid, 256> guids{};
  for (const KernelGroupClass& known : kKernelClasses) guids[known.group] = known.guid;
  return guids;
}();

}  // namespace

const Guid& KernelClass(uint8_t group) { return kByGroup[group]; }

uint8_t KernelGroup(const Guid& guid) {
  for (const KernelGroupClass& known : kKernelClasses) {
    if (known.guid == guid) return known.group;
  }
  return kNoGroup;
}

const char* KnownProviderName(const Guid& guid) {
  for (const KernelGroupClass& known : kKernelClasses) {
    if (known.guid == guid) return known.name;
  }
  for (const KnownProvider& known : kProviders) {
    if (known.guid == guid) return known.name;
  }
  return nullptr;
}

}  // namespace nuthatch
