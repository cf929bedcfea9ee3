#ifndef NUTHATCH_ENRICH_ENCODED_TEXT_H_
#define NUTHATCH_ENRICH_ENCODED_TEXT_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/arena.h"

namespace nuthatch {

// The next base64 text in `text`, from *at on, that PowerShell would decode: the argument of
// -EncodedCommand in any abbreviation, or of FromBase64String. Moves *at past it.
std::optional<std::string_view> NextEncodedText(std::string_view text, size_t* at);

// Whether the dash or slash at `at` begins an option whose argument is.
bool IsEncodedOption(std::string_view text, size_t at);

// The text that `base64` (RFC 4648, padding optional) stands for, as UTF-8: from UTF-16LE or UTF-8.
// Nothing when it is neither, or not plausible as a command: it has control characters, or more
// than a quarter of it is not ASCII.
std::optional<std::string_view> DecodeText(std::string_view base64, Arena* arena);

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_ENCODED_TEXT_H_
