// Operations of mappings on paths of files and of the registry; see lib/standardize/operations.ts.
// Each gives part of its text, a literal or new text in `arena`; nothing is a missing value.
#ifndef NUTHATCH_TELEMETRY_PATH_OPERATIONS_H_
#define NUTHATCH_TELEMETRY_PATH_OPERATIONS_H_

#include <string_view>

#include "base/arena.h"

namespace nuthatch {

std::string_view Basename(std::string_view path, Arena* arena);
std::string_view NtPath(std::string_view path, Arena* arena);
std::string_view PlatformOf(std::string_view path, Arena* arena);
std::string_view RegistryPath(std::string_view path, Arena* arena);
std::string_view RegistryData(std::string_view data, Arena* arena);

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_PATH_OPERATIONS_H_
