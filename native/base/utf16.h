#ifndef NUTHATCH_BASE_UTF16_H_
#define NUTHATCH_BASE_UTF16_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace nuthatch {

// UTF-16LE to its first NUL, or to its end, as UTF-8; half a surrogate pair becomes U+FFFD.
std::string Utf16ToUtf8(std::span<const uint8_t> bytes);
inline std::string Utf16ToUtf8(std::u16string_view text) {
  return Utf16ToUtf8(
      {reinterpret_cast<const uint8_t*>(text.data()), text.size() * sizeof(char16_t)});
}
// What is not UTF-8 becomes U+FFFD.
std::u16string Utf8ToUtf16(std::string_view text);
void AppendUtf16(std::span<const uint8_t> bytes, std::string* out);
// UTF-16BE, all of it.
std::string Utf16BeToUtf8(std::span<const uint8_t> bytes);

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_UTF16_H_
