// A recorded trace that plays the operating system: its records come as if they happened now, and
// what can go wrong with a session goes wrong as the script says.
#ifndef NUTHATCH_LIVE_PLAYED_ETW_H_
#define NUTHATCH_LIVE_PLAYED_ETW_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "etw/trace_reader.h"
#include "live/etw_system.h"

namespace nuthatch {

// Numbers of records are those of a session's play, from 1.
struct PlayScript {
  struct Stall {
    uint64_t at;
    std::chrono::milliseconds time;
  };
  struct Loss {
    uint64_t at;
    uint32_t events;
    uint32_t buffers;
  };
  struct Failure {
    uint32_t error;
    uint32_t times = UINT32_MAX;
    uint32_t after = 0;  // calls that succeed first
  };

  struct Buffers {
    uint32_t kilobytes;
    uint32_t least;
    uint32_t most;
  };

  double speed = 0;            // of the recorded time; 0: as fast as it is taken
  uint32_t repeat = 1;         // how often each record comes
  uint32_t shuffle = 1;        // so many records at a time come backwards
  uint64_t killed_at = 0;      // somebody stops the session after this record, once
  uint64_t clock_back_at = 0;  // from this record on times are less by `clock_back`, in ticks
  uint64_t clock_back = 0;
  int64_t clock_set = 0;  // the system's clock is set by so much once it has been read; 100 ns
  uint32_t clock = WinTraceProperties::kPerformanceCounter;  // what sessions say theirs is
  std::optional<Buffers> buffers = {};                       // sessions with others are refused
  std::vector<Stall> stalls = {};
  std::vector<Loss> losses = {};
  // What the machine is, each time that it is asked for; then the last. None: nothing is told.
  std::vector<Machine> machines = {};
  // Name and domain, by SID.
  std::map<std::string, std::pair<std::string, std::string>> accounts = {};
  // Called before one is looked up, which takes as long as this does.
  std::function<void(const std::string& sid)> on_lookup = {};
  // What fails, by the function's name; EnableTraceEx2 of one provider by its GUID.
  std::map<std::string, Failure> failures = {};
};

// Sessions get what they ask for: a system logger the kernel's records, by its flags; a session of
// providers those of providers that are enabled in it, by keyword and level; call stacks who asks
// for them: of providers those of the events that are asked for, of the kernel all. One session is
// there already, "recorded", and gets all. Like Windows, and unlike most recorded traces, it says
// at the start what runs, also of a session that starts while another one plays, to which nothing
// goes wrong; and what files and keys are called when a session ends. Of the manifests that Windows
// has it knows what the trace was merged with.
class PlayedEtw final : public EtwSystem {
 public:
  // `open` gives the trace anew each time.
  static Status Open(OpenSource open, const PlayScript& script, std::shared_ptr<EtwSystem>* out);

  uint32_t StartTrace(uint64_t* session, const char16_t* name,
                      WinTraceProperties* properties) override;
  uint32_t ControlTrace(uint64_t session, const char16_t* name, WinTraceProperties* properties,
                        TraceControl control) override;
  uint32_t QueryAllTraces(WinTraceProperties** properties, uint32_t size, uint32_t* count) override;
  uint32_t EnableTraceEx2(uint64_t session, const Guid& provider, ProviderControl control,
                          uint8_t level, uint64_t any_keyword,
                          const WinEnableParameters& parameters) override;
  uint32_t SetStackTracing(uint64_t session, std::span<const WinClassicEvent> events) override;
  uint64_t OpenTrace(WinTraceFile* file, uint32_t* error) override;
  uint32_t ProcessTrace(uint64_t trace) override;
  uint32_t CloseTrace(uint64_t trace) override;
  uint32_t GetEventInformation(const WinEventRecord& record, uint8_t* schema,
                               uint32_t* size) override;
  uint32_t GetEventMapInformation(const WinEventRecord& record, const char16_t* name, uint8_t* map,
                                  uint32_t* size) override;
  uint32_t EnablePrivilege(const char16_t* name) override;
  bool IsRunning(const ProcessIdentity& process) override {
    return process.pid == CurrentProcess().pid && process.started == CurrentProcess().started;
  }
  ProcessIdentity CurrentProcess() override { return {4242, 1}; }
  ClockReading ReadClock() override;
  Machine Describe() override;
  uint32_t LookupAccountSid(const std::string& sid, std::string* name,
                            std::string* domain) override;
  bool IsOver() override;

 private:
  class Player;
  struct Enabled {
    uint64_t keyword;
    uint8_t level;
    std::vector<uint16_t> stacks;  // of events with these ids
    bool all_stacks;
  };
  struct Session {
    std::u16string name;
    bool is_kernel = false;
    bool gets_all = false;
    uint32_t flags = 0;
    bool has_stacks = false;  // of the kernel's events
    std::map<Guid, Enabled> providers;
    bool runs = false;
    uint32_t events_lost = 0;
    uint32_t buffers_lost = 0;
    uint64_t from = 0;    // no record is older, by the session's clock; 0: it began first
    uint64_t played = 0;  // records; whoever reads it next goes on after them
    bool was_killed = false;
    bool is_interrupted = false;  // and nobody has started it anew
    bool is_stopped = false;      // by who has started it
  };
  struct Trace {
    Session* session = nullptr;
    WinTraceFile file;
    bool closed = false;
    bool plays = false;
    uint64_t time = 0;  // of the record that is next: the others do not get far ahead of it
  };

  PlayedEtw(OpenSource open, const PlayScript& script)
      : open_(std::move(open)), script_(script), failures_(script.failures) {}

  using EventOfProvider = std::tuple<Guid, uint16_t, uint8_t>;  // its id and version

  Status OpenReader(std::unique_ptr<TraceReader>* reader) const;
  void ReadManifests();
  template <typename Known, typename Key>
  uint32_t GetKnown(const char* function, const Known& known, const Key& key, uint8_t* to,
                    uint32_t* size);
  uint32_t Fails(const std::string& function);
  static bool ReadStacks(const WinEnableParameters& parameters, Enabled* enabled);
  Session* FindSession(uint64_t handle, const char16_t* name);
  static bool Gets(const Session& session, const EtwRecord& record);

  const OpenSource open_;
  const PlayScript script_;
  std::once_flag manifests_are_read_;
  std::map<EventOfProvider, std::vector<uint8_t>> manifests_;             // TRACE_EVENT_INFO
  std::map<std::pair<Guid, std::u16string>, std::vector<uint8_t>> maps_;  // EVENT_MAP_INFO

  std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  std::map<std::string, PlayScript::Failure> failures_;
  std::map<uint64_t, std::unique_ptr<Session>> sessions_;
  std::map<uint64_t, std::unique_ptr<Trace>> traces_;
  ClockReading clock_;
  uint64_t next_handle_ = 1;
  uint64_t last_time_ = 0;  // of the records that were given, by the session's clock
  size_t described_ = 0;    // so often
  bool any_over_ = false;   // of the plays
  bool over_ = false;
};

}  // namespace nuthatch

#endif  // NUTHATCH_LIVE_PLAYED_ETW_H_
