#ifndef NUTHATCH_PIPELINE_IMAGE_JSON_H_
#define NUTHATCH_PIPELINE_IMAGE_JSON_H_

#include <string>

#include "image/image.h"

namespace nuthatch {

// Appends an image as JSON: the members of Image in lib/image/image.ts.
void AppendImageJson(const Image& image, std::string* out);

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_IMAGE_JSON_H_
