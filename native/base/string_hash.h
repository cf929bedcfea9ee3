// The hash of tables whose strings come from detectors and mappings, so that text of events can
// neither fill them nor lengthen their chains.
#ifndef NUTHATCH_BASE_STRING_HASH_H_
#define NUTHATCH_BASE_STRING_HASH_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/load_bytes.h"

namespace nuthatch {

// Mixes 64 bits so that the high ones depend on all of them (murmur3's finaliser).
inline uint64_t MixBits(uint64_t x) {
  x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdu;
  x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53u;
  return x ^ (x >> 33);
}

inline uint64_t SwapBytes(uint64_t x) {
  x = (x & 0x00ff00ff00ff00ffu) << 8 | (x >> 8 & 0x00ff00ff00ff00ffu);
  x = (x & 0x0000ffff0000ffffu) << 16 | (x >> 16 & 0x0000ffff0000ffffu);
  return x << 32 | x >> 32;
}

// The last eight bytes of `text`, or all of a shorter one in some order: its size must be told
// apart elsewhere.
inline uint64_t LastWord(std::string_view text) {
  const char* const p = text.data();
  const size_t n = text.size();
  if (n >= 8) return LoadBytes(p + n - 8, 8);
  if (n >= 4) return LoadBytes(p, 4) << 32 | LoadBytes(p + n - 4, 4);
  if (n == 0) return 0;
  const auto byte = [&](size_t i) {
    return static_cast<uint64_t>(static_cast<unsigned char>(p[i]));
  };
  return byte(0) << 16 | byte(n / 2) << 8 | byte(n - 1);
}

inline uint64_t HashString(std::string_view text) {
  uint64_t hash = text.size() * 0x9e3779b97f4a7c15u;
  for (size_t at = 0; at + 8 < text.size(); at += 8) {
    hash = (hash ^ LoadBytes(text.data() + at, 8)) * 0xff51afd7ed558ccdu;
    hash ^= hash >> 32;
  }
  return MixBits(hash ^ LastWord(text));
}

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_STRING_HASH_H_
