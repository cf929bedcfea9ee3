#include "trace/network_joins.h"

#include <cstring>
#include <utility>

namespace nuthatch {
namespace {

EventFields::Span Address(EventFields::Span bytes) {
  return bytes.size() == 4 || bytes.size() == 16 ? bytes : EventFields::Span();
}

}  // namespace

void NetworkJoins::Take(TraceEvent event, const EventFields& fields, bool says,
                        JoinedEvent* joined) {
  // Records are written where the packet was handled: their header has whatever ran there.
  if (fields.Has(FieldSlot::kProcessId))
    joined->process.pid = fields.Number32(FieldSlot::kProcessId);
  JoinedConnection& connection = joined->network;
  connection.known = true;
  connection.udp = event == TraceEvent::kUdpSend || event == TraceEvent::kUdpReceive;
  connection.inbound = event == TraceEvent::kTcpAccept || event == TraceEvent::kUdpReceive;
  connection.local_ip = Address(fields.Bytes(FieldSlot::kLocalIp));
  connection.remote_ip = Address(fields.Bytes(FieldSlot::kRemoteIp));
  connection.local_port = fields.Port(FieldSlot::kLocalPort);
  connection.remote_port = fields.Port(FieldSlot::kRemotePort);
  // Of TCP the "destination" is the other end in any case, of datagrams it is where they go.
  if (event == TraceEvent::kUdpReceive) {
    std::swap(connection.local_ip, connection.remote_ip);
    std::swap(connection.local_port, connection.remote_port);
  }
  if (!says || (connection.udp && !IsFirst(joined->process.pid, connection))) return;
  joined->happened = EventType::kNetworkConnection;
}

bool NetworkJoins::IsFirst(uint32_t pid, const JoinedConnection& connection) {
  char bytes[40] = {};
  std::memcpy(bytes, &pid, sizeof(pid));
  std::memcpy(bytes + 4, &connection.local_port, 2);
  std::memcpy(bytes + 6, &connection.remote_port, 2);
  const auto put = [&](EventFields::Span ip, size_t at) {
    if (!ip.empty()) std::memcpy(bytes + at, ip.data(), ip.size());
  };
  put(connection.local_ip, 8);
  put(connection.remote_ip, 24);
  bool added = false;
  exchanges_.Put(SipHash(key_, {bytes, sizeof(bytes)}), &added);
  return added;
}

}  // namespace nuthatch
