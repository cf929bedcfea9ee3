// Written traces whose records are told apart by their time.
#ifndef NUTHATCH_TEST_ETW_WRITTEN_TICKS_H_
#define NUTHATCH_TEST_ETW_WRITTEN_TICKS_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "etw/etl_writer.h"
#include "etw/open_trace.h"

namespace nuthatch {

inline constexpr uint64_t kOrigin = 1'000'000;  // TraceFacts'

inline Bytes At(uint64_t ticks, uint32_t pid = 100) {
  KernelRecord record;
  record.time = kOrigin + ticks;
  record.pid = pid;
  return record.Write();
}

// The ticks of all records after the trace's header.
inline std::vector<uint64_t> TicksOf(TraceReader* reader) {
  std::vector<uint64_t> ticks;
  EtwRecord record;
  while (reader->Next(&record)) {
    if (record.group != 0) ticks.push_back(record.raw_time - kOrigin);
  }
  return ticks;
}

inline std::vector<uint64_t> TicksOf(const Bytes& bytes) { return TicksOf(Open(bytes).get()); }

using Ticks = std::vector<uint64_t>;

inline void ExpectOneFault(const TraceReader& reader, EtlFaultKind kind, uint64_t position) {
  ASSERT_EQ(reader.faults().total(), 1u);
  EXPECT_STREQ(TextOf(reader.faults().samples()[0].kind).code, TextOf(kind).code);
  EXPECT_EQ(reader.faults().samples()[0].position, position);
}

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_ETW_WRITTEN_TICKS_H_
