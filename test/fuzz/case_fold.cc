// Any bytes folded: within the promised size, and the same when folded again.
#include "base/case_fold.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string folded = nuthatch::FoldCase(text);
  if (folded.size() > nuthatch::FoldedCapacity(size)) std::abort();
  if (nuthatch::FoldCase(folded) != folded) std::abort();
  return 0;
}
