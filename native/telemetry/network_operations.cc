#include "telemetry/network_operations.h"

#include <algorithm>
#include <cstddef>

#include "base/ascii.h"
#include "base/ip_address.h"

namespace nuthatch {
namespace {

bool IsIpv4(std::string_view text) {
  return text.find(':') == text.npos && ParseIpAddress(text).has_value();
}

bool IsMappedIpv4(const IpAddress& address) {
  const auto& b = address.bytes;
  return std::all_of(b.begin(), b.begin() + 10, [](uint8_t byte) { return byte == 0; }) &&
         b[10] == 0xFF && b[11] == 0xFF;
}

}  // namespace

std::string_view CanonicalIp(std::string_view x, Arena* arena) {
  x = x.substr(0, x.find('%'));
  const auto address = ParseIpAddress(x);
  if (!address) return {};
  if (x.find(':') == x.npos) return x;
  char* const text = arena->Allocate(kLongestIpText);
  const char* const end = IsMappedIpv4(*address) ? FormatIpv4(&address->bytes[12], text)
                                                 : FormatIpv6(address->bytes.data(), text);
  return {text, static_cast<size_t>(end - text)};
}

std::string_view DnsAnswer(std::string_view part) {
  part = TrimAscii(part);
  constexpr std::string_view kType = "type:";
  if (part.starts_with(kType)) {
    const size_t number = part.find_first_not_of(' ', kType.size());
    const size_t end = std::min(part.find_first_not_of("0123456789", number), part.size());
    const size_t name = std::min(part.find_first_not_of(' ', end), part.size());
    if (number < end && end < name && name < part.size()) part.remove_prefix(name);
  }
  constexpr std::string_view kMapped = "::ffff:";
  if (!StartsWithIgnoringAsciiCase(part, kMapped)) return part;
  const std::string_view address = part.substr(kMapped.size());
  return IsIpv4(address) ? address : part;
}

}  // namespace nuthatch
