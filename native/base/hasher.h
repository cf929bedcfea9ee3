// Digests, behind an interface: what implements it brings a library of cryptography, so that
// whatever computes digests needs none.
#ifndef NUTHATCH_BASE_HASHER_H_
#define NUTHATCH_BASE_HASHER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace nuthatch {

enum class DigestAlgorithm : uint8_t { kMd5, kSha1, kSha256, kSha384, kSha512 };
constexpr size_t kDigestAlgorithms = 5;

constexpr size_t DigestSize(DigestAlgorithm algorithm) {
  constexpr size_t kSizes[] = {16, 20, 32, 48, 64};
  return kSizes[static_cast<size_t>(algorithm)];
}

struct Digest {
  std::array<uint8_t, 64> bytes = {};
  uint8_t size = 0;  // 0: there is none

  std::span<const uint8_t> span() const { return {bytes.data(), size}; }
};

// A digest that is computed piece by piece. Of one thread at a time.
class Hasher {
 public:
  virtual ~Hasher() = default;
  virtual void Start() = 0;
  virtual void Update(std::span<const uint8_t> bytes) = 0;
  // Of all so far; more can follow. None if the provider failed.
  virtual Digest Current() = 0;
};

// Gives null where the provider has no such digest (MD5 under FIPS). Any thread may call it.
using NewHasher = std::function<std::unique_ptr<Hasher>(DigestAlgorithm)>;

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_HASHER_H_
