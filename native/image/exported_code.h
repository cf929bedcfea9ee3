#ifndef NUTHATCH_IMAGE_EXPORTED_CODE_H_
#define NUTHATCH_IMAGE_EXPORTED_CODE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "image/image_view.h"

namespace nuthatch {

// A function with the name that it is exported by: of several ones Nt… rather than Zw…, else the
// first in their order.
struct ExportedCode {
  uint32_t begin = 0;  // RVAs
  uint32_t end = 0;
  std::string name;
};

// By address. A function ends where its entry in the table of functions says (x64), else where the
// next one that is known begins: code that is not exported is not taken for what stands before it.
std::vector<ExportedCode> ReadExportedCode(ImageView* view);

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_EXPORTED_CODE_H_
