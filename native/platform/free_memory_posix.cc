#include "platform/free_memory.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace nuthatch {

// glibc raises this threshold to the size of the largest block that was freed, 32 MiB at most,
// unless it is set.
void GiveFreeMemoryBack() {
#ifdef __GLIBC__
  constexpr int kLargeBlock = 256 << 10;
  mallopt(M_MMAP_THRESHOLD, kLargeBlock);
#endif
}

}  // namespace nuthatch
