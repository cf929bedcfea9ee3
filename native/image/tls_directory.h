#ifndef NUTHATCH_IMAGE_TLS_DIRECTORY_H_
#define NUTHATCH_IMAGE_TLS_DIRECTORY_H_

#include <optional>

#include "image/image_view.h"

namespace nuthatch {

inline constexpr size_t kMaxTlsCallbacks = 256;

std::optional<TlsDirectory> ReadTlsDirectory(ImageView* view);

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_TLS_DIRECTORY_H_
