#ifndef NUTHATCH_TEST_PIPELINE_OPENING_H_
#define NUTHATCH_TEST_PIPELINE_OPENING_H_

#include <memory>
#include <span>

#include "pipeline/trace_events.h"

namespace nuthatch {

// Of a trace in memory, which outlives it; `times` counts how often it is opened.
inline OpenSource Opening(std::span<const uint8_t> bytes, size_t* times = nullptr) {
  return [bytes, times](std::unique_ptr<ByteSource>* source) {
    if (times != nullptr) ++*times;
    *source = std::make_unique<MemorySource>(bytes);
    return Status();
  };
}

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_PIPELINE_OPENING_H_
