// SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, with fewer rounds
// as in common use for hash tables): whoever does not know the key cannot choose texts that
// collide.
#ifndef NUTHATCH_BASE_SIP_HASH_H_
#define NUTHATCH_BASE_SIP_HASH_H_

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace nuthatch {

struct SipKey {
  uint64_t k0;
  uint64_t k1;
};

struct SipHashes {
  uint64_t first;  // SipHash-1-3
  uint64_t second;

  friend bool operator==(const SipHashes&, const SipHashes&) = default;
};

// As long as two: 128 bits, as SipHash-1-3-128 goes on where SipHash-1-3 ends. No two texts have
// the same, however many there are.
inline SipHashes SipHash128(const SipKey& key, std::string_view text) {
  static_assert(std::endian::native == std::endian::little);
  uint64_t v0 = key.k0 ^ 0x736f6d6570736575;
  uint64_t v1 = key.k1 ^ 0x646f72616e646f6d;
  uint64_t v2 = key.k0 ^ 0x6c7967656e657261;
  uint64_t v3 = key.k1 ^ 0x7465646279746573;
  const auto round = [&] {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  };
  const auto take = [&](uint64_t word) {
    v3 ^= word;
    round();
    v0 ^= word;
  };
  const uint64_t length = static_cast<uint64_t>(text.size()) << 56;
  for (; text.size() >= 8; text.remove_prefix(8)) {
    uint64_t word;
    std::memcpy(&word, text.data(), 8);
    take(word);
  }
  uint64_t last = 0;
  text.copy(reinterpret_cast<char*>(&last), text.size());
  take(last | length);
  v2 ^= 0xFF;
  round();
  round();
  round();
  const uint64_t first = v0 ^ v1 ^ v2 ^ v3;
  v1 ^= 0xDD;
  round();
  round();
  round();
  return {first, v0 ^ v1 ^ v2 ^ v3};
}

inline uint64_t SipHash(const SipKey& key, std::string_view text) {
  return SipHash128(key, text).first;
}

// For tables by a text that somebody else has chosen.
struct TextHash {
  using is_transparent = void;
  SipKey key;
  size_t operator()(std::string_view text) const { return SipHash(key, text); }
};

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_SIP_HASH_H_
