// A system that does as it is told and tells nothing: what a test asks of it, the test overrides.
#ifndef NUTHATCH_TEST_LIVE_SILENT_ETW_H_
#define NUTHATCH_TEST_LIVE_SILENT_ETW_H_

#include <string>
#include <vector>

#include "live/etw_system.h"

namespace nuthatch {

class SilentEtw : public EtwSystem {
 public:
  uint32_t StartTrace(uint64_t* session, const char16_t*, WinTraceProperties*) override {
    *session = 1;
    return kEtwSuccess;
  }
  uint32_t ControlTrace(uint64_t, const char16_t*, WinTraceProperties* told,
                        TraceControl) override {
    told->mode = WinTraceProperties::kRealTime;
    return kEtwSuccess;
  }
  uint32_t QueryAllTraces(WinTraceProperties**, uint32_t, uint32_t* count) override {
    *count = 0;
    return kEtwSuccess;
  }
  uint32_t EnableTraceEx2(uint64_t, const Guid&, ProviderControl, uint8_t, uint64_t,
                          const WinEnableParameters&) override {
    return kEtwSuccess;
  }
  uint32_t SetStackTracing(uint64_t, std::span<const WinClassicEvent>) override {
    return kEtwSuccess;
  }
  uint64_t OpenTrace(WinTraceFile*, uint32_t*) override { return 1; }
  uint32_t ProcessTrace(uint64_t) override { return kEtwSuccess; }
  uint32_t CloseTrace(uint64_t) override { return kEtwSuccess; }
  uint32_t GetEventInformation(const WinEventRecord&, uint8_t*, uint32_t*) override {
    return kEtwNotFound;
  }
  uint32_t GetEventMapInformation(const WinEventRecord&, const char16_t*, uint8_t*,
                                  uint32_t*) override {
    return kEtwNotFound;
  }
  uint32_t EnablePrivilege(const char16_t*) override { return kEtwSuccess; }
  bool IsRunning(const ProcessIdentity&) override { return true; }
  ProcessIdentity CurrentProcess() override { return {4242, 1}; }
  ClockReading ReadClock() override { return {}; }
  Machine Describe() override { return {}; }
  uint32_t LookupAccountSid(const std::string&, std::string*, std::string*) override {
    return kEtwNoneMapped;
  }
};

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_LIVE_SILENT_ETW_H_
