#include "base/random.h"

#include <cstdlib>

#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
// After windows.h.
#include <ntsecapi.h>  // RtlGenRandom
#else
#include <sys/random.h>
#include <unistd.h>
#endif

namespace nuthatch {

uint64_t RandomWord() {
  uint64_t word = 0;
#ifdef _WIN32
  const bool done = RtlGenRandom(&word, sizeof(word)) != FALSE;
#else
  const bool done = getentropy(&word, sizeof(word)) == 0;
#endif
  if (!done) std::abort();
  return word;
}

}  // namespace nuthatch
