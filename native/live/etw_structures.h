// The structures of evntrace.h and evntcons.h for 64 bits, as far as they are used: tests on any
// system play Windows with them. A test on Windows compares them with the system's.
#ifndef NUTHATCH_LIVE_ETW_STRUCTURES_H_
#define NUTHATCH_LIVE_ETW_STRUCTURES_H_

#include <cstddef>
#include <cstdint>

#include "base/guid.h"

namespace nuthatch {

static_assert(sizeof(void*) == 8, "the structures are those for 64 bits");

struct WinEventHeader {  // EVENT_HEADER
  // EVENT_HEADER_FLAG_…
  static constexpr uint16_t kExtendedInfo = 0x01;
  static constexpr uint16_t k32Bit = 0x20;
  static constexpr uint16_t kTraceMessage = 0x08;
  static constexpr uint16_t kClassic = 0x100;
  static constexpr uint16_t kProcessorIndex = 0x200;

  uint16_t size;
  uint16_t type;
  uint16_t flags;
  uint16_t properties;
  uint32_t tid;
  uint32_t pid;
  uint64_t time;
  Guid provider;
  uint16_t id;  // EVENT_DESCRIPTOR, to the keyword
  uint8_t version;
  uint8_t channel;
  uint8_t level;
  uint8_t opcode;
  uint16_t task;
  uint64_t keyword;
  uint64_t processor_time;
  Guid activity;
};

struct WinExtendedItem {  // EVENT_HEADER_EXTENDED_DATA_ITEM
  uint16_t reserved;
  uint16_t type;
  uint16_t linkage;
  uint16_t size;
  const uint8_t* data;
};

struct WinEventRecord {  // EVENT_RECORD
  WinEventHeader header;
  uint16_t cpu;  // ETW_BUFFER_CONTEXT: of 16 bits with kProcessorIndex, else 8 and the alignment
  uint16_t logger;
  uint16_t item_count;
  uint16_t payload_size;
  const WinExtendedItem* items;
  const uint8_t* payload;
  void* context;
};

struct WinTraceProperties {  // EVENT_TRACE_PROPERTIES, with room for the names behind it
  static constexpr uint32_t kNameChars = 256;

  // EVENT_TRACE_…_MODE
  static constexpr uint32_t kMilliseconds = 0x00000010;  // USE_MS_FLUSH_TIMER
  static constexpr uint32_t kRealTime = 0x00000100;
  static constexpr uint32_t kSystemLogger = 0x02000000;

  // What time stamps count; 0, where nobody has chosen, is the first.
  static constexpr uint32_t kPerformanceCounter = 1;
  static constexpr uint32_t kSystemTime = 2;
  static constexpr uint32_t kProcessorCycles = 3;

  uint32_t size = sizeof(WinTraceProperties);  // WNODE_HEADER, to its flags
  uint32_t provider_id = 0;
  uint64_t handle = 0;
  uint64_t time = 0;
  Guid session{};
  uint32_t clock = kPerformanceCounter;
  uint32_t flags = 0x00020000;  // WNODE_FLAG_TRACED_GUID
  uint32_t buffer_kilobytes = 0;
  uint32_t least_buffers = 0;
  uint32_t most_buffers = 0;
  uint32_t most_file_size = 0;
  uint32_t mode = 0;
  uint32_t flush_timer = 0;  // ms with kMilliseconds
  uint32_t enable_flags = 0;
  int32_t age_limit = 0;
  uint32_t buffers = 0;  // what follows is only told
  uint32_t free_buffers = 0;
  uint32_t events_lost = 0;
  uint32_t buffers_written = 0;
  uint32_t log_buffers_lost = 0;
  uint32_t real_time_buffers_lost = 0;
  void* logger_thread = nullptr;
  uint32_t file_name_at = 0;
  uint32_t name_at = kHeadSize;
  char16_t name[kNameChars] = {};
  char16_t file_name[kNameChars] = {};

  static constexpr uint32_t kHeadSize = 120;
  static constexpr uint32_t kFileNameAt = kHeadSize + kNameChars * sizeof(char16_t);
};

struct WinEventIds {  // EVENT_FILTER_EVENT_ID, with room for as many as Windows takes
  static constexpr size_t kMost = 64;  // MAX_EVENT_FILTER_EVENT_ID_COUNT

  uint8_t filter_in = 1;  // those that are named, and not all others
  uint8_t reserved = 0;
  uint16_t count = 0;
  uint16_t events[kMost] = {};
};

struct WinFilter {                                    // EVENT_FILTER_DESCRIPTOR
  static constexpr uint32_t kStackWalk = 0x80001000;  // EVENT_FILTER_TYPE_…: of WinEventIds

  uint64_t data = 0;  // its address
  uint32_t size = 0;
  uint32_t type = 0;
};

struct WinEnableParameters {                      // ENABLE_TRACE_PARAMETERS
  static constexpr uint32_t kStackTrace = 0x04;   // EVENT_ENABLE_PROPERTY_…
  static constexpr uint32_t kWithoutFilters = 1;  // version, before Windows 8.1

  uint32_t version = 2;
  uint32_t properties = 0;
  uint32_t control_flags = 0;
  Guid source{};
  const WinFilter* filters = nullptr;
  uint32_t filter_count = 0;
};

struct WinClassicEvent {  // CLASSIC_EVENT_ID
  Guid provider;
  uint8_t type;
  uint8_t reserved[7];
};

struct WinTraceFile;
using WinEventCallback = void (*)(WinEventRecord*);
using WinBufferCallback = uint32_t (*)(WinTraceFile*);

struct WinTraceFile {  // EVENT_TRACE_LOGFILEW
  // PROCESS_TRACE_MODE_…
  static constexpr uint32_t kRealTime = 0x00000100;
  static constexpr uint32_t kRawTime = 0x00001000;
  static constexpr uint32_t kEventRecord = 0x10000000;

  char16_t* file = nullptr;
  char16_t* session = nullptr;
  uint64_t current_time = 0;
  uint32_t buffers_read = 0;
  uint32_t mode = 0;
  uint8_t event[88] = {};    // EVENT_TRACE
  uint8_t header[280] = {};  // TRACE_LOGFILE_HEADER
  WinBufferCallback on_buffer = nullptr;
  uint32_t buffer_size = 0;
  uint32_t filled = 0;
  uint32_t events_lost = 0;
  WinEventCallback on_event = nullptr;
  uint32_t is_kernel = 0;
  void* context = nullptr;
};

static_assert(sizeof(WinEventHeader) == 80);
static_assert(sizeof(WinEventRecord) == 112);
static_assert(sizeof(WinTraceFile) == 448);

}  // namespace nuthatch

#endif  // NUTHATCH_LIVE_ETW_STRUCTURES_H_
