#include "base/ip_address.h"

#include <gtest/gtest.h>

namespace nuthatch {
namespace {

std::string Hex(const std::optional<IpAddress>& address) {
  if (!address) return "none";
  std::string text;
  for (const uint8_t byte : address->bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

TEST(ParseIpAddress, ReadsIpv4AsItsMappedForm) {
  EXPECT_EQ(Hex(ParseIpAddress("1.2.3.4")), "00000000000000000000ffff01020304");
  EXPECT_EQ(ParseIpAddress("255.255.255.255"), ParseIpAddress("::ffff:ffff:ffff"));
  EXPECT_EQ(ParseIpAddress("10.0.0.1"), ParseIpAddress("::ffff:10.0.0.1"));
  EXPECT_NE(ParseIpAddress("10.0.0.1"), ParseIpAddress("::10.0.0.1"));
}

TEST(ParseIpAddress, ReadsEveryFormOfRfc4291) {
  EXPECT_EQ(Hex(ParseIpAddress("::")), "00000000000000000000000000000000");
  EXPECT_EQ(Hex(ParseIpAddress("::1")), "00000000000000000000000000000001");
  EXPECT_EQ(Hex(ParseIpAddress("2001:DB8::8:800:200C:417A")), "20010db80000000000080800200c417a");
  EXPECT_EQ(Hex(ParseIpAddress("1:2:3:4:5:6:7:8")), "00010002000300040005000600070008");
  EXPECT_EQ(Hex(ParseIpAddress("1:2:3:4:5:6:7::")), "00010002000300040005000600070000");
  EXPECT_EQ(Hex(ParseIpAddress("::2:3:4:5:6:7:8")), "00000002000300040005000600070008");
  EXPECT_EQ(Hex(ParseIpAddress("1:2:3:4:5:6:9.8.7.6")), "00010002000300040005000609080706");
  EXPECT_EQ(Hex(ParseIpAddress("fe80::1%eth0")), "fe800000000000000000000000000001");
}

TEST(ParseIpAddress, RefusesEverythingElse) {
  for (const char* text : {"",
                           " ",
                           "1",
                           "1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.256",
                           "1.2.3.04",
                           "01.2.3.4",
                           "1.2.3.4 ",
                           " 1.2.3.4",
                           "1..2.3",
                           ".1.2.3",
                           "1.2.3.",
                           "1.2.3.4%eth0",
                           "0x1.2.3.4",
                           "1.2.3.-4",
                           "1.2.3.1000",
                           ":",
                           ":::",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4:5:6:7:8::",
                           "::1:2:3:4:5:6:7:8",
                           "1::2::3",
                           "12345::",
                           "g::",
                           "::1.2.3",
                           "1.2.3.4::",
                           "1:2:3:4:5:6:7:1.2.3.4",
                           "::1%",
                           "1:2:3:4:5:6:7:",
                           ":1:2:3:4:5:6:7",
                           "localhost",
                           "::ffff:1.2.3.4.5",
                           "1.2.3.4/32"}) {
    EXPECT_EQ(Hex(ParseIpAddress(text)), "none") << text;
  }
  EXPECT_EQ(Hex(ParseIpAddress(std::string(1000000, ':'))), "none");
  EXPECT_EQ(Hex(ParseIpAddress(std::string(1000000, '1'))), "none");
  EXPECT_EQ(Hex(ParseIpAddress(std::string_view("1.2.3.4\0", 8))), "none");
}

bool Contains(std::string_view cidr, std::string_view address) {
  const std::optional<Subnet> subnet = ParseSubnet(cidr);
  const std::optional<IpAddress> parsed = ParseIpAddress(address);
  EXPECT_TRUE(subnet && parsed) << cidr << " " << address;
  return subnet && parsed && MaskAddress(*parsed, subnet->prefix_length) == subnet->network;
}

// The answers are those of Node's net.BlockList.
TEST(ParseSubnet, HoldsTheAddressesOfItsBlock) {
  EXPECT_TRUE(Contains("10.0.0.0/8", "10.255.255.255"));
  EXPECT_FALSE(Contains("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(Contains("10.1.2.3/8", "10.9.9.9"));  // bits past the length do not count
  EXPECT_TRUE(Contains("0.0.0.0/0", "255.1.2.3"));
  EXPECT_FALSE(Contains("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(Contains("::/0", "255.1.2.3"));
  EXPECT_TRUE(Contains("192.168.1.128/25", "192.168.1.129"));
  EXPECT_FALSE(Contains("192.168.1.128/25", "192.168.1.127"));
  EXPECT_TRUE(Contains("192.168.1.7", "192.168.1.7"));
  EXPECT_FALSE(Contains("192.168.1.7/32", "192.168.1.6"));
  EXPECT_TRUE(Contains("fe80::/10", "febf::1"));
  EXPECT_FALSE(Contains("fe80::/10", "fec0::1"));
  EXPECT_TRUE(Contains("10.0.0.0/8", "::ffff:10.1.1.1"));
  EXPECT_TRUE(Contains("::ffff:10.0.0.0/104", "10.1.1.1"));
  EXPECT_TRUE(Contains("2001:db8::/127", "2001:db8::1"));
  EXPECT_FALSE(Contains("2001:db8::/128", "2001:db8::1"));
}

TEST(ParseSubnet, RefusesEverythingElse) {
  for (const char* text :
       {"", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8/8",
        "10.0.0.0/8 ", "10.0.0/8", "::/129", "::1%eth0/64", "10.0.0.0/255.0.0.0"}) {
    EXPECT_FALSE(ParseSubnet(text)) << text;
  }
}

}  // namespace
}  // namespace nuthatch
