// The bytes of an image that Authenticode signs.
#ifndef NUTHATCH_TRUST_IMAGE_HASH_H_
#define NUTHATCH_TRUST_IMAGE_HASH_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/byte_source.h"
#include "trust/crypto.h"

namespace nuthatch {

// What is read of an image's headers. The numbers are the file's, checked to be inside it.
struct ImageLayout {
  uint64_t checksum_at = 0;
  uint64_t directory_at = 0;  // the certificate table's entry; 0: there is none
  uint64_t table_at = 0;
  uint64_t table_size = 0;              // 0: there is no table, or it is where none can be
  const char* table_fault = nullptr;    // why it cannot be there
  uint64_t headers_size = 0;            // as the headers say
  struct Range {
    uint64_t at;
    uint64_t size;
  };
  std::vector<Range> sections;  // with bytes in the file, in the order of their headers
};

enum class LayoutOutcome : uint8_t { kImage, kNoImage, kUnreadable };
LayoutOutcome ReadImageLayout(ByteSource* source, ImageLayout* out);

enum class HashOutcome : uint8_t { kDone, kUnreadable, kShortened, kStopped };

// Hashes files, one after the other; of one thread.
class FileHasher {
 public:
  explicit FileHasher(std::shared_ptr<const Crypto> crypto);

  // Asked now and then while a file is hashed: whether to stop.
  void set_stop(std::function<bool()> stop) { stop_ = std::move(stop); }

  // All bytes, or, with the layout of an image, those that are signed: in the order of the file,
  // without its checksum, the table and the table's entry.
  HashOutcome Hash(ByteSource* source, const ImageLayout* image,
                   const std::vector<DigestAlgorithm>& algorithms);
  // Of the last file. None for another algorithm than was asked for, or one the provider has not.
  DigestValue value(DigestAlgorithm algorithm) const { return values_[Index(algorithm)]; }
  // With zeros after its end up to a multiple of eight bytes, as Windows hashes an image without a
  // table for look-ups in catalogs.
  DigestValue padded(DigestAlgorithm algorithm) const { return padded_[Index(algorithm)]; }

  // Whether `hashes`, of SpcPeImageData, are those of the image's pages.
  HashOutcome CheckPages(ByteSource* source, const ImageLayout& image, DigestAlgorithm algorithm,
                         ByteSpan hashes, bool* match);

 private:
  static size_t Index(DigestAlgorithm algorithm) { return static_cast<size_t>(algorithm); }
  Hasher* HasherFor(DigestAlgorithm algorithm);

  const std::shared_ptr<const Crypto> crypto_;
  std::function<bool()> stop_ = [] { return false; };
  std::array<std::unique_ptr<Hasher>, kDigestAlgorithms> hashers_;
  std::array<DigestValue, kDigestAlgorithms> values_;
  std::array<DigestValue, kDigestAlgorithms> padded_;
  std::vector<uint8_t> buffer_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRUST_IMAGE_HASH_H_
