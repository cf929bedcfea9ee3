// IP addresses and CIDR blocks. No call to the operating system.
#ifndef NUTHATCH_BASE_IP_ADDRESS_H_
#define NUTHATCH_BASE_IP_ADDRESS_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace nuthatch {

// 128 bits in network order; an IPv4 address is its IPv4-mapped form, ::ffff:a.b.c.d (RFC 4291,
// section 2.5.5.2), so that both spellings of one address are equal.
struct IpAddress {
  std::array<uint8_t, 16> bytes{};
  // NOLINTNEXTLINE(modernize-use-nullptr): its generated comparison with 0
  auto operator<=>(const IpAddress&) const = default;
};

// `network` has no bit set past the first `prefix_length` ones.
struct Subnet {
  IpAddress network;
  uint8_t prefix_length;  // 0 to 128; an IPv4 block of /n has 96 + n
};

// Dotted decimal without leading zeros, or RFC 4291's text forms, which may end in a zone (%eth0)
// that is dropped.
std::optional<IpAddress> ParseIpAddress(std::string_view text);

// An address, then /length; without it the block of that one address. Bits past the length are
// cleared. No zone.
std::optional<Subnet> ParseSubnet(std::string_view text);

// `address` with only its first `prefix_length` bits kept.
IpAddress MaskAddress(const IpAddress& address, uint8_t prefix_length);

// Write 4 bytes, and 16, in network order as text, and return its end. IPv6 as RFC 5952 has it.
constexpr size_t kLongestIpText = 40;
char* FormatIpv4(const uint8_t* bytes, char* out);
char* FormatIpv6(const uint8_t* bytes, char* out);

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_IP_ADDRESS_H_
