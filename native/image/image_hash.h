// The hashes that Authenticode signs: of an image without what signing changes.
#ifndef NUTHATCH_IMAGE_IMAGE_HASH_H_
#define NUTHATCH_IMAGE_IMAGE_HASH_H_

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/hasher.h"
#include "image/content_scan.h"
#include "image/image.h"

namespace nuthatch {

// Which bytes of a file the image hash is of: all in their order, but for the checksum, the
// directory's entry of the certificate table, and that table.
class HashedBytes {
 public:
  explicit HashedBytes(const ImageHeaders& headers);
  // Calls `use` with each part of `bytes` that is hashed.
  template <typename Use>
  void ForEach(uint64_t position, std::span<const uint8_t> bytes, Use use) const {
    const uint64_t end = position + bytes.size();
    uint64_t at = position;
    const auto use_until = [&](uint64_t stop) {
      if (stop > at) use(bytes.subspan(at - position, stop - at));
    };
    for (const FileRange& gap : gaps_) {
      use_until(std::min(gap.offset, end));
      at = std::clamp(gap.offset + gap.size, at, end);
    }
    use_until(end);
  }

 private:
  std::vector<FileRange> gaps_;  // by offset
};

// Of one pass over a file (ScanContent): hash its image into hashers, any number at a time.
class ImageHashSink : public ContentSink {
 public:
  // `hashers` outlive this.
  ImageHashSink(const ImageHeaders& headers, std::vector<Hasher*> hashers);
  void Update(uint64_t position, std::span<const uint8_t> bytes) override;
  // Of a file without signature, Windows hashes zeros up to a multiple of 8 too, as catalogs have
  // it. False when there are none to hash; else the hashers have them from now on.
  bool Pad();

 private:
  const HashedBytes hashed_;
  const std::vector<Hasher*> hashers_;
  const uint64_t padding_;
};

// Of all bytes.
class FileHashSink : public ContentSink {
 public:
  explicit FileHashSink(std::vector<Hasher*> hashers) : hashers_(std::move(hashers)) {}
  void Update(uint64_t position, std::span<const uint8_t> bytes) override;

 private:
  const std::vector<Hasher*> hashers_;
};

struct PageHash {
  uint32_t offset = 0;
  Digest digest;
};

// The hash of each page of 4096 bytes, as signatures may have them: that of the headers first, then
// those of sections; last the end of the sections, with zeros. Fails as ScanContent, and with
// NUTHATCH_PE_FORMAT for images that have no page hashes: sections share bytes, or headers are
// longer than a page.
Status HashPages(ByteSource* source, const ImageHeaders& headers, Hasher* hasher,
                 const std::atomic<bool>& stop, std::vector<PageHash>* pages);

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_IMAGE_HASH_H_
