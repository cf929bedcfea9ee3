// The first record of a trace file: TRACE_LOGFILE_HEADER, what is known of session and machine.
#ifndef NUTHATCH_ETW_TRACE_HEADER_H_
#define NUTHATCH_ETW_TRACE_HEADER_H_

#include <cstdint>
#include <span>
#include <string>

#include "etw/trace_clock.h"

namespace nuthatch {

enum class ClockType : uint8_t { kPerformanceCounter = 1, kSystemTime = 2, kCpuCycles = 3 };

struct TraceHeader {
  // EVENT_TRACE_FILE_MODE_…
  static constexpr uint32_t kModeCircular = 0x00000002;
  static constexpr uint32_t kModeCompressed = 0x04000000;

  uint32_t buffer_size = 0;  // of the session, in bytes
  uint8_t os_major = 0;
  uint8_t os_minor = 0;
  uint32_t os_build = 0;
  uint8_t layout_major = 0;  // of the file; 2 for compressed ones
  uint8_t layout_minor = 0;
  uint32_t processors = 0;
  uint32_t cpu_megahertz = 0;
  uint32_t timer_resolution = 0;  // 100 ns
  uint8_t pointer_size = 8;       // of who wrote the file; records say their own
  uint32_t mode = 0;              // EVENT_TRACE_…_MODE
  uint32_t max_file_size = 0;     // MB, or KB by mode
  uint32_t buffers_written = 0;   // 0 when not closed, as are end time and losses
  uint32_t events_lost = 0;
  uint32_t buffers_lost = 0;
  uint64_t boot_time = 0;   // FILETIME, as all here
  uint64_t start_time = 0;  // of time stamp `origin`
  uint64_t end_time = 0;
  uint64_t origin = 0;  // by the session's clock
  uint64_t perf_frequency = 0;
  ClockType clock_type = ClockType::kPerformanceCounter;
  int32_t bias = 0;  // minutes; UTC is local time and this
  std::string session;
  std::string file;  // as the session had it

  // Ticks a second of the session's time stamps; 0 where they are FILETIMEs, or it is not told.
  uint64_t ClockFrequency() const;
  TraceClock Clock() const;
};

// `record` begins at the file's first record, and may end anywhere after it. False when that is not
// the header of a trace.
bool ReadTraceHeader(std::span<const uint8_t> record, TraceHeader* header);

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_TRACE_HEADER_H_
