#ifndef NUTHATCH_ENRICH_WELL_KNOWN_VARIABLES_H_
#define NUTHATCH_ENRICH_WELL_KNOWN_VARIABLES_H_

#include <string_view>

namespace nuthatch {

// The usual value of an environment variable of Windows, or of a PowerShell variable, that is the
// same on nearly every machine; empty for every other. Names are compared without regard to case.
std::string_view EnvironmentVariable(std::string_view name);
std::string_view PowershellVariable(std::string_view name);

// Compares ASCII without regard to case; other bytes as they are.
bool EqualsIgnoringCase(std::string_view a, std::string_view b);
bool StartsWithIgnoringCase(std::string_view text, std::string_view prefix);

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_WELL_KNOWN_VARIABLES_H_
