#include "support/allocations.h"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

static thread_local size_t allocations = 0;
static std::atomic<size_t> limit = SIZE_MAX;

// Everything that the operator delete below may be given: a sanitizer's own operator new would not
// go with it.
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  if (size > limit) return nullptr;
  return std::malloc(size ? size : 1);
}
void* operator new(size_t size) {
  if (void* memory = operator new(size, std::nothrow)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace nuthatch {

size_t Allocations() { return allocations; }
void LimitAllocations(size_t bytes) { limit = bytes; }

}  // namespace nuthatch
