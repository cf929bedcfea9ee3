// Events of a trace as a pipeline takes them: where lines of JSON have to be read, these are found.
#ifndef NUTHATCH_PIPELINE_TRACE_BLOCK_H_
#define NUTHATCH_PIPELINE_TRACE_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "telemetry/record_reader.h"

namespace nuthatch {

struct TraceBlock {
  struct Record {
    uint64_t number;  // in the trace, from 1
    uint32_t found_begin;
    uint32_t found_size;
  };

  uint64_t records_before = 0;  // of the trace
  uint64_t records = 0;         // those too that have no event
  std::vector<Record> events;
  std::vector<FoundValue> found;  // by Program::reporter's slots
  std::string text;               // in which their values stand

  std::span<const FoundValue> FoundOf(const Record& event) const {
    return std::span(found).subspan(event.found_begin, event.found_size);
  }
  size_t bytes() const { return text.size() + found.size() * sizeof(FoundValue); }

  // Keeps the memory.
  void Clear() {
    records_before = records = 0;
    events.clear();
    found.clear();
    text.clear();
  }
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_TRACE_BLOCK_H_
