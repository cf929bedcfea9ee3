// Which events are told of in system calls, and in which.
#ifndef NUTHATCH_PIPELINE_SYSTEM_CALLS_H_
#define NUTHATCH_PIPELINE_SYSTEM_CALLS_H_

#include <span>
#include <string_view>

#include "etw/decoded_event.h"
#include "trace/joined_event.h"

namespace nuthatch {

struct SystemCall {
  // It is always one that tells of such an event, and the process's own: not an interrupt, nor the
  // end of a process or thread, which closes what is open.
  bool certain = false;
  // The functions of ntdll that make it; empty where drivers may do the same in any other.
  std::span<const std::string_view> functions;
};

SystemCall SystemCallOf(const DecodedEvent& event, const JoinedEvent& joined);

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_SYSTEM_CALLS_H_
