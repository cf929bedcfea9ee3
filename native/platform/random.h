// Random bytes from the operating system: for keys that nobody may guess. Not std::random_device,
// whose libstdc++ of Debian 12 asks for a newer glibc than our binaries may.
#ifndef NUTHATCH_PLATFORM_RANDOM_H_
#define NUTHATCH_PLATFORM_RANDOM_H_

#include <cstdint>

namespace nuthatch {

// Ends the process when the operating system has none to give, which none that Node runs on does.
uint64_t RandomWord();

}  // namespace nuthatch

#endif  // NUTHATCH_PLATFORM_RANDOM_H_
