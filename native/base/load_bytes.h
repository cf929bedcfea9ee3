// Bytes as a number: those of text, so that they can be compared and hashed a word at a time, and
// those of records whose size has been checked.
#ifndef NUTHATCH_BASE_LOAD_BYTES_H_
#define NUTHATCH_BASE_LOAD_BYTES_H_

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace nuthatch {

// `size` (at most 8) bytes as a little-endian number. All platforms of ours are little-endian.
inline uint64_t LoadBytes(const char* bytes, size_t size) {
  static_assert(std::endian::native == std::endian::little);
  uint64_t word = 0;
  if (size > 0) std::memcpy(&word, bytes, size);  // `bytes` may be null otherwise
  return word;
}

// Not 0 when a byte of `word` is `byte`; the lowest bit that is set is then the high one of the
// first (Mycroft's trick: Warren, "Hacker's Delight", 6-1).
inline uint64_t FindByte(uint64_t word, char byte) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  const uint64_t x = word ^ kOnes * static_cast<unsigned char>(byte);
  return (x - kOnes) & ~x & (kOnes * 0x80);
}

// The little-endian number at `at`, which the caller knows to be within `bytes`.
template <typename T>
T LoadAt(std::span<const uint8_t> bytes, size_t at) {
  static_assert(std::endian::native == std::endian::little);
  assert(at <= bytes.size() && sizeof(T) <= bytes.size() - at);
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_LOAD_BYTES_H_
