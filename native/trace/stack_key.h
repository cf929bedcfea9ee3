#ifndef NUTHATCH_TRACE_STACK_KEY_H_
#define NUTHATCH_TRACE_STACK_KEY_H_

#include <cstdint>

#include "etw/record.h"

namespace nuthatch {

// The record that a call stack is of. kNoId where it has no process, or thread: then those of the
// stack are not looked at.
struct StackKey {
  uint64_t raw_time = 0;  // by the session's clock
  uint32_t pid = kNoId;
  uint32_t tid = kNoId;
  uint64_t time = 0;    // the same as FILETIME
  uint64_t record = 0;  // its number, from 1: of stacks that are in it
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRACE_STACK_KEY_H_
