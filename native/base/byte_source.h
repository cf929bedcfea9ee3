// Bytes that can be read at any position: a file, or memory in tests and benchmarks.
#ifndef NUTHATCH_BASE_BYTE_SOURCE_H_
#define NUTHATCH_BASE_BYTE_SOURCE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "base/status.h"

namespace nuthatch {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual uint64_t size() const = 0;
  // Fills `out` from `position` on and returns how much of it: less than all only where the bytes
  // end, which can be before `size` when somebody shortens the file. Nothing when the system fails.
  virtual std::optional<size_t> ReadAt(uint64_t position, std::span<uint8_t> out) = 0;
};

// Opens the same bytes anew each time.
using OpenSource = std::function<Status(std::unique_ptr<ByteSource>*)>;

// `bytes` outlive this.
class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::span<const uint8_t> bytes) : bytes_(bytes) {}
  uint64_t size() const override { return bytes_.size(); }
  std::optional<size_t> ReadAt(uint64_t position, std::span<uint8_t> out) override {
    if (position >= bytes_.size()) return 0;
    const auto there = bytes_.subspan(position);
    const size_t size = std::min(there.size(), out.size());
    std::copy_n(there.begin(), size, out.begin());
    return size;
  }

 private:
  const std::span<const uint8_t> bytes_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_BASE_BYTE_SOURCE_H_
