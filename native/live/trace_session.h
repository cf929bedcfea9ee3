// A session of ETW: which events the system writes, and for whom.
#ifndef NUTHATCH_LIVE_TRACE_SESSION_H_
#define NUTHATCH_LIVE_TRACE_SESSION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "live/etw_system.h"

namespace nuthatch {

struct ProviderRequest {
  std::string name;  // for errors
  Guid provider;
  uint8_t level = 0;     // 0: all
  uint64_t keyword = 0;  // 0: all
  // Ids of the events whose call stacks are wanted, WinEventIds::kMost at most. Windows before 8.1
  // takes no ids, and the stacks of all of the provider's events where there are any.
  std::vector<uint16_t> stacks = {};
  bool capture_state = false;  // what is there already is asked for
};

// Events of the kernel's classes are those of a system logger, and all others are of providers: one
// session has either.
struct SessionRequest {
  std::string name;           // SessionName's
  uint32_t kernel_flags = 0;  // EVENT_TRACE_FLAG_…; 0: of providers
  std::vector<WinClassicEvent> kernel_stacks;
  std::vector<ProviderRequest> providers;
  uint32_t buffer_kilobytes = 64;
  uint32_t least_buffers = 0;  // 0: as the system thinks best; also for the most
  uint32_t most_buffers = 0;
  uint32_t flush_milliseconds = 10;
};

struct SessionLosses {
  uint64_t events = 0;   // EventsLost
  uint64_t buffers = 0;  // RealTimeBuffersLost
};

// A name for a session of this process, which tells what it is for. No other has it, of whatever
// thread or copy of this library.
std::string SessionName(EtwSystem* system, const std::string& what);

class TraceSession {
 public:
  // Starts a session. A provider that cannot be enabled is a problem, and the others are enabled.
  // Fails with NUTHATCH_LIVE_PRIVILEGE or NUTHATCH_LIVE_SESSION.
  static Status Start(EtwSystem* system, const SessionRequest& request,
                      std::vector<Status>* problems, std::unique_ptr<TraceSession>* out);
  // One that somebody else has started, and stops. Fails with NUTHATCH_LIVE_SESSION.
  static Status Attach(EtwSystem* system, const std::string& name,
                       std::unique_ptr<TraceSession>* out);
  ~TraceSession();
  TraceSession(const TraceSession&) = delete;
  TraceSession& operator=(const TraceSession&) = delete;

  const std::u16string& name() const { return name_; }
  bool is_ours() const { return is_ours_; }
  // Of ours: false where each of its providers was refused, and no event comes.
  bool tells() const { return tells_; }
  // WinTraceProperties' number for what its time stamps count.
  uint32_t clock() const { return clock_; }
  // kEtwNoSession when it has ended, and other errors where that cannot be told; then *losses is as
  // it was. Losses are since it began, or since we have attached to it.
  uint32_t Query(SessionLosses* losses);
  // One that was attached to goes on. *losses are its last; as Query says where they are not told.
  void Stop(SessionLosses* losses);
  // Asks those of `providers` that can for what is there already, once more.
  void CaptureState(const std::vector<ProviderRequest>& providers, std::vector<Status>* problems);

 private:
  TraceSession(EtwSystem* system, std::u16string name) : system_(system), name_(std::move(name)) {}

  uint32_t Begin(const SessionRequest& request);
  uint32_t Control(TraceControl control, WinTraceProperties* told);
  uint32_t Control(TraceControl control, SessionLosses* losses);
  void Enable(const ProviderRequest& provider, std::vector<Status>* problems);
  uint32_t EnableWithStacks(const ProviderRequest& provider);
  uint32_t Control(const ProviderRequest& provider, ProviderControl control,
                   const WinEnableParameters& parameters = {});

  EtwSystem* const system_;
  const std::u16string name_;
  uint64_t handle_ = 0;  // 0: it goes by its name
  uint32_t clock_ = WinTraceProperties::kPerformanceCounter;
  bool is_ours_ = false;
  bool tells_ = false;
  SessionLosses before_;  // of somebody else's, when we came
};

// Stops the sessions of ours whose process has ended without stopping them, and counts them. Fails
// with NUTHATCH_LIVE_SESSION where Windows does not say which sessions there are.
Status StopOrphans(EtwSystem* system, uint64_t* stopped);

}  // namespace nuthatch

#endif  // NUTHATCH_LIVE_TRACE_SESSION_H_
