#ifndef NUTHATCH_IMAGE_EXPORT_TABLE_H_
#define NUTHATCH_IMAGE_EXPORT_TABLE_H_

#include <optional>

#include "image/image_view.h"

namespace nuthatch {

inline constexpr uint32_t kMaxExports = 65536;
// Names of C++ are long.
inline constexpr size_t kMaxExportName = 4096;

// By ordinal; a function with several names stands there with each of them.
std::optional<Exports> ReadExports(ImageView* view);

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_EXPORT_TABLE_H_
