// Hashes, an update at a time. What implements them brings the crypto library, so that whatever
// hashes needs none.
#ifndef NUTHATCH_BASE_DIGEST_H_
#define NUTHATCH_BASE_DIGEST_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace nuthatch {

enum class DigestAlgorithm : uint8_t { kMd5, kSha1, kSha256, kSha384, kSha512 };

class Digest {
 public:
  virtual ~Digest() = default;
  virtual void Update(std::span<const uint8_t> bytes) = 0;
  // The hash of all that came. Nothing may come after.
  virtual std::vector<uint8_t> Finish() = 0;
};

// Thread-safe.
class DigestProvider {
 public:
  virtual ~DigestProvider() = default;
  // Null where the library does not offer the algorithm (MD5 under FIPS).
  virtual std::unique_ptr<Digest> Make(DigestAlgorithm algorithm) const = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_DIGEST_H_
