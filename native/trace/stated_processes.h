#ifndef NUTHATCH_TRACE_STATED_PROCESSES_H_
#define NUTHATCH_TRACE_STATED_PROCESSES_H_

#include "etw/decoded_event.h"
#include "trace/joined_event.h"

namespace nuthatch {

// Who acted, and upon whom, where a provider's events say so: services write them for their
// clients. Sets nothing else of `joined`.
void TakeStatedProcesses(const DecodedEvent& event, JoinedEvent* joined);

}  // namespace nuthatch

#endif  // NUTHATCH_TRACE_STATED_PROCESSES_H_
