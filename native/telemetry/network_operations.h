// Operations of mappings on addresses and host names; see lib/standardize/operations.ts.
#ifndef NUTHATCH_TELEMETRY_NETWORK_OPERATIONS_H_
#define NUTHATCH_TELEMETRY_NETWORK_OPERATIONS_H_

#include <string_view>

#include "base/arena.h"

namespace nuthatch {

// The canonical text of an IP address (RFC 5952, but never with a dotted part); empty for other
// text.
std::string_view CanonicalIp(std::string_view x, Arena* arena);

// What one part of Sysmon's QueryResults says: a name, or an address.
std::string_view DnsAnswer(std::string_view part);

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_NETWORK_OPERATIONS_H_
