#include <sys/random.h>
#include <unistd.h>

#include <cstdlib>

#include "platform/random.h"

namespace nuthatch {

uint64_t RandomWord() {
  uint64_t word = 0;
  if (getentropy(&word, sizeof(word)) != 0) std::abort();
  return word;
}

}  // namespace nuthatch
