#ifndef NUTHATCH_BASE_GUID_H_
#define NUTHATCH_BASE_GUID_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nuthatch {

// The 16 bytes as Windows stores them (three little-endian numbers, then 8 bytes), in two halves.
struct Guid {
  uint64_t low = 0;
  uint64_t high = 0;

  friend bool operator==(const Guid&, const Guid&) = default;
  // NOLINTNEXTLINE(modernize-use-nullptr): its generated comparison with 0
  friend auto operator<=>(const Guid&, const Guid&) = default;
};
static_assert(sizeof(Guid) == 16, "read as it is stored");

// Where each byte's two digits are in the text, from the lowest byte of `low` to the highest of
// `high`: the first three parts are numbers.
inline constexpr size_t kGuidDigits[16] = {6,  4,  2,  0,  11, 9,  16, 14,
                                           19, 21, 24, 26, 28, 30, 32, 34};

// "3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c".
std::string ToText(const Guid& guid);
void AppendGuid(const Guid& guid, std::string* out);

// The same the other way; nothing for any other text.
constexpr std::optional<Guid> ToGuid(std::string_view text) {
  constexpr uint64_t kNone = 16;
  if (text.size() != 36) return std::nullopt;
  const auto digit = [&](size_t at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= '0' && c <= '9') return c - uint64_t{'0'};
    if (c >= 'a' && c <= 'f') return c - uint64_t{'a'} + 10;
    return kNone;
  };
  Guid guid;
  for (size_t i = 0; i < 16; ++i) {
    const uint64_t high = digit(kGuidDigits[i]);
    const uint64_t low = digit(kGuidDigits[i] + 1);
    if (high == kNone || low == kNone) return std::nullopt;
    (i < 8 ? guid.low : guid.high) |= (high << 4 | low) << (i % 8 * 8);
  }
  return guid;
}

// For tables: what is no GUID does not compile.
consteval Guid ParseGuid(std::string_view text) { return ToGuid(text).value(); }

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_GUID_H_
