#include "telemetry/network_operations.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "base/ascii.h"
#include "base/ip_address.h"

namespace nuthatch {
namespace {

constexpr size_t kLongestText = 40;

char* AppendNumber(unsigned number, int base, char* out) {
  return std::to_chars(out, out + 5, number, base).ptr;
}

bool IsIpv4(std::string_view text) {
  return text.find(':') == text.npos && ParseIpAddress(text).has_value();
}

bool IsMappedIpv4(const IpAddress& address) {
  const auto& b = address.bytes;
  return std::all_of(b.begin(), b.begin() + 10, [](uint8_t byte) { return byte == 0; }) &&
         b[10] == 0xFF && b[11] == 0xFF;
}

char* FormatIpv4(const uint8_t* bytes, char* out) {
  for (int i = 0; i < 4; ++i) {
    if (i > 0) *out++ = '.';
    out = AppendNumber(bytes[i], 10, out);
  }
  return out;
}

// RFC 5952, section 4: the first of the longest runs of two or more zero groups becomes "::".
char* FormatIpv6(const IpAddress& address, char* out) {
  const auto group = [&](int i) { return address.bytes[2 * i] << 8 | address.bytes[2 * i + 1]; };
  int run_begin = 8;
  int run_size = 1;
  for (int i = 0; i < 8; ++i) {
    int end = i;
    while (end < 8 && group(end) == 0) ++end;
    if (end - i > run_size) {
      run_begin = i;
      run_size = end - i;
    }
  }
  for (int i = 0; i < 8; ++i) {
    if (i == run_begin) {
      *out++ = ':';
      i += run_size - 1;
      if (i == 7) *out++ = ':';
      continue;
    }
    if (i > 0) *out++ = ':';
    out = AppendNumber(static_cast<unsigned>(group(i)), 16, out);
  }
  return out;
}

}  // namespace

std::string_view CanonicalIp(std::string_view x, Arena* arena) {
  x = x.substr(0, x.find('%'));
  const auto address = ParseIpAddress(x);
  if (!address) return {};
  if (x.find(':') == x.npos) return x;
  char* const text = arena->Allocate(kLongestText);
  const char* const end =
      IsMappedIpv4(*address) ? FormatIpv4(&address->bytes[12], text) : FormatIpv6(*address, text);
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
