// One pass over all bytes of a file, for everything that needs them.
#ifndef NUTHATCH_IMAGE_CONTENT_SCAN_H_
#define NUTHATCH_IMAGE_CONTENT_SCAN_H_

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "base/byte_source.h"
#include "base/entropy.h"
#include "base/status.h"
#include "image/image.h"

namespace nuthatch {

class ContentSink {
 public:
  virtual ~ContentSink() = default;
  // Pieces come in order, without gaps; each but the last has an even size.
  virtual void Update(uint64_t position, std::span<const uint8_t> bytes) = 0;
};

// Fills `out`. Fails with NUTHATCH_INPUT_UNREADABLE, and NUTHATCH_INPUT_TRUNCATED when the file has
// become shorter.
Status ReadAll(ByteSource* source, uint64_t offset, std::span<uint8_t> out);

// Fails as ReadAll does, and with NUTHATCH_ABORTED soon after `stop` is set.
Status ScanContent(ByteSource* source, std::span<ContentSink* const> sinks,
                   const std::atomic<bool>& stop);

// The checksum that the optional header ought to have.
class ChecksumSink : public ContentSink {
 public:
  explicit ChecksumSink(const ImageHeaders& headers) : headers_(headers) {}
  void Update(uint64_t position, std::span<const uint8_t> bytes) override;
  uint32_t Checksum() const;

 private:
  const ImageHeaders& headers_;
  uint64_t sum_ = 0;  // of 16-bit numbers
};

// The entropy of each section. Sections that share bytes are counted until that is twice the
// file's size; those beyond have none.
class EntropySink : public ContentSink {
 public:
  explicit EntropySink(const ImageHeaders& headers);
  void Update(uint64_t position, std::span<const uint8_t> bytes) override;
  void SetEntropies(std::vector<Section>* sections) const;

 private:
  struct Range {
    size_t section;
    uint64_t begin;
    uint64_t end;
    ByteCounts counts;
  };
  std::vector<Range> ranges_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_CONTENT_SCAN_H_
