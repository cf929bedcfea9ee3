#ifndef NUTHATCH_IMAGE_ORDINAL_NAMES_H_
#define NUTHATCH_IMAGE_ORDINAL_NAMES_H_

#include <cstdint>
#include <string_view>

namespace nuthatch {

// The name of a function that programs import by its ordinal, of ws2_32.dll, wsock32.dll and
// oleaut32.dll, in any case of letters; empty when there is none. The ordinals are those for which
// pefile has names, since imphash is defined by it.
std::string_view OrdinalName(std::string_view module, uint16_t ordinal);

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_ORDINAL_NAMES_H_
