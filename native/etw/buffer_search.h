// Finds where a trace file goes on after what is no buffer: zeros, or a damaged header.
#ifndef NUTHATCH_ETW_BUFFER_SEARCH_H_
#define NUTHATCH_ETW_BUFFER_SEARCH_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/byte_source.h"
#include "etw/buffer.h"

namespace nuthatch {

// Of a buffer, to see when it begins: its header, and so much that the first record's time is in
// it even when that is compressed.
constexpr size_t kBufferHead = 256;

// The time of the first record of a buffer that begins with `head`, which ends no later than the
// buffer does.
std::optional<uint64_t> FirstTimeIn(std::span<const uint8_t> head, size_t filled, bool compressed);

class BufferSearch {
 public:
  // What all buffers of the session have. `source` outlives this, and `stop` (EtlLimits).
  BufferSearch(ByteSource* source, uint32_t buffer_size, uint16_t logger,
               const std::atomic<bool>* stop)
      : source_(source), buffer_size_(buffer_size), logger_(logger), stop_(stop) {}

  // Where the first byte is, from `position` on, that is not zero; the file's size when all are.
  uint64_t NonZero(uint64_t position);
  // Where the first compressed buffer is, from `position` on; the file's size when there is none.
  // Buffers lie at any byte. Each byte is read once and costs one comparison, but where something
  // looks like a header.
  uint64_t Compressed(uint64_t position);

  // Whether a buffer of the session begins with `head`, whatever size it says it has.
  bool SeemsBuffer(std::span<const uint8_t> head) const;
  // Whether what is at `position`, where a buffer should begin, can be left to who reads it: the
  // file's end, something with a possible size, zeros, or a buffer but for its size.
  bool CanFollow(uint64_t position, size_t largest);

 private:
  static constexpr size_t kChunk = size_t{64} << 10;

  std::span<const uint8_t> ReadChunk(uint64_t position);
  bool IsStopped() const { return stop_ != nullptr && stop_->load(std::memory_order_relaxed); }

  ByteSource* const source_;
  const uint32_t buffer_size_;
  const uint16_t logger_;
  const std::atomic<bool>* const stop_;
  std::vector<uint8_t> chunk_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_BUFFER_SEARCH_H_
