#include <windows.h>
// After windows.h.
#include <ntsecapi.h>  // RtlGenRandom

#include <cstdlib>

#include "platform/random.h"

namespace nuthatch {

uint64_t RandomWord() {
  uint64_t word = 0;
  if (RtlGenRandom(&word, sizeof(word)) == FALSE) std::abort();
  return word;
}

}  // namespace nuthatch
