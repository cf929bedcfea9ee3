// A buffer of a trace file: WMI_BUFFER_HEADER, then records one after the other.
#ifndef NUTHATCH_ETW_BUFFER_H_
#define NUTHATCH_ETW_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "etw/record.h"

namespace nuthatch {

constexpr size_t kBufferHeaderSize = 72;
constexpr size_t kMaxRecord = 0xFFFF;

struct BufferHeader {
  static constexpr uint16_t kEventsLost = 2;
  static constexpr uint16_t kBufferLost = 4;
  static constexpr uint16_t kProcessorIndex = 0x20;
  static constexpr uint16_t kCompressed = 0x40;
  enum Type : uint16_t {
    kGeneric = 0,
    kRundown = 1,
    kContextSwap = 2,
    kReferenceTime = 3,
    kHeader = 4,
    kBatched = 5,
    kEmptyMarker = 6,
    kDebugInfo = 7,
  };

  uint32_t size;     // in the file, this header included
  uint32_t filled;   // where its records end, from its beginning, after decompression
  int64_t sequence;  // rises with the session's buffers, with gaps
  uint32_t state;    // of a compressed file's first buffer: the COMPRESSION_FORMAT
  uint16_t cpu;
  uint16_t logger;  // the session's number
  uint16_t flags;
  uint16_t type;
};

// `bytes` has at least kBufferHeaderSize.
BufferHeader ReadBufferHeader(std::span<const uint8_t> bytes);

// A record as it lies in its buffer; its kind's header is within it.
struct RawRecord {
  std::span<const uint8_t> bytes;
  HeaderKind kind;
  uint8_t pointer_size;
  uint8_t header_size;
  bool has_time;  // false for some messages
  uint64_t time;  // by the session's clock
};

// What the header of a kind looks like, and where its size and time are; 0 as the header's size is
// a kind that is not read. `marker` is a record's first word.
struct RecordLayout {
  HeaderKind kind;
  uint8_t pointer_size;
  uint8_t header_size;
  uint8_t size_at;
  uint8_t time_at;
};
RecordLayout LayoutOf(uint32_t marker);
// The time of a record of which at least the beginning is there; nothing when it says none.
std::optional<uint64_t> TimeOf(std::span<const uint8_t> record);

class RecordWalker {
 public:
  enum class Step : uint8_t {
    kRecord,
    kEnd,
    kMalformed,  // skipped, with the rest of the buffer if its size cannot be either
    kUnknown,    // skipped
  };

  RecordWalker() = default;
  // `buffer` begins with its header and ends where its records do.
  explicit RecordWalker(std::span<const uint8_t> buffer)
      : bytes_(buffer), at_(kBufferHeaderSize), next_(kBufferHeaderSize) {}
  // A part of a buffer that begins with a record.
  static RecordWalker OfPart(std::span<const uint8_t> part) {
    RecordWalker walker;
    walker.bytes_ = part;
    return walker;
  }

  Step Next(RawRecord* record);
  // Whether the next record is not all there, if the buffer goes on after these bytes.
  bool IsCut() const { return bytes_.size() - next_ < kMaxRecord && !stopped_ && IsNextCut(); }
  // Of the next record with its padding, as it says; 0 where that is not there.
  size_t NextSize() const;
  // Where the next record begins.
  size_t next() const { return next_; }
  // Where in the buffer the last record began, whatever it was.
  size_t position() const { return at_; }

 private:
  bool IsNextCut() const;
  Step Stop() {
    next_ = bytes_.size();
    stopped_ = true;
    return Step::kMalformed;
  }

  std::span<const uint8_t> bytes_;
  size_t at_ = 0;
  size_t next_ = 0;
  bool stopped_ = false;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_BUFFER_H_
