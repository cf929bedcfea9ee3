// Tells by one look at each character which command lines hide nothing, as most do: reading what
// they might hide takes many times as long.
#ifndef NUTHATCH_ENRICH_OBFUSCATION_SIGNS_H_
#define NUTHATCH_ENRICH_OBFUSCATION_SIGNS_H_

#include <string_view>

namespace nuthatch {

struct ObfuscationSigns {
  // Without it ToPlainCharacters, DropEscapes, ExpandCmdVariables and FoldPowershellConstants give
  // the text back as it is.
  bool disguised = false;
  // Without it NextEncodedText finds nothing.
  bool encoded = false;
};

ObfuscationSigns SignsOfObfuscation(std::string_view text);

}  // namespace nuthatch

#endif  // NUTHATCH_ENRICH_OBFUSCATION_SIGNS_H_
