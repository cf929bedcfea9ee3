// The hash of the matchers' tables. The tables hold strings of detectors, so text of events can
// neither fill them nor lengthen their chains.
#ifndef NUTHATCH_EVALUATE_STRING_HASH_H_
#define NUTHATCH_EVALUATE_STRING_HASH_H_

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

inline uint64_t HashString(std::string_view text) {
  uint64_t hash = text.size() * 0x9e3779b97f4a7c15u;
  while (text.size() > 8) {
    hash = (hash ^ LoadBytes(text.data(), 8)) * 0xff51afd7ed558ccdu;
    hash ^= hash >> 32;
    text.remove_prefix(8);
  }
  return MixBits(hash ^ LoadBytes(text.data(), text.size()));
}

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_STRING_HASH_H_
