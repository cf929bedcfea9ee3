#include "trace/network_joins.h"

#include <gtest/gtest.h>

#include "trace/joined.h"
#include "trace/trace_records.h"

namespace nuthatch {
namespace {

using Texts = std::vector<std::string>;

constexpr uint8_t kTcp = 6;
constexpr uint8_t kUdp = 8;
constexpr uint8_t kSend = 0x0A;
constexpr uint8_t kReceive = 0x0B;
constexpr uint8_t kConnect = 0x0C;
constexpr uint8_t kAccept = 0x0F;
constexpr uint8_t kVersion6 = 0x10;

const Bytes kHere = {10, 0, 0, 1};
const Bytes kThere = {192, 0, 2, 7};

// Ports in network order.
Payload Ends(uint32_t pid, const Bytes& destination, const Bytes& source, uint16_t destination_port,
             uint16_t source_port) {
  Payload payload;
  payload.U32(pid).U32(5).Raw(destination).Raw(source);
  for (const uint16_t port : {destination_port, source_port})
    payload.U8(static_cast<uint8_t>(port >> 8)).U8(static_cast<uint8_t>(port));
  return payload;
}

Bytes TcpOpened(uint64_t tick, uint8_t type, Payload ends) {
  ends.U16(0).U16(0).U16(0).U16(0).U32(0).U16(0).U16(0).U32(0).Ptr(0);
  return Kernel({.tick = tick}, kTcp, type, 2, ends);
}
Bytes Datagram(uint64_t tick, uint8_t type, Payload ends) {
  return Kernel({.tick = tick}, kUdp, type, 2, ends.U32(0).Ptr(0));
}

TEST(NetworkJoins, AConnectionIsOutboundAndWhatIsAcceptedInbound) {
  const auto lines = Joined::OfFile({
      TcpOpened(1, kConnect, Ends(700, kThere, kHere, 443, 50000)),
      TcpOpened(2, kAccept, Ends(700, kThere, kHere, 60000, 22)),
      TcpOpened(3, kConnect | kVersion6, Ends(700, Bytes(16, 0x20), Bytes(16, 0x30), 443, 50000)),
  });
  EXPECT_EQ(AllHappened(lines), (Texts(3, "network_connection")));
  EXPECT_EQ(Member(lines[0], "network"),
            R"({"direction":"outbound","protocol":"tcp","local_ip":"10.0.0.1","local_port":50000,)"
            R"("remote_ip":"192.0.2.7","remote_port":443})");
  EXPECT_EQ(Member(lines[0], "process"), R"({"guid":"700-0","pid":700})");
  EXPECT_EQ(Member(lines[1], "network"),
            R"({"direction":"inbound","protocol":"tcp","local_ip":"10.0.0.1","local_port":22,)"
            R"("remote_ip":"192.0.2.7","remote_port":60000})");
  EXPECT_NE(lines[2].find("2020:2020:2020:2020:2020:2020:2020:2020"), lines[2].npos);
}

// Of each kind of record that one of its own says it, over IPv6 too.
TEST(NetworkJoins, EveryKindOfRecordIsAConnection) {
  const Bytes far(16, 0x20);
  const Bytes near(16, 0x30);
  const auto tcp_by_provider = [](uint16_t id, Payload ends) {
    ends.U16(0).U16(0).U16(0).U16(0).U32(0).U16(0).U16(0).U32(0).Ptr(0);
    return Provider({.tick = 1, .pid = 4}, kKernelNetwork, id, 0, ends);
  };
  const auto udp_by_provider = [](uint16_t id, Payload ends) {
    return Provider({.tick = 1, .pid = 4}, kKernelNetwork, id, 0, ends.U32(0).Ptr(0));
  };
  const auto said = [](const Bytes& record) {
    const auto lines = Joined::OfFile({record});
    const std::string network = Member(lines[0], "network");
    return HappenedIn(lines[0]) + network.substr(0, network.find(",\"local_ip"));
  };
  const auto of = [](std::string_view direction, std::string_view protocol) {
    return "network_connection{\"direction\":\"" + std::string(direction) + "\",\"protocol\":\"" +
           std::string(protocol) + "\"";
  };
  const Payload four = Ends(700, kThere, kHere, 443, 50000);
  const Payload six = Ends(700, far, near, 443, 50000);
  EXPECT_EQ(said(TcpOpened(1, kConnect | kVersion6, six)), of("outbound", "tcp"));
  EXPECT_EQ(said(TcpOpened(1, kAccept | kVersion6, six)), of("inbound", "tcp"));
  EXPECT_EQ(said(Datagram(1, kSend | kVersion6, six)), of("outbound", "udp"));
  EXPECT_EQ(said(Datagram(1, kReceive | kVersion6, six)), of("inbound", "udp"));
  EXPECT_EQ(said(tcp_by_provider(15, four)), of("inbound", "tcp"));
  EXPECT_EQ(said(tcp_by_provider(28, six)), of("outbound", "tcp"));
  EXPECT_EQ(said(tcp_by_provider(31, six)), of("inbound", "tcp"));
  EXPECT_EQ(said(udp_by_provider(42, four)), of("outbound", "udp"));
  EXPECT_EQ(said(udp_by_provider(58, six)), of("outbound", "udp"));
  EXPECT_EQ(said(udp_by_provider(43, four)), of("inbound", "udp"));
  EXPECT_EQ(said(udp_by_provider(59, six)), of("inbound", "udp"));
}

TEST(NetworkJoins, OfDatagramsOnlyTheFirstBetweenTwoEndsCounts) {
  const auto sent = [](uint64_t tick, uint32_t pid, uint16_t port) {
    return Datagram(tick, kSend, Ends(pid, kThere, kHere, 53, port));
  };
  const auto lines = Joined::OfFile({
      sent(1, 700, 50000),
      sent(2, 700, 50000),
      Datagram(3, kReceive, Ends(700, kHere, kThere, 50000, 53)),  // the answer
      sent(4, 700, 50001),
      sent(5, 800, 50000),
      Datagram(6, kReceive, Ends(700, kHere, kThere, 1900, 60000)),
  });
  EXPECT_EQ(AllHappened(lines), (Texts{"network_connection", "", "", "network_connection",
                                       "network_connection", "network_connection"}));
  EXPECT_EQ(Member(lines[5], "network"),
            R"({"direction":"inbound","protocol":"udp","local_ip":"10.0.0.1","local_port":1900,)"
            R"("remote_ip":"192.0.2.7","remote_port":60000})");
}

TEST(NetworkJoins, TheProvidersPayloadSaysWhoseConnectionItIs) {
  Payload ends = Ends(700, kThere, kHere, 443, 50000);
  ends.U16(0).U16(0).U16(0).U16(0).U32(0).U16(0).U16(0).U32(0).Ptr(0);
  const Bytes by_provider = Provider({.tick = 1, .pid = 4}, kKernelNetwork, 12, 0, ends);
  const auto lines = Joined::OfFile({by_provider});
  EXPECT_EQ(AllHappened(lines), (Texts{"network_connection"}));
  EXPECT_EQ(Member(lines[0], "process"), R"({"guid":"700-0","pid":700})");
  const std::vector<Bytes> both = {by_provider,
                                   TcpOpened(2, kConnect, Ends(700, kThere, kHere, 443, 50000))};
  EXPECT_EQ(AllHappened(Joined::OfFile(both)), (Texts{"", "network_connection"}));
  EXPECT_EQ(AllHappened(Joined::OfSession(both)), (Texts{"network_connection", ""}));
}

}  // namespace
}  // namespace nuthatch
