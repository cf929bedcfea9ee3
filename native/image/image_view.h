// An image's bytes by address, as its headers map them.
#ifndef NUTHATCH_IMAGE_IMAGE_VIEW_H_
#define NUTHATCH_IMAGE_IMAGE_VIEW_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/byte_source.h"
#include "image/image.h"

namespace nuthatch {

// Keeps a few windows of the file, so that tables are not read a word at a time. What it reads is
// a copy, and bounded whatever the headers say.
class ImageView {
 public:
  // All of them outlive this.
  ImageView(ByteSource* source, const ImageHeaders& headers, Anomalies* anomalies)
      : source_(source), headers_(headers), anomalies_(anomalies) {}

  const ImageHeaders& headers() const { return headers_; }
  Anomalies* anomalies() const { return anomalies_; }
  // The system has failed to read: what has been found is not all.
  bool failed() const { return failed_; }

  // Fills `out`, or fails when not all of it is in the file.
  bool ReadAt(uint64_t offset, std::span<uint8_t> out);
  // The same by address. What a section has in memory only is zeros.
  bool ReadBytes(uint64_t rva, std::span<uint8_t> out);
  template <typename T>
  bool ReadNumber(uint64_t rva, T* number) {
    return ReadBytes(rva, {reinterpret_cast<uint8_t*>(number), sizeof(T)});
  }
  // A pointer of the image's width.
  bool ReadPointer(uint64_t rva, uint64_t* pointer);
  size_t pointer_size() const { return headers_.is_64_bit ? 8 : 4; }

  // Text to its NUL, or to the end of its section's bytes, or `max` bytes. Nothing when `rva` is in
  // no section, and when all texts together have become too much.
  std::optional<std::string> Text(uint64_t rva, size_t max);
  std::optional<std::string> TextAt(uint64_t offset, size_t max);

  // Of an address as code has it.
  std::optional<uint32_t> RvaOf(uint64_t address) const;

 private:
  static constexpr size_t kWindowSize = size_t{16} << 10;
  static constexpr size_t kWindows = 8;
  static constexpr size_t kMaxTextBytes = size_t{16} << 20;

  struct Window {
    uint64_t offset = UINT64_MAX;  // a multiple of kWindowSize
    std::vector<uint8_t> bytes;    // fewer than kWindowSize at the file's end
  };
  // What an address leads to: bytes of the file, and zeros after them.
  struct Mapped {
    uint64_t offset;
    uint64_t size;
    uint64_t zeros;
  };

  std::optional<Mapped> Map(uint64_t rva);
  std::optional<Mapped> MapSection(const Section& section, uint64_t rva) const;
  // The bytes from `offset` on that its window has; empty at the end of the file.
  std::span<const uint8_t> Bytes(uint64_t offset);

  ByteSource* const source_;
  const ImageHeaders& headers_;
  Anomalies* const anomalies_;
  bool failed_ = false;
  size_t text_bytes_ = 0;
  size_t last_section_ = 0;
  size_t next_window_ = 0;
  std::array<Window, kWindows> windows_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_IMAGE_IMAGE_VIEW_H_
