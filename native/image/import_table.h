#ifndef NUTHATCH_IMAGE_IMPORT_TABLE_H_
#define NUTHATCH_IMAGE_IMPORT_TABLE_H_

#include <vector>

#include "image/image_view.h"

namespace nuthatch {

// Of an image's imports and delay imports, each.
inline constexpr size_t kMaxImportedModules = 4096;
inline constexpr size_t kMaxImportedFunctions = 65536;
inline constexpr size_t kMaxImportName = 512;

std::vector<ImportedModule> ReadImports(ImageView* view);
std::vector<ImportedModule> ReadDelayImports(ImageView* view);

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_IMPORT_TABLE_H_
