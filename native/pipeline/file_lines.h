// Reads the lines of a part of a file, so that threads can read parts of one file at a time.
#ifndef NUTHATCH_PIPELINE_FILE_LINES_H_
#define NUTHATCH_PIPELINE_FILE_LINES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/byte_source.h"
#include "platform/large_block.h"

namespace nuthatch {

// Reused from part to part; one thread at a time.
class FileLines {
 public:
  // The lines that begin in [begin, end), whole: so that of parts next to each other each line is
  // in one. Of a line longer than `max_line` there are at least max_line + 1 bytes. Stay until the
  // next Read. Nothing when the system fails.
  // Afterwards missing() is how many bytes of the part the file no longer had.
  std::optional<std::string_view> Read(ByteSource* file, uint64_t begin, uint64_t end,
                                       size_t max_line);
  size_t missing() const { return missing_; }

 private:
  // The first kAhead bytes after a part are read with it: most lines end there. More of it would
  // mostly be read for nothing, as the next part has them too.
  static constexpr size_t kAhead = size_t{4} << 10;
  static constexpr size_t kKeep = 2 * kLargeBlockBytes;

  void Reserve(size_t size);
  bool ReadTo(ByteSource* file, uint64_t position, size_t size);

  LargeBlock buffer_;
  size_t capacity_ = 0;  // from shift_ on
  size_t shift_ = 0;     // where the text begins in buffer_
  size_t filled_ = 0;
  size_t missing_ = 0;
  bool at_end_ = false;  // of the file
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_FILE_LINES_H_
