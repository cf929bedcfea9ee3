#ifndef NUTHATCH_IMAGE_VERSION_RESOURCE_H_
#define NUTHATCH_IMAGE_VERSION_RESOURCE_H_

#include <optional>

#include "image/image_view.h"

namespace nuthatch {

inline constexpr size_t kMaxResourceEntries = 4096;
inline constexpr size_t kMaxVersionStrings = 256;

// Of the first version resource, in its first language.
std::optional<VersionResource> ReadVersionResource(ImageView* view);

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_VERSION_RESOURCE_H_
