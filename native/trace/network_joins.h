#ifndef NUTHATCH_TRACE_NETWORK_JOINS_H_
#define NUTHATCH_TRACE_NETWORK_JOINS_H_

#include <cstddef>
#include <cstdint>

#include "base/sip_hash.h"
#include "enrich/recent_map.h"
#include "platform/random.h"
#include "trace/event_fields.h"
#include "trace/joined_event.h"

namespace nuthatch {

// TCP connections, and who exchanges datagrams with whom for the first time.
class NetworkJoins {
 public:
  static constexpr size_t kMaxExchanges = size_t{1} << 15;

  // `says`: whether the record's source is the one that says what happened.
  void Take(TraceEvent event, const EventFields& fields, bool says, JoinedEvent* joined);

 private:
  struct Nothing {};

  bool IsFirst(uint32_t pid, const JoinedConnection& connection);

  const SipKey key_{RandomWord(), RandomWord()};
  RecentMap<Nothing> exchanges_{kMaxExchanges};  // by a hash of process and both ends
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRACE_NETWORK_JOINS_H_
