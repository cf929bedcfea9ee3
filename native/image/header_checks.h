#ifndef NUTHATCH_IMAGE_HEADER_CHECKS_H_
#define NUTHATCH_IMAGE_HEADER_CHECKS_H_

#include "image/image.h"

namespace nuthatch {

// Looks for what no ordinary linker writes.
void CheckHeaders(const ImageHeaders& headers, Anomalies* anomalies);

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_HEADER_CHECKS_H_
