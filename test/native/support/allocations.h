// Counts what this executable allocates, so that a test can ask for none, or make one fail.
#ifndef NUTHATCH_TEST_SUPPORT_ALLOCATIONS_H_
#define NUTHATCH_TEST_SUPPORT_ALLOCATIONS_H_

#include <cstddef>
#include <cstdint>

namespace nuthatch {

// Calls of operator new, by this thread, since it began.
size_t Allocations();

// From now on, operator new fails for what is larger than this, on every thread.
void LimitAllocations(size_t bytes);

// The same, as long as it is there.
class AllocationLimit {
 public:
  explicit AllocationLimit(size_t bytes) { LimitAllocations(bytes); }
  ~AllocationLimit() { LimitAllocations(SIZE_MAX); }
  AllocationLimit(const AllocationLimit&) = delete;
  AllocationLimit& operator=(const AllocationLimit&) = delete;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_SUPPORT_ALLOCATIONS_H_
