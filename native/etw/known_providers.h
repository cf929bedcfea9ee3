// Classes and providers that are known by their GUIDs.
#ifndef NUTHATCH_ETW_KNOWN_PROVIDERS_H_
#define NUTHATCH_ETW_KNOWN_PROVIDERS_H_

#include <cstdint>

#include "base/guid.h"

namespace nuthatch {

// Microsoft-Windows-Kernel-Process, which tells of processes where there is no logger of the
// kernel.
constexpr Guid kKernelProcessProvider = ParseGuid("22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716");

// The class of one of the kernel's groups of events; zero for a group that is not known.
const Guid& KernelClass(uint8_t group);
// The same the other way; kNoGroup for what is no class of the kernel's.
uint8_t KernelGroup(const Guid& guid);

// A name such as "Process" (of the kernel's class) or "Microsoft-Windows-DNS-Client"; nullptr when
// the GUID is not known.
const char* KnownProviderName(const Guid& guid);

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_KNOWN_PROVIDERS_H_
