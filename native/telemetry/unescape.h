// The part of unescaping that can be done for many bytes at once.
#ifndef NUTHATCH_TELEMETRY_UNESCAPE_H_
#define NUTHATCH_TELEMETRY_UNESCAPE_H_

#include <cstddef>
#include <string_view>

namespace nuthatch {

// Bytes that may be written after the last one that counts.
constexpr size_t kUnescapeRoom = 64;

struct UnescapedPart {
  size_t read;
  size_t written;
};

// Unescapes the text of a JSON string into `out`, up to the first escape that is not two
// characters of which the second is what is meant (a backslash, quote or slash), or up to any other
// escape before that one. `out` has room for raw.size() + kUnescapeRoom bytes.
using UnescapePart = UnescapedPart (*)(std::string_view raw, char* out);

UnescapedPart UnescapePlainPart(std::string_view raw, char* out);  // stops at any escape
UnescapePart UnescapePartAvx512();                                 // or nullptr

// The fastest that this processor can run.
UnescapePart UnescapeSimplePart();

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_UNESCAPE_H_
