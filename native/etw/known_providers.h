// Classes and providers that are known by their GUIDs.
#ifndef NUTHATCH_ETW_KNOWN_PROVIDERS_H_
#define NUTHATCH_ETW_KNOWN_PROVIDERS_H_

#include <cstdint>

#include "base/guid.h"

namespace nuthatch {

// The class of one of the kernel's groups of events; zero for a group that is not known.
const Guid& KernelClass(uint8_t group);
// The same the other way; kNoGroup for what is no class of the kernel's.
uint8_t KernelGroup(const Guid& guid);

// A name such as "Process" (of the kernel's class) or "Microsoft-Windows-DNS-Client"; nullptr when
// the GUID is not known.
const char* KnownProviderName(const Guid& guid);

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_KNOWN_PROVIDERS_H_
