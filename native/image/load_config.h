#ifndef NUTHATCH_IMAGE_LOAD_CONFIG_H_
#define NUTHATCH_IMAGE_LOAD_CONFIG_H_

#include <optional>

#include "image/image_view.h"

namespace nuthatch {

std::optional<LoadConfig> ReadLoadConfig(ImageView* view);

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_LOAD_CONFIG_H_
