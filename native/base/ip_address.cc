#include "base/ip_address.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "base/ascii.h"

namespace nuthatch {
namespace {

// Reads up to `max_digits` decimal digits, no leading zero, from the front of *text; at most `max`.
std::optional<unsigned> TakeDecimal(std::string_view* text, size_t max_digits, unsigned max) {
  size_t digits = 0;
  unsigned value = 0;
  for (; digits < text->size() && (*text)[digits] >= '0' && (*text)[digits] <= '9'; ++digits) {
    if (digits == max_digits) return std::nullopt;
    value = value * 10 + static_cast<unsigned>((*text)[digits] - '0');
  }
  if (digits == 0 || value > max || (digits > 1 && (*text)[0] == '0')) return std::nullopt;
  text->remove_prefix(digits);
  return value;
}

bool ParseIpv4(std::string_view text, uint8_t out[4]) {
  for (int i = 0; i < 4; ++i) {
    if (i > 0) {
      if (text.empty() || text[0] != '.') return false;
      text.remove_prefix(1);
    }
    const std::optional<unsigned> part = TakeDecimal(&text, 3, 255);
    if (!part) return false;
    out[i] = static_cast<uint8_t>(*part);
  }
  return text.empty();
}

// One to four hexadecimal digits from the front of *text.
std::optional<unsigned> TakeGroup(std::string_view* text) {
  size_t digits = 0;
  unsigned value = 0;
  for (; digits < text->size() && HexDigitValue((*text)[digits]) >= 0; ++digits) {
    if (digits == 4) return std::nullopt;
    value = value << 4 | static_cast<unsigned>(HexDigitValue((*text)[digits]));
  }
  if (digits == 0) return std::nullopt;
  text->remove_prefix(digits);
  return value;
}

// The 16-bit groups in `text`, separated by single colons, and maybe an IPv4 address last; written
// to `out`, which has room for 16 bytes. Returns the bytes, or -1.
int ParseGroups(std::string_view text, uint8_t* out) {
  if (text.empty()) return 0;
  for (int size = 0;;) {
    if (size <= 12 && ParseIpv4(text, out + size)) return size + 4;
    if (size > 14) return -1;
    const std::optional<unsigned> group = TakeGroup(&text);
    if (!group) return -1;
    out[size++] = static_cast<uint8_t>(*group >> 8);
    out[size++] = static_cast<uint8_t>(*group);
    if (text.empty()) return size;
    if (text[0] != ':') return -1;
    text.remove_prefix(1);
  }
}

std::optional<IpAddress> ParseIpv6(std::string_view text) {
  IpAddress address;
  const size_t gap = text.find("::");
  if (gap == std::string_view::npos) {
    if (ParseGroups(text, address.bytes.data()) != 16) return std::nullopt;
    return address;
  }
  // What is before :: holds no IPv4 form, which is allowed at the very end only.
  const std::string_view before = text.substr(0, gap);
  if (before.find('.') != std::string_view::npos) return std::nullopt;
  uint8_t after[16];
  const int head = ParseGroups(before, address.bytes.data());
  const int tail = ParseGroups(text.substr(gap + 2), after);
  if (head < 0 || tail < 0 || head + tail > 14) return std::nullopt;  // :: is at least one group
  std::copy_n(after, tail, address.bytes.end() - tail);
  return address;
}

std::optional<IpAddress> ParseAddress(std::string_view text) {
  if (text.size() > 45) return std::nullopt;  // the longest form: six groups and an IPv4 address
  if (text.find(':') != std::string_view::npos) return ParseIpv6(text);
  IpAddress address;
  address.bytes[10] = address.bytes[11] = 0xff;
  if (!ParseIpv4(text, &address.bytes[12])) return std::nullopt;
  return address;
}

char* AppendNumber(unsigned number, int base, char* out) {
  return std::to_chars(out, out + 5, number, base).ptr;
}

}  // namespace

std::optional<IpAddress> ParseIpAddress(std::string_view text) {
  const size_t zone = text.find('%');
  if (zone == std::string_view::npos) return ParseAddress(text);
  if (zone + 1 == text.size() || text.find(':') == std::string_view::npos) return std::nullopt;
  return ParseAddress(text.substr(0, zone));
}

std::optional<Subnet> ParseSubnet(std::string_view text) {
  const size_t slash = text.find('/');
  const std::string_view host = text.substr(0, slash);
  const std::optional<IpAddress> address = ParseAddress(host);
  if (!address) return std::nullopt;
  const bool v4 = host.find(':') == std::string_view::npos;
  unsigned length = v4 ? 32 : 128;
  if (slash != std::string_view::npos) {
    std::string_view digits = text.substr(slash + 1);
    const std::optional<unsigned> given = TakeDecimal(&digits, 3, length);
    if (!given || !digits.empty()) return std::nullopt;
    length = *given;
  }
  const auto prefix_length = static_cast<uint8_t>(v4 ? 96 + length : length);
  return Subnet{MaskAddress(*address, prefix_length), prefix_length};
}

IpAddress MaskAddress(const IpAddress& address, uint8_t prefix_length) {
  IpAddress masked = address;
  size_t i = prefix_length / 8;
  if (prefix_length % 8 != 0)
    masked.bytes[i++] &= static_cast<uint8_t>(0xff00 >> (prefix_length % 8));
  std::fill(masked.bytes.begin() + static_cast<ptrdiff_t>(i), masked.bytes.end(), uint8_t{0});
  return masked;
}

char* FormatIpv4(const uint8_t* bytes, char* out) {
  for (int i = 0; i < 4; ++i) {
    if (i > 0) *out++ = '.';
    out = AppendNumber(bytes[i], 10, out);
  }
  return out;
}

// RFC 5952, section 4: the first of the longest runs of two or more zero groups becomes "::".
char* FormatIpv6(const uint8_t* bytes, char* out) {
  const auto group = [&](int i) { return bytes[2 * i] << 8 | bytes[2 * i + 1]; };
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

}  // namespace nuthatch
