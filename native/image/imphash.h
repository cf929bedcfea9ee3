#ifndef NUTHATCH_IMAGE_IMPHASH_H_
#define NUTHATCH_IMAGE_IMPHASH_H_

#include <span>
#include <string>

#include "image/image.h"

namespace nuthatch {

// What imphash is the MD5 of: "kernel32.loadlibrarya,ws2_32.wsastartup,foo.ord7", as defined by
// Mandiant and pefile. Empty without imports, which then have no imphash.
std::string ImphashText(std::span<const ImportedModule> imports);

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_IMPHASH_H_
