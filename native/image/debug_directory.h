#ifndef NUTHATCH_IMAGE_DEBUG_DIRECTORY_H_
#define NUTHATCH_IMAGE_DEBUG_DIRECTORY_H_

#include <optional>

#include "image/image_view.h"

namespace nuthatch {

inline constexpr size_t kMaxDebugEntries = 64;
inline constexpr size_t kMaxPdbPath = 1024;

std::optional<DebugDirectory> ReadDebugDirectory(ImageView* view);

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_DEBUG_DIRECTORY_H_
