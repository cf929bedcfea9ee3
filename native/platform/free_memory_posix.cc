#include "platform/free_memory.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace nuthatch {

// glibc raises this threshold to the size of the largest block that was freed, 32 MiB at most,
// unless it is set; and each thread has an arena of its own, in which what it has freed lies,
// unless there are fewer: who allocates nothing for an event does not wait for others.
void GiveFreeMemoryBack() {
#ifdef __GLIBC__
  constexpr int kLargeBlock = 64 << 10;
  mallopt(M_MMAP_THRESHOLD, kLargeBlock);
  mallopt(M_ARENA_MAX, 2);
#endif
}

}  // namespace nuthatch
