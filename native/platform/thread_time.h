// Processor time of the calling thread.
#ifndef NUTHATCH_PLATFORM_THREAD_TIME_H_
#define NUTHATCH_PLATFORM_THREAD_TIME_H_

#include <cstdint>

namespace nuthatch {

// Nanoseconds this thread has been on a processor, from some moment on: between two calls it falls
// behind the clock by what the thread has waited. A system call, so not for every event.
int64_t ThreadNanoseconds();

}  // namespace nuthatch

#endif  // NUTHATCH_PLATFORM_THREAD_TIME_H_
