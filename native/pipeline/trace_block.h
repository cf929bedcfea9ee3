// Events of a trace as a pipeline takes them: where lines of JSON have to be read, these are found.
#ifndef NUTHATCH_PIPELINE_TRACE_BLOCK_H_
#define NUTHATCH_PIPELINE_TRACE_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/image_numbers.h"
#include "telemetry/record_reader.h"

namespace nuthatch {

// What a trace says of a file besides its events.
enum class FileNews : uint8_t {
  kImageRuns,        // it is loaded into a process, since before the first record
  kProcessRuns,      // it is the image of a process
  kImageLoaded,      // now: its event comes later
  kProcessStarted,   // so too
  kChanged,          // its content has changed again
  kOnWindowsVolume,  // it is where Windows is
};

struct TraceBlock {
  struct Record {
    uint64_t number;  // in the trace, from 1
    uint32_t found_begin;
    uint32_t found_size;
  };

  struct File {
    FileNews news;
    ImageNumbers numbers;
    uint32_t path_begin;  // in the text
    uint32_t path_size;
  };

  uint64_t records_before = 0;  // of the trace
  uint64_t records = 0;         // those too that have no event
  std::vector<Record> events;
  std::vector<File> files;
  // Events whose call stacks may come yet: until none waits, the block is its writer's.
  size_t waiting = 0;
  std::vector<FoundValue> found;  // by Program::reporter's slots
  std::string text;               // in which their values stand

  std::span<const FoundValue> FoundOf(const Record& event) const {
    return std::span(found).subspan(event.found_begin, event.found_size);
  }
  std::string_view PathOf(const File& file) const {
    return std::string_view(text).substr(file.path_begin, file.path_size);
  }
  size_t bytes() const { return text.size() + found.size() * sizeof(FoundValue); }

  // Keeps the memory.
  void Clear() {
    records_before = records = 0;
    waiting = 0;
    events.clear();
    files.clear();
    found.clear();
    text.clear();
  }
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_TRACE_BLOCK_H_
