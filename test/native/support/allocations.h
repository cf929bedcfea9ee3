// Counts what this executable allocates, so that a test can ask for none, or make one fail.
#ifndef NUTHATCH_TEST_SUPPORT_ALLOCATIONS_H_
#define NUTHATCH_TEST_SUPPORT_ALLOCATIONS_H_

#include <cstddef>

namespace nuthatch {

// Calls of operator new, by this thread, since it began.
size_t Allocations();

// From now on, operator new fails for what is larger than this, on every thread.
void LimitAllocations(size_t bytes);

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_SUPPORT_ALLOCATIONS_H_
