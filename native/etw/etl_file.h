// A trace file (.etl): its header, and its buffers in the order in which their records begin.
#ifndef NUTHATCH_ETW_ETL_FILE_H_
#define NUTHATCH_ETW_ETL_FILE_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/byte_source.h"
#include "base/status.h"
#include "etw/buffer.h"
#include "etw/buffer_search.h"
#include "etw/etl_fault.h"
#include "etw/trace_header.h"

namespace nuthatch {

// What reading a file may take, whatever the file says.
struct EtlLimits {
  size_t buffer_bytes = size_t{16} << 20;  // the most that Windows allows
  size_t buffers = size_t{1} << 21;        // empty and bad ones too; 40 bytes each
  size_t open_bytes = size_t{256} << 20;   // of buffers that are read at the same time
  // Of a buffer that is not compressed, at a time; or a record, if that is larger. A multiple of
  // what records are aligned to.
  size_t part_bytes = size_t{128} << 10;
  // Set by another thread when nobody wants more: reading then ends soon, as at the file's end.
  const std::atomic<bool>* stop = nullptr;

  bool IsStopped() const { return stop != nullptr && stop->load(std::memory_order_relaxed); }
};

// Where a buffer is, and when its first record was written.
struct BufferEntry {
  uint64_t first_time;  // by the session's clock
  uint64_t position;
  int64_t sequence;
  uint32_t size;    // in the file, as much of it as there is
  uint32_t filled;  // after decompression
  uint16_t cpu;
  bool compressed;
  bool truncated;  // the file ends inside it
};

// A buffer read and decompressed, with its header, to the end of its records; of one that is large
// and not compressed a part.
struct BufferBytes {
  std::unique_ptr<uint8_t[]> memory;
  size_t capacity = 0;
  std::span<const uint8_t> bytes;  // in `memory`; empty when the buffer could not be read
  size_t begin = 0;                // of the part, in the buffer
  bool more = false;               // the buffer has bytes after these

  // Room for so many bytes: what there is, unless it is too small, or much too large.
  std::span<uint8_t> Take(size_t size) {
    if (capacity < size || capacity / 2 > size) {
      memory = std::make_unique_for_overwrite<uint8_t[]>(size);
      capacity = size;
    }
    bytes = {};
    begin = 0;
    more = false;
    return {memory.get(), size};
  }
};

class EtlFile {
 public:
  static constexpr size_t kMaxLossTimes = 256;

  // Looks over all of the file's buffers. Fails with NUTHATCH_ETL_FORMAT when it does not begin as
  // a trace does; whatever is wrong further on is a fault. `faults` outlive this, and
  // `source` all reading.
  static Status Open(ByteSource* source, const EtlLimits& limits, EtlFaults* faults,
                     std::unique_ptr<EtlFile>* out);

  const TraceHeader& header() const { return header_; }
  const std::vector<BufferEntry>& buffers() const { return buffers_; }
  // Buffers marked as the first after a loss, of events or of buffers.
  uint64_t loss_marks() const { return loss_marks_; }
  // When the first of those began, in the file's order, by the session's clock.
  const std::vector<uint64_t>& loss_times() const { return loss_times_; }
  uint64_t size() const { return size_; }

  // The memory of `out` is used again.
  void Read(const BufferEntry& entry, BufferBytes* out);
  // The part of a buffer that begins at `begin` in it, which is where a record does; of `least`
  // bytes, if the buffer has as many.
  void ReadPart(const BufferEntry& entry, size_t begin, size_t least, BufferBytes* out);
  // What a buffer takes while it is read.
  size_t MemoryOf(const BufferEntry& entry) const {
    return entry.compressed ? entry.filled : std::min<size_t>(entry.filled, limits_.part_bytes);
  }

 private:
  EtlFile(ByteSource* source, const EtlLimits& limits, EtlFaults* faults)
      : source_(source), size_(source->size()), limits_(limits), faults_(faults) {}

  Status ReadHeader();
  void FindBuffers();
  void LookForMissing();
  uint64_t AddBuffer(uint64_t position, std::span<const uint8_t> head);
  bool IsCompressedFile() const { return (header_.mode & TraceHeader::kModeCompressed) != 0; }
  bool IsPossible(uint32_t size) const;
  bool IsSizeWrong(const BufferHeader& header, uint64_t position);
  uint64_t PastDamage(uint64_t position, std::span<const uint8_t> head, BufferHeader* header);
  uint64_t NextBuffer(uint64_t position, uint64_t zeros_end);
  void Add(const BufferHeader& header, uint64_t position, std::span<const uint8_t> head);
  bool IsWhole(const BufferHeader& header, uint64_t position);
  bool IsRead(const BufferHeader& header, uint64_t position);
  bool IsReadCompressed(const BufferHeader& header, uint64_t position);
  void ReadCompressed(const BufferEntry& entry, BufferBytes* out);
  void Fill(const BufferEntry& entry, size_t begin, std::span<uint8_t> memory, BufferBytes* out);
  static void Decompress(const BufferBytes& stored, const BufferEntry& entry, BufferBytes* out);

  ByteSource* const source_;
  const uint64_t size_;
  const EtlLimits limits_;
  EtlFaults* const faults_;
  TraceHeader header_;
  uint16_t compression_ = 0;  // COMPRESSION_FORMAT_…
  uint32_t step_ = 0;         // from buffer to buffer where they are not compressed; 0: not known
  std::optional<BufferSearch> search_;
  std::vector<BufferEntry> buffers_;
  BufferBytes stored_;  // of the buffer decompressed last
  uint64_t found_ = 0;  // buffers, those without records too
  uint64_t loss_marks_ = 0;
  std::vector<uint64_t> loss_times_;
  uint64_t last_time_ = 0;  // of the first record of the buffer found last
};

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_ETL_FILE_H_
