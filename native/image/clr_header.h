#ifndef NUTHATCH_IMAGE_CLR_HEADER_H_
#define NUTHATCH_IMAGE_CLR_HEADER_H_

#include <optional>

#include "image/image_view.h"

namespace nuthatch {

// The header of a .NET assembly (ECMA-335, II.25.3.3).
std::optional<ClrHeader> ReadClrHeader(ImageView* view);

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_CLR_HEADER_H_
