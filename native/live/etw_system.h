// What of the operating system a live trace asks for. Windows is one; tests, and replays, put a
// recorded trace in its place.
#ifndef NUTHATCH_LIVE_ETW_SYSTEM_H_
#define NUTHATCH_LIVE_ETW_SYSTEM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "live/etw_structures.h"

namespace nuthatch {

// The system's errors that are told apart.
enum EtwError : uint32_t {
  kEtwSuccess = 0,
  kEtwAccessDenied = 5,
  kEtwNotEnoughMemory = 8,
  kEtwInvalidParameter = 87,
  kEtwBufferTooSmall = 122,
  kEtwAlreadyExists = 183,
  kEtwMoreData = 234,
  kEtwNotFound = 1168,
  kEtwCancelled = 1223,
  kEtwNotAllAssigned = 1300,
  kEtwNoneMapped = 1332,  // no account has that SID
  kEtwNoResources = 1450,
  kEtwNoSession = 4201,  // ERROR_WMI_INSTANCE_NOT_FOUND
};

// For messages: "error 5 of Windows".
inline std::string ErrorOfWindows(uint32_t error) {
  return "error " + std::to_string(error) + " of Windows";
}

// ControlTrace's.
enum class TraceControl : uint32_t { kQuery = 0, kStop = 1, kFlush = 3 };
// EnableTraceEx2's.
enum class ProviderControl : uint32_t { kDisable = 0, kEnable = 1, kCaptureState = 2 };

// The moment of a session's clock at which the system's clock shows a time.
struct ClockReading {
  uint64_t ticks = 0;
  uint64_t file_time = 0;
  uint64_t frequency = 1;  // ticks a second
};

// A process, told from others that have had its number.
struct ProcessIdentity {
  uint32_t pid = 0;
  uint32_t started = 0;  // seconds since 1601, the lower 32 bits; 0 where it is not told
};

// What no record of a session tells.
struct Machine {
  struct Volume {
    std::string device;  // \Device\HarddiskVolume3
    std::string drive;   // C:
  };
  std::string computer;
  std::string windows_folder;
  std::vector<Volume> volumes;
};

// Each function is the system's of that name, and returns its error. Any thread.
class EtwSystem {
 public:
  static constexpr uint64_t kNoTrace = UINT64_MAX;  // OpenTrace's for an error

  virtual ~EtwSystem() = default;

  virtual uint32_t StartTrace(uint64_t* session, const char16_t* name,
                              WinTraceProperties* properties) = 0;
  // By handle, or by name where that is not null.
  virtual uint32_t ControlTrace(uint64_t session, const char16_t* name,
                                WinTraceProperties* properties, TraceControl control) = 0;
  virtual uint32_t QueryAllTraces(WinTraceProperties** properties, uint32_t size,
                                  uint32_t* count) = 0;
  virtual uint32_t EnableTraceEx2(uint64_t session, const Guid& provider, ProviderControl control,
                                  uint8_t level, uint64_t any_keyword,
                                  const WinEnableParameters& parameters) = 0;
  // TraceSetInformation's TraceStackTracingInfo.
  virtual uint32_t SetStackTracing(uint64_t session, std::span<const WinClassicEvent> events) = 0;
  // kNoTrace, and the error, when it fails.
  virtual uint64_t OpenTrace(WinTraceFile* file, uint32_t* error) = 0;
  virtual uint32_t ProcessTrace(uint64_t trace) = 0;
  virtual uint32_t CloseTrace(uint64_t trace) = 0;
  // TdhGetEventInformation: writes a TRACE_EVENT_INFO where there is room for `size` bytes, which
  // becomes its own size. With kEtwBufferTooSmall it says how much room there must be.
  virtual uint32_t GetEventInformation(const WinEventRecord& record, uint8_t* schema,
                                       uint32_t* size) = 0;
  // All of it; `schema` keeps its memory from one event to the next.
  uint32_t EventInformation(const WinEventRecord& record, std::vector<uint8_t>* schema);
  // TdhGetEventMapInformation: the same with the EVENT_MAP_INFO of that name, of the event's
  // provider.
  virtual uint32_t GetEventMapInformation(const WinEventRecord& record, const char16_t* name,
                                          uint8_t* map, uint32_t* size) = 0;
  uint32_t EventMapInformation(const WinEventRecord& record, const char16_t* name,
                               std::vector<uint8_t>* map);

  // Enables a privilege of this process, by its name such as u"SeSystemProfilePrivilege".
  virtual uint32_t EnablePrivilege(const char16_t* name) = 0;
  virtual bool IsRunning(const ProcessIdentity& process) = 0;
  virtual ProcessIdentity CurrentProcess() = 0;
  virtual ClockReading ReadClock() = 0;
  virtual Machine Describe() = 0;
  // LookupAccountSid on this machine, of a SID as text. May take seconds, and not only for the
  // network's sake.
  virtual uint32_t LookupAccountSid(const std::string& sid, std::string* name,
                                    std::string* domain) = 0;
  // Nothing comes any more, of any session: what was played is over.
  virtual bool IsOver() { return false; }
};

// Windows. Fails with NUTHATCH_LIVE_UNAVAILABLE, on other systems always.
Status LoadWindowsEtw(std::shared_ptr<EtwSystem>* out);

}  // namespace nuthatch

#endif  // NUTHATCH_LIVE_ETW_SYSTEM_H_
