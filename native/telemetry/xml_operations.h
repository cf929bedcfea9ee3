// Operations of mappings on XML; see lib/standardize/operations.ts. No XML parser: the first
// element of a name is found, and entities are decoded.
#ifndef NUTHATCH_TELEMETRY_XML_OPERATIONS_H_
#define NUTHATCH_TELEMETRY_XML_OPERATIONS_H_

#include <string_view>

#include "base/arena.h"

namespace nuthatch {

// `x` with its entities decoded; `x` itself when it has none.
std::string_view DecodeEntities(std::string_view x, Arena* arena);

// The text after the first start tag of that name; empty when there is none.
std::string_view XmlText(std::string_view x, std::string_view tag, Arena* arena);

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_XML_OPERATIONS_H_
