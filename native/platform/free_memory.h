#ifndef NUTHATCH_PLATFORM_FREE_MEMORY_H_
#define NUTHATCH_PLATFORM_FREE_MEMORY_H_

namespace nuthatch {

// From now on large blocks go back to the system when they are freed, instead of lying in the
// allocator. Of the whole process, so for who owns it.
void GiveFreeMemoryBack();

}  // namespace nuthatch

#endif  // NUTHATCH_PLATFORM_FREE_MEMORY_H_
