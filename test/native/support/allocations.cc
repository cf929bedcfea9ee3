#include "support/allocations.h"

#include <cstdlib>
#include <new>

static thread_local size_t allocations = 0;

// Everything that the operator delete below may be given: a sanitizer's own operator new would not
// go with it.
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
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

}  // namespace nuthatch
