// Where an image bears its signature, and the digests that are compared with it.
#ifndef NUTHATCH_TRUST_IMAGE_SIGNATURE_H_
#define NUTHATCH_TRUST_IMAGE_SIGNATURE_H_

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "base/byte_source.h"
#include "base/status.h"
#include "image/image.h"
#include "trust/authenticode.h"
#include "trust/crypto.h"

namespace nuthatch {

// Null if the certificate table is where Windows looks at it: aligned, behind the headers, at the
// very end of the file. Also if there is none: then headers.certificate_table is none either.
Malformed CheckTablePlace(const ImageHeaders& headers);

// Digests files, one after the other; of one thread.
class FileHasher {
 public:
  explicit FileHasher(std::shared_ptr<const Crypto> crypto);

  // All bytes, or, with the headers of an image, those that are signed. Fails as ScanContent does.
  Status Hash(ByteSource* source, const ImageHeaders* image,
              const std::vector<DigestAlgorithm>& algorithms, const std::atomic<bool>& stop);
  // Of the last file. None for another algorithm than was asked for, or one the provider has not.
  Digest value(DigestAlgorithm algorithm) const { return values_[Index(algorithm)]; }
  // With zeros up to a multiple of eight bytes, as Windows hashes an image without a table for
  // look-ups in catalogs. None where that is the same.
  Digest padded(DigestAlgorithm algorithm) const { return padded_[Index(algorithm)]; }

  // Whether `hashes`, of SpcPeImageData, are those of the image's pages. Fails as ScanContent does.
  Status CheckPages(ByteSource* source, const ImageHeaders& image, DigestAlgorithm algorithm,
                    ByteSpan hashes, const std::atomic<bool>& stop, bool* match);

 private:
  static size_t Index(DigestAlgorithm algorithm) { return static_cast<size_t>(algorithm); }
  Hasher* HasherFor(DigestAlgorithm algorithm);

  const std::shared_ptr<const Crypto> crypto_;
  std::array<std::unique_ptr<Hasher>, kDigestAlgorithms> hashers_;
  std::array<Digest, kDigestAlgorithms> values_;
  std::array<Digest, kDigestAlgorithms> padded_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_IMAGE_SIGNATURE_H_
