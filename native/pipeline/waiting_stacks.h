// The events of an output whose call stacks may come yet.
#ifndef NUTHATCH_PIPELINE_WAITING_STACKS_H_
#define NUTHATCH_PIPELINE_WAITING_STACKS_H_

#include <cstdint>
#include <deque>

#include "pipeline/call_stack.h"

namespace nuthatch {

class WaitingStacks {
 public:
  // Both outlive this; without `symbols` functions have no names. To be made before the first
  // record.
  WaitingStacks(TraceJoiner* joiner, SymbolSource* symbols)
      : joiner_(*joiner), reader_(joiner, symbols) {
    joiner->FollowStacks();
  }

  // Whether the event waits from now on. Those that do are done with in this order.
  bool Add(const DecodedEvent& event, const JoinedEvent& joined);
  size_t size() const { return events_.size(); }
  // The stack of the first one, without frames where none came, if it waits no more at the time of
  // the last record, or in any case (`now`); else nullptr. Lasts until the next call.
  const CallStack* Next(uint64_t time, bool now);

 private:
  struct Event {
    uint64_t time;  // of its stack
    SystemCall call;
  };

  TraceJoiner& joiner_;
  CallStackReader reader_;
  std::deque<Event> events_;  // as they wait in the matcher
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_WAITING_STACKS_H_
