// The events of an output whose call stacks may come yet.
#ifndef NUTHATCH_PIPELINE_WAITING_STACKS_H_
#define NUTHATCH_PIPELINE_WAITING_STACKS_H_

#include <bitset>
#include <cstdint>
#include <deque>
#include <optional>

#include "pipeline/call_stack.h"

namespace nuthatch {

class WaitingStacks {
 public:
  using EventTypes = std::bitset<kEventTypeCount>;

  // Both outlive this; without `symbols` functions have no names. To be made before the first
  // record. Of a live session `asked` are the types whose stacks are asked of the system.
  WaitingStacks(TraceJoiner* joiner, SymbolSource* symbols,
                std::optional<EventTypes> asked = std::nullopt)
      : joiner_(*joiner), reader_(joiner, symbols), asked_(asked) {
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

  bool MayCome(const DecodedEvent& event, const JoinedEvent& joined) const;

  TraceJoiner& joiner_;
  CallStackReader reader_;
  const std::optional<EventTypes> asked_;
  std::deque<Event> events_;  // as they wait in the matcher
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_WAITING_STACKS_H_
