// Reads little-endian bytes that nobody has vouched for.
#ifndef NUTHATCH_BASE_BYTE_READER_H_
#define NUTHATCH_BASE_BYTE_READER_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace nuthatch {

// Reading past the end gives zeros and makes ok() false for good, so a caller may read a whole
// record and check once, as long as it checks before it loops on or allocates by what it read.
class ByteReader {
 public:
  explicit ByteReader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  bool AtEnd() const { return ok_ && at_ == bytes_.size(); }
  size_t position() const { return at_; }
  size_t remaining() const { return bytes_.size() - at_; }
  // For a caller that finds a value to be wrong.
  void Fail() {
    ok_ = false;
    at_ = bytes_.size();
  }

  uint8_t U8() { return static_cast<uint8_t>(Unsigned(1)); }
  uint16_t U16() { return static_cast<uint16_t>(Unsigned(2)); }
  uint32_t U32() { return static_cast<uint32_t>(Unsigned(4)); }
  uint64_t U64() { return Unsigned(8); }
  double F64() { return std::bit_cast<double>(Unsigned(8)); }

  // The next `size` bytes; empty on failure. They live as long as what is read from.
  std::span<const uint8_t> Bytes(size_t size) {
    if (size > remaining()) {
      Fail();
      return {};
    }
    const std::span<const uint8_t> bytes = bytes_.subspan(at_, size);
    at_ += size;
    return bytes;
  }
  // A u32 length and that many bytes.
  std::string_view Text() {
    const std::span<const uint8_t> bytes = Bytes(U32());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  // A u32 count of items that take at least `item_size` > 0 bytes each: a count that what remains
  // cannot hold is a failure, and 0. So memory for the items is bounded by the input's size.
  uint32_t Count(size_t item_size) {
    const uint32_t count = U32();
    if (count > remaining() / item_size) {
      Fail();
      return 0;
    }
    return count;
  }

 private:
  uint64_t Unsigned(size_t size) {
    uint64_t value = 0;
    size_t shift = 0;
    for (const uint8_t byte : Bytes(size)) {
      value |= uint64_t{byte} << shift;
      shift += 8;
    }
    return value;
  }

  std::span<const uint8_t> bytes_;
  size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_BYTE_READER_H_
