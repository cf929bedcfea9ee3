// Writes what native/base/byte_reader.h reads, for tests.
#ifndef NUTHATCH_TEST_SUPPORT_BYTE_SINK_H_
#define NUTHATCH_TEST_SUPPORT_BYTE_SINK_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace nuthatch {

class ByteSink {
 public:
  void Put(uint64_t value, size_t size) {
    for (size_t i = 0; i < size; ++i) bytes_.push_back(static_cast<uint8_t>(value >> (8 * i)));
  }
  void Zeros(size_t count) { bytes_.resize(bytes_.size() + count); }
  void U8(size_t value) { Put(value, 1); }
  void U16(size_t value) { Put(value, 2); }
  void U32(size_t value) { Put(value, 4); }
  void F64(double value) { Put(std::bit_cast<uint64_t>(value), 8); }
  void Append(std::string_view text) {
    for (const char c : text) U8(static_cast<uint8_t>(c));
  }
  void Text(std::string_view text) {
    U32(text.size());
    Append(text);
  }
  void List(const std::vector<uint32_t>& items) {
    U32(items.size());
    for (const uint32_t item : items) U32(item);
  }
  const std::vector<uint8_t>& bytes() const { return bytes_; }

 private:
  std::vector<uint8_t> bytes_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_SUPPORT_BYTE_SINK_H_
