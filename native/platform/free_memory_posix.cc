#include "platform/free_memory.h"

#include <cstdlib>  // says whether this is glibc

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace nuthatch {

// glibc raises this threshold to the size of the largest block that was freed, 32 MiB at most,
// unless it is set: a lower one costs time, as each such block is mapped anew. A thread that begins
// after this shares an arena, in which what was freed lies: who allocates nothing for an event does
// not wait for others.
void GiveFreeMemoryBack() {
#ifdef __GLIBC__
  constexpr int kLargeBlock = 256 << 10;
  // NOLINTBEGIN(concurrency-mt-unsafe): it is called once, before there are threads of ours
  mallopt(M_MMAP_THRESHOLD, kLargeBlock);
  mallopt(M_ARENA_MAX, 2);
  // NOLINTEND(concurrency-mt-unsafe)
#endif
}

}  // namespace nuthatch
