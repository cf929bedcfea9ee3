// The records of a trace file, of all CPUs, in the order of their time.
#ifndef NUTHATCH_ETW_TRACE_READER_H_
#define NUTHATCH_ETW_TRACE_READER_H_

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "etw/etl_file.h"
#include "etw/record.h"

namespace nuthatch {

// Buffers are opened when the merge comes to the time at which they begin, and closed at their end,
// so as many are in memory as overlap in time, or parts of them: one for each CPU that was busy.
// Where those would be more than EtlLimits::open_bytes, a buffer is opened when there is room, and
// its records come late
// (`out_of_order`); all of them come in any case.
class TraceReader {
 public:
  // As EtlFile::Open.
  static Status Open(std::unique_ptr<ByteSource> source, const EtlLimits& limits,
                     std::unique_ptr<TraceReader>* out);

  // The next record, the trace's own header among them; false after the last. Of records of the
  // same time the lower CPU's come first, and of one CPU's those of the buffer that began earlier.
  // What the record's spans point to stays until the next call.
  bool Next(EtwRecord* record);

  // Closes the source, and then is at the end. What has been found out stays.
  void Close();

  const EtlFile& file() const { return *file_; }
  const EtlFaults& faults() const { return faults_; }
  // How much of the file has been opened, from 0 to 1.
  double progress() const {
    const size_t all = file_->buffers().size();
    return all == 0 ? 1 : static_cast<double>(next_) / static_cast<double>(all);
  }
  // Of the buffers that are open, what is in memory.
  size_t open_bytes() const { return open_bytes_; }
  // Records given out after one with a later time.
  uint64_t out_of_order() const { return out_of_order_; }

 private:
  struct OpenBuffer {
    const BufferEntry* entry;
    BufferBytes bytes;
    RecordWalker walker;
    RawRecord record;  // the next one
  };

  TraceReader(std::unique_ptr<ByteSource> source, const EtlLimits& limits)
      : source_(std::move(source)), limits_(limits) {}

  void OpenDue();
  size_t CostOf(const BufferEntry& entry) const;
  bool HasRoom(const BufferEntry& entry) const;
  void OpenNext();
  bool Step(OpenBuffer* buffer);
  void ReadOn(OpenBuffer* buffer);
  void Advance();
  bool Read(const OpenBuffer& buffer, EtwRecord* record);
  static uint64_t PositionIn(const OpenBuffer& buffer);
  static bool Before(const OpenBuffer& a, const OpenBuffer& b);
  void SiftDown();

  std::unique_ptr<ByteSource> source_;  // nullptr once it is closed
  const EtlLimits limits_;
  EtlFaults faults_;
  std::unique_ptr<EtlFile> file_;
  TraceClock clock_;
  std::vector<std::unique_ptr<OpenBuffer>> heap_;  // first the one whose record is the earliest
  std::unique_ptr<OpenBuffer> closed_;             // last: its memory is used again
  size_t next_ = 0;                                // the first of the file's buffers not yet opened
  size_t open_bytes_ = 0;
  bool given_ = false;  // the first in the heap has given its record, which is still in use
  uint64_t last_time_ = 0;
  uint64_t out_of_order_ = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_TRACE_READER_H_
