#ifndef NUTHATCH_TEST_ETW_OPEN_TRACE_H_
#define NUTHATCH_TEST_ETW_OPEN_TRACE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <span>

#include "etw/trace_reader.h"

namespace nuthatch {

// Of a good trace. `bytes` outlive it.
inline std::unique_ptr<TraceReader> Open(std::span<const uint8_t> bytes,
                                         const EtlLimits& limits = {}) {
  std::unique_ptr<TraceReader> reader;
  const Status status = TraceReader::Open(std::make_unique<MemorySource>(bytes), limits, &reader);
  EXPECT_TRUE(status.ok()) << status.message();
  return reader;
}

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_ETW_OPEN_TRACE_H_
