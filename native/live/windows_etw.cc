#include <string>

#include "base/utf16.h"
#include "live/etw_system.h"
#include "platform/symbols.h"

namespace nuthatch {
namespace {

struct FileTimeParts {  // FILETIME
  uint32_t low;
  uint32_t high;
};
struct LuidAndAttributes {  // LUID_AND_ATTRIBUTES
  uint32_t low;
  int32_t high;
  uint32_t attributes;
};
struct OnePrivilege {  // TOKEN_PRIVILEGES of one
  uint32_t count;
  LuidAndAttributes privilege;
};

// FUNCTION(result, name, arguments)
#define NUTHATCH_ADVAPI32_FUNCTIONS(FUNCTION)                                                   \
  FUNCTION(uint32_t, StartTraceW, (uint64_t*, const char16_t*, WinTraceProperties*))            \
  FUNCTION(uint32_t, ControlTraceW, (uint64_t, const char16_t*, WinTraceProperties*, uint32_t)) \
  FUNCTION(uint32_t, QueryAllTracesW, (WinTraceProperties**, uint32_t, uint32_t*))              \
  FUNCTION(uint32_t, EnableTraceEx2,                                                            \
           (uint64_t, const Guid*, uint32_t, uint8_t, uint64_t, uint64_t, uint32_t,             \
            const WinEnableParameters*))                                                        \
  FUNCTION(uint32_t, TraceSetInformation, (uint64_t, uint32_t, const void*, uint32_t))          \
  FUNCTION(uint64_t, OpenTraceW, (WinTraceFile*))                                               \
  FUNCTION(uint32_t, ProcessTrace, (const uint64_t*, uint32_t, const void*, const void*))       \
  FUNCTION(uint32_t, CloseTrace, (uint64_t))                                                    \
  FUNCTION(int32_t, OpenProcessToken, (void*, uint32_t, void**))                                \
  FUNCTION(int32_t, LookupPrivilegeValueW, (const char16_t*, const char16_t*, uint32_t*))       \
  FUNCTION(int32_t, AdjustTokenPrivileges,                                                      \
           (void*, int32_t, const OnePrivilege*, uint32_t, void*, uint32_t*))                   \
  FUNCTION(int32_t, ConvertStringSidToSidW, (const char16_t*, void**))                          \
  FUNCTION(int32_t, LookupAccountSidW,                                                          \
           (const char16_t*, const void*, char16_t*, uint32_t*, char16_t*, uint32_t*, int32_t*))
#define NUTHATCH_LIVE_KERNEL32_FUNCTIONS(FUNCTION)                                  \
  FUNCTION(uint32_t, GetLastError, ())                                              \
  FUNCTION(void*, GetCurrentProcess, ())                                            \
  FUNCTION(uint32_t, GetCurrentProcessId, ())                                       \
  FUNCTION(void*, OpenProcess, (uint32_t, int32_t, uint32_t))                       \
  FUNCTION(uint32_t, WaitForSingleObject, (void*, uint32_t))                        \
  FUNCTION(int32_t, CloseHandle, (void*))                                           \
  FUNCTION(void*, LocalFree, (void*))                                               \
  FUNCTION(int32_t, GetProcessTimes,                                                \
           (void*, FileTimeParts*, FileTimeParts*, FileTimeParts*, FileTimeParts*)) \
  FUNCTION(void, GetSystemTimePreciseAsFileTime, (FileTimeParts*))                  \
  FUNCTION(uint32_t, QueryDosDeviceW, (const char16_t*, char16_t*, uint32_t))       \
  FUNCTION(uint32_t, GetSystemWindowsDirectoryW, (char16_t*, uint32_t))             \
  FUNCTION(int32_t, GetComputerNameExW, (uint32_t, char16_t*, uint32_t*))           \
  FUNCTION(int32_t, QueryPerformanceCounter, (uint64_t*))                           \
  FUNCTION(int32_t, QueryPerformanceFrequency, (uint64_t*))
#define NUTHATCH_TDH_FUNCTIONS(FUNCTION)                                     \
  FUNCTION(uint32_t, TdhGetEventInformation,                                 \
           (const WinEventRecord*, uint32_t, const void*, void*, uint32_t*)) \
  FUNCTION(uint32_t, TdhGetEventMapInformation,                              \
           (const WinEventRecord*, const char16_t*, void*, uint32_t*))

struct Functions {
// NOLINTNEXTLINE(bugprone-macro-parentheses): these are types and names
#define NUTHATCH_FUNCTION(result, name, arguments) result(*name) arguments = nullptr;
  NUTHATCH_ADVAPI32_FUNCTIONS(NUTHATCH_FUNCTION)
  NUTHATCH_LIVE_KERNEL32_FUNCTIONS(NUTHATCH_FUNCTION)
  NUTHATCH_TDH_FUNCTIONS(NUTHATCH_FUNCTION)
#undef NUTHATCH_FUNCTION
};

class WindowsEtw final : public EtwSystem {
 public:
  explicit WindowsEtw(const Functions& functions) : call_(functions) {}

  uint32_t StartTrace(uint64_t* session, const char16_t* name,
                      WinTraceProperties* properties) override {
    return call_.StartTraceW(session, name, properties);
  }
  uint32_t ControlTrace(uint64_t session, const char16_t* name, WinTraceProperties* properties,
                        TraceControl control) override {
    return call_.ControlTraceW(session, name, properties, static_cast<uint32_t>(control));
  }
  uint32_t QueryAllTraces(WinTraceProperties** properties, uint32_t size,
                          uint32_t* count) override {
    return call_.QueryAllTracesW(properties, size, count);
  }
  uint32_t EnableTraceEx2(uint64_t session, const Guid& provider, ProviderControl control,
                          uint8_t level, uint64_t any_keyword,
                          const WinEnableParameters& parameters) override {
    return call_.EnableTraceEx2(session, &provider, static_cast<uint32_t>(control), level,
                                any_keyword, /*all=*/0, /*timeout=*/0, &parameters);
  }
  uint32_t SetStackTracing(uint64_t session, std::span<const WinClassicEvent> events) override {
    constexpr uint32_t kTraceStackTracingInfo = 3;
    return call_.TraceSetInformation(session, kTraceStackTracingInfo, events.data(),
                                     static_cast<uint32_t>(events.size_bytes()));
  }
  uint64_t OpenTrace(WinTraceFile* file, uint32_t* error) override {
    const uint64_t trace = call_.OpenTraceW(file);
    *error = trace == kNoTrace ? call_.GetLastError() : kEtwSuccess;
    return trace;
  }
  uint32_t ProcessTrace(uint64_t trace) override {
    return call_.ProcessTrace(&trace, 1, nullptr, nullptr);
  }
  uint32_t CloseTrace(uint64_t trace) override { return call_.CloseTrace(trace); }

  uint32_t GetEventInformation(const WinEventRecord& record, uint8_t* schema,
                               uint32_t* size) override {
    return call_.TdhGetEventInformation(&record, 0, nullptr, schema, size);
  }
  uint32_t GetEventMapInformation(const WinEventRecord& record, const char16_t* name, uint8_t* map,
                                  uint32_t* size) override {
    return call_.TdhGetEventMapInformation(&record, name, map, size);
  }

  uint32_t EnablePrivilege(const char16_t* name) override {
    constexpr uint32_t kAdjust = 0x20;  // TOKEN_ADJUST_PRIVILEGES
    constexpr uint32_t kEnabled = 2;    // SE_PRIVILEGE_ENABLED
    uint32_t luid[2] = {};
    if (call_.LookupPrivilegeValueW(nullptr, name, luid) == 0) return call_.GetLastError();
    void* token = nullptr;
    if (call_.OpenProcessToken(call_.GetCurrentProcess(), kAdjust, &token) == 0)
      return call_.GetLastError();
    const OnePrivilege privilege{1, {luid[0], static_cast<int32_t>(luid[1]), kEnabled}};
    call_.AdjustTokenPrivileges(token, 0, &privilege, 0, nullptr, nullptr);
    const uint32_t error = call_.GetLastError();  // set where it succeeds in part as well
    call_.CloseHandle(token);
    return error;
  }

  bool IsRunning(const ProcessIdentity& which) override {
    constexpr uint32_t kSynchronize = 0x00100000;
    constexpr uint32_t kQueryLimitedInformation = 0x00001000;
    constexpr uint32_t kTimeout = 258;
    void* const process = call_.OpenProcess(kSynchronize | kQueryLimitedInformation, 0, which.pid);
    // One that may not be opened is somebody else's, and runs.
    if (process == nullptr) return call_.GetLastError() == kEtwAccessDenied;
    const bool runs = call_.WaitForSingleObject(process, 0) == kTimeout;
    const uint32_t started = StartOf(process);
    call_.CloseHandle(process);
    return runs && (started == 0 || started == which.started);
  }

  ProcessIdentity CurrentProcess() override {
    return {call_.GetCurrentProcessId(), StartOf(call_.GetCurrentProcess())};
  }

  ClockReading ReadClock() override {
    ClockReading reading;
    FileTimeParts time{};
    call_.QueryPerformanceFrequency(&reading.frequency);
    call_.GetSystemTimePreciseAsFileTime(&time);
    call_.QueryPerformanceCounter(&reading.ticks);
    reading.file_time = FileTimeOf(time);
    return reading;
  }

  Machine Describe() override {
    constexpr uint32_t kDnsFullyQualified = 3;  // ComputerNameDnsFullyQualified
    char16_t text[kMostChars] = {};
    uint32_t size = kMostChars;
    Machine machine;
    if (call_.GetComputerNameExW(kDnsFullyQualified, text, &size) != 0)
      machine.computer = Utf16ToUtf8(text);
    if (call_.GetSystemWindowsDirectoryW(text, kMostChars) != 0)
      machine.windows_folder = Utf16ToUtf8(text);
    for (char16_t letter = u'A'; letter <= u'Z'; ++letter) {
      const char16_t drive[] = {letter, u':', 0};
      if (call_.QueryDosDeviceW(drive, text, kMostChars) != 0)
        machine.volumes.push_back({Utf16ToUtf8(text), Utf16ToUtf8(drive)});
    }
    return machine;
  }

  uint32_t LookupAccountSid(const std::string& text, std::string* name,
                            std::string* domain) override {
    void* sid = nullptr;
    if (call_.ConvertStringSidToSidW(Utf8ToUtf16(text).c_str(), &sid) == 0)
      return call_.GetLastError();
    char16_t names[2][kMostChars] = {};  // longer than any is
    uint32_t sizes[2] = {kMostChars, kMostChars};
    int32_t kind = 0;
    const bool found =
        call_.LookupAccountSidW(nullptr, sid, names[0], &sizes[0], names[1], &sizes[1], &kind) != 0;
    const uint32_t error = found ? kEtwSuccess : call_.GetLastError();
    call_.LocalFree(sid);
    if (!found) return error;
    *name = Utf16ToUtf8(names[0]);
    *domain = Utf16ToUtf8(names[1]);
    return kEtwSuccess;
  }

 private:
  static constexpr uint32_t kMostChars = 1024;

  static uint64_t FileTimeOf(const FileTimeParts& time) {
    return uint64_t{time.high} << 32 | time.low;
  }
  // As ProcessIdentity has it.
  uint32_t StartOf(void* process) {
    FileTimeParts times[4] = {};
    call_.GetProcessTimes(process, &times[0], &times[1], &times[2], &times[3]);
    return static_cast<uint32_t>(FileTimeOf(times[0]) / 10'000'000);
  }

  const Functions call_;
};

Status Unavailable(const std::string& why) {
  return Status::Error("NUTHATCH_LIVE_UNAVAILABLE",
                       "live traces cannot be read here: " + why +
                           "; on other systems than Windows read a recorded trace (.etl), or "
                           "replay one");
}

}  // namespace

Status LoadWindowsEtw(std::shared_ptr<EtwSystem>* out) {
  Functions functions;
  FunctionFinder find;
#define NUTHATCH_FUNCTION(result, name, arguments) find.Find(#name, &functions.name);
  find.InSystemLibrary("advapi32.dll");
  NUTHATCH_ADVAPI32_FUNCTIONS(NUTHATCH_FUNCTION)
  find.InSystemLibrary("kernel32.dll");
  NUTHATCH_LIVE_KERNEL32_FUNCTIONS(NUTHATCH_FUNCTION)
  find.InSystemLibrary("tdh.dll");
  NUTHATCH_TDH_FUNCTIONS(NUTHATCH_FUNCTION)
#undef NUTHATCH_FUNCTION
  if (!find.missing().empty()) return Unavailable(find.missing());
  *out = std::make_shared<WindowsEtw>(functions);
  return {};
}

}  // namespace nuthatch
