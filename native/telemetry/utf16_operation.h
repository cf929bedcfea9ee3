// The operation `utf16` of mappings; see lib/standardize/operations.ts.
#ifndef NUTHATCH_TELEMETRY_UTF16_OPERATION_H_
#define NUTHATCH_TELEMETRY_UTF16_OPERATION_H_

#include <string_view>

#include "base/arena.h"

namespace nuthatch {

// The text of hexadecimal digits, two a byte, of UTF-16LE; empty for other text.
std::string_view HexUtf16(std::string_view x, Arena* arena);

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_UTF16_OPERATION_H_
