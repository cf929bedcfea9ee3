// Bytes of text as a number, so that they can be compared and hashed a word at a time.
#ifndef NUTHATCH_BASE_LOAD_BYTES_H_
#define NUTHATCH_BASE_LOAD_BYTES_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace nuthatch {

// `size` (at most 8) bytes as a little-endian number. All platforms of ours are little-endian.
inline uint64_t LoadBytes(const char* bytes, size_t size) {
  static_assert(std::endian::native == std::endian::little);
  uint64_t word = 0;
  if (size > 0) std::memcpy(&word, bytes, size);  // `bytes` may be null otherwise
  return word;
}

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_LOAD_BYTES_H_
