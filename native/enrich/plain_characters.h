#ifndef NUTHATCH_ENRICH_PLAIN_CHARACTERS_H_
#define NUTHATCH_ENRICH_PLAIN_CHARACTERS_H_

#include <cstddef>
#include <string_view>

#include "base/arena.h"

namespace nuthatch {

// Characters that programs read as ASCII become it: dashes and quotes of typography, full-width
// forms, letters that Windows' best fit maps. Invisible ones are dropped, and runs of white space
// become one space. Returns `text` when there is nothing to do.
std::string_view ToPlainCharacters(std::string_view text, Arena* arena);

// Drops what cmd and PowerShell drop from words: carets outside double quotes or in a word,
// backticks outside single quotes, and quotes between two letters or digits (wh""oami,
// po"wer"shell). A lone single quote (don't) stays. Returns `text` when there is nothing to do.
std::string_view DropEscapes(std::string_view text, Arena* arena);

// Whether DropEscapes drops the quotes that begin at `at`, where one stands.
bool HasDroppedQuotes(std::string_view text, size_t at);

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_PLAIN_CHARACTERS_H_
