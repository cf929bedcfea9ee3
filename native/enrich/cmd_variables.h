#ifndef NUTHATCH_ENRICH_CMD_VARIABLES_H_
#define NUTHATCH_ENRICH_CMD_VARIABLES_H_

#include <cstddef>
#include <string_view>

#include "base/arena.h"

namespace nuthatch {

// Puts in the values of cmd's variables: those that an earlier `set NAME=value` of the text defines
// (the first 32), and those that are the same on nearly every machine; whole (%NAME%, !NAME!), cut
// (%NAME:~from,length%) or altered (%NAME:old=new%). Other references stay. Writes at most `limit`
// bytes; returns `text` when there is nothing to do.
std::string_view ExpandCmdVariables(std::string_view text, size_t limit, Arena* arena);

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_CMD_VARIABLES_H_
