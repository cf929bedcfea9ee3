#include "support/allocations.h"

#include <cstdlib>
#include <new>

static thread_local size_t allocations = 0;

void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size ? size : 1)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace nuthatch {

size_t Allocations() { return allocations; }

}  // namespace nuthatch
