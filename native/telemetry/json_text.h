// What JSON strings and numbers say. Texts here have been through JsonIndex: UTF-8, and no
// unescaped quotes or control characters.
#ifndef NUTHATCH_TELEMETRY_JSON_TEXT_H_
#define NUTHATCH_TELEMETRY_JSON_TEXT_H_

#include <cstdint>
#include <string_view>

#include "base/arena.h"
#include "base/load_bytes.h"

namespace nuthatch {

enum class JsonKind : uint8_t { kAbsent, kString, kNumber, kTrue, kFalse, kNull, kObject, kArray };

// Text that stands for itself: a number's, and any that does not come out of JSON.
constexpr JsonKind kPlainText = JsonKind::kNumber;

// A value as it stands in a text: strings without their quotes, containers with
// their brackets.
struct JsonSlice {
  static constexpr uint32_t kMaxLength = (uint32_t{1} << 29) - 1;

  uint32_t offset = 0;
  uint32_t length_and_kind = 0;  // 29 bits and 3; as bit-fields each would be stored for itself

  JsonSlice() = default;
  JsonSlice(JsonKind kind, uint32_t from, size_t length)
      : offset(from),
        length_and_kind(static_cast<uint32_t>(length) | static_cast<uint32_t>(kind) << 29) {}

  uint32_t length() const { return length_and_kind & kMaxLength; }
  JsonKind kind() const { return static_cast<JsonKind>(length_and_kind >> 29); }
  bool present() const { return kind() != JsonKind::kAbsent && kind() != JsonKind::kNull; }
};

constexpr bool IsJsonSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Whether `text` is a number by RFC 8259.
bool IsJsonNumber(std::string_view text);

// Whether a backslash is in `raw`; quick for short texts, such as keys.
inline bool HasEscape(std::string_view raw) {
  constexpr size_t kWord = sizeof(uint64_t);
  if (raw.size() < kWord) return raw.find('\\') != raw.npos;
  const auto found = [&](size_t at) { return FindByte(LoadBytes(raw.data() + at, kWord), '\\'); };
  const size_t last = raw.size() - kWord;
  uint64_t any = found(last);
  for (size_t at = 0; at < last; at += kWord) any |= found(at);
  return any != 0;
}

// The text of a string: `raw` itself when it has no escapes, else in `arena`. Half of a surrogate
// pair becomes U+FFFD; an escape that JSON does not know stays as it is, since some shippers write
// paths with single backslashes.
std::string_view UnescapeJson(std::string_view raw, Arena* arena);

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_JSON_TEXT_H_
