#include "live/trace_session.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "base/hex.h"
#include "base/utf16.h"
#include "platform/random.h"

namespace nuthatch {
namespace {

// Then the pid of whose it is, what it is for, when that process began, and what tells it from its
// others: of 40 characters at most, as `logman query -ets` shows no more.
constexpr std::string_view kNamePrefix = "Nuthatch ";
constexpr uint32_t kUsualSessions = 64;
constexpr uint32_t kMostSessions = 1024;  // Windows allows 64, and 256 where the registry says so

// Up to the next space, which goes with it.
std::string_view TakeWord(std::string_view* text) {
  const std::string_view word = text->substr(0, text->find(' '));
  text->remove_prefix(std::min(text->size(), word.size() + 1));
  return word;
}

bool IsNumber(std::string_view word, int base, uint32_t* number) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), *number, base);
  return error == std::errc() && end == word.data() + word.size();
}

std::string Hex(uint32_t number) {
  uint8_t bytes[4];
  for (int i = 3; i >= 0; --i, number >>= 8) bytes[i] = static_cast<uint8_t>(number);
  return HexBytes(bytes);
}

// Whose session it is, if it is one of ours.
std::optional<ProcessIdentity> OwnerOf(std::string_view name) {
  if (!name.starts_with(kNamePrefix)) return std::nullopt;
  name.remove_prefix(kNamePrefix.size());
  ProcessIdentity owner;
  if (!IsNumber(TakeWord(&name), 10, &owner.pid)) return std::nullopt;
  TakeWord(&name);
  if (!IsNumber(TakeWord(&name), 16, &owner.started) || name.empty()) return std::nullopt;
  return owner;
}

// Fewer than before are those of another session, which has the name by now.
uint64_t Since(uint64_t before, uint64_t now) { return now < before ? now : now - before; }

Status PrivilegeError() {
  return Status::Error(
      "NUTHATCH_LIVE_PRIVILEGE",
      "this process may not start a session of ETW: run it as administrator (an elevated prompt), "
      "or as a service of LocalSystem; members of Performance Log Users may start sessions of "
      "providers, but not of the kernel's events");
}

Status SessionError(const std::string& name, uint32_t error) {
  std::string message = "the session \"" + name + "\" cannot be started: " + ErrorOfWindows(error);
  if (error == kEtwNoResources)
    message +=
        ", which allows only so many sessions at a time (of the kernel's events eight); "
        "`logman query -ets` lists them, and `logman stop NAME -ets` stops one";
  if (error == kEtwNotEnoughMemory)
    message += ": there is no memory for its buffers; ask for fewer";
  return Status::Error("NUTHATCH_LIVE_SESSION", std::move(message));
}

// Microsoft-Windows-Threat-Intelligence
constexpr Guid kThreatIntelligence = ParseGuid("f4e1897c-bb5d-5668-f1d8-040f4d8dd344");

Status ProviderError(const ProviderRequest& provider, const std::string& what, uint32_t error) {
  std::string why = ErrorOfWindows(error);
  if (error == kEtwAccessDenied) {
    why = "this process may not";
    if (provider.provider == kThreatIntelligence) why += " (it wants a protected one)";
  }
  return Status::Error("NUTHATCH_LIVE_PROVIDER",
                       "the provider " + provider.name + ' ' + what + ": " + why);
}

// Other errors than that it is not this process's.
Status PrivilegeError(uint32_t error) {
  if (error == kEtwNotAllAssigned || error == kEtwAccessDenied) return PrivilegeError();
  return Status::Error("NUTHATCH_LIVE_PRIVILEGE",
                       "the privilege to start a session of the kernel's events "
                       "(SeSystemProfilePrivilege) cannot be enabled: " +
                           ErrorOfWindows(error));
}

// Where a session writes to that was asked for with room for that; empty if to no file.
std::string FileOf(const WinTraceProperties& told) {
  if (told.file_name_at != WinTraceProperties::kFileNameAt) return {};
  return Utf16ToUtf8({told.file_name, WinTraceProperties::kNameChars});
}

Status NotInRealTime(const std::string& name, const std::string& file) {
  const std::string to = file.empty() ? "" : ": it writes to " + file + " alone";
  return Status::Error("NUTHATCH_LIVE_SESSION", "the session \"" + name +
                                                    "\" has no real-time mode" + to +
                                                    "; start it with that (`logman … -rt`)");
}

// There may be more when they are asked for than when they were counted.
uint32_t QueryAll(EtwSystem* system, std::vector<WinTraceProperties>* all) {
  uint32_t error = kEtwMoreData;
  for (uint32_t count = kUsualSessions; error == kEtwMoreData && count <= kMostSessions;) {
    all->assign(count, {});
    std::vector<WinTraceProperties*> pointers;
    pointers.reserve(count);
    for (WinTraceProperties& properties : *all) {
      // Room for both names is asked for.
      properties.file_name_at = WinTraceProperties::kFileNameAt;
      pointers.push_back(&properties);
    }
    const uint32_t room = count;
    error = system->QueryAllTraces(pointers.data(), room, &count);
    all->resize(std::min(count, room));
    count = std::max(count, room + 1);
  }
  return error;
}

}  // namespace

std::string SessionName(EtwSystem* system, const std::string& what) {
  // Of this copy of the library; others begin elsewhere.
  static std::atomic<uint32_t> number{static_cast<uint32_t>(RandomWord())};
  const ProcessIdentity owner = system->CurrentProcess();
  return std::string(kNamePrefix) + std::to_string(owner.pid) + ' ' + what + ' ' +
         Hex(owner.started) + ' ' + Hex(number++).substr(3);
}

Status TraceSession::Start(EtwSystem* system, const SessionRequest& request,
                           std::vector<Status>* problems, std::unique_ptr<TraceSession>* out) {
  if (request.kernel_flags != 0) {
    const uint32_t refused = system->EnablePrivilege(u"SeSystemProfilePrivilege");
    if (refused != kEtwSuccess) return PrivilegeError(refused);
  }
  std::unique_ptr<TraceSession> session(new TraceSession(system, Utf8ToUtf16(request.name)));
  uint32_t error = session->Begin(request);
  if (error == kEtwAccessDenied) return PrivilegeError();
  if (error != kEtwSuccess) return SessionError(request.name, error);
  session->is_ours_ = true;
  session->tells_ = request.kernel_flags != 0;
  if (!request.kernel_stacks.empty()) {
    error = system->SetStackTracing(session->handle_, request.kernel_stacks);
    if (error != kEtwSuccess)
      problems->push_back(
          Status::Error("NUTHATCH_LIVE_STACKS",
                        "stacks of the kernel's events cannot be had: " + ErrorOfWindows(error)));
  }
  for (const ProviderRequest& provider : request.providers) session->Enable(provider, problems);
  *out = std::move(session);
  return {};
}

Status TraceSession::Attach(EtwSystem* system, const std::string& name,
                            std::unique_ptr<TraceSession>* out) {
  std::unique_ptr<TraceSession> session(new TraceSession(system, Utf8ToUtf16(name)));
  WinTraceProperties told;
  told.file_name_at = WinTraceProperties::kFileNameAt;
  if (session->Control(TraceControl::kQuery, &told) != kEtwSuccess)
    return Status::Error("NUTHATCH_LIVE_SESSION",
                         "there is no session \"" + name +
                             "\" that this process may read; `logman query -ets` lists them");
  if ((told.mode & WinTraceProperties::kRealTime) == 0) return NotInRealTime(name, FileOf(told));
  session->before_ = {told.events_lost, told.real_time_buffers_lost};
  if (session->clock_ == WinTraceProperties::kProcessorCycles)
    return Status::Error("NUTHATCH_LIVE_SESSION",
                         "the times of the session \"" + name +
                             "\" are cycles of a processor, which tell none; start it with the "
                             "performance counter (`logman … -ct perf`) or the system's clock");
  *out = std::move(session);
  return {};
}

uint32_t TraceSession::Begin(const SessionRequest& request) {
  WinTraceProperties properties;
  properties.buffer_kilobytes = request.buffer_kilobytes;
  properties.least_buffers = request.least_buffers;
  properties.most_buffers = request.most_buffers;
  properties.mode = WinTraceProperties::kRealTime | WinTraceProperties::kMilliseconds;
  if (request.kernel_flags != 0) properties.mode |= WinTraceProperties::kSystemLogger;
  properties.enable_flags = request.kernel_flags;
  properties.flush_timer = request.flush_milliseconds;
  return system_->StartTrace(&handle_, name_.c_str(), &properties);
}

// Without the filter Windows walks a stack for each event that it lets through: for a detector on
// deleted files at each file that is opened.
uint32_t TraceSession::EnableWithStacks(const ProviderRequest& provider) {
  assert(provider.stacks.size() <= WinEventIds::kMost);
  WinEventIds ids;
  ids.count = static_cast<uint16_t>(provider.stacks.size());
  std::copy(provider.stacks.begin(), provider.stacks.end(), ids.events);
  const size_t size = offsetof(WinEventIds, events) + ids.count * sizeof(ids.events[0]);
  const WinFilter filter{reinterpret_cast<uintptr_t>(&ids), static_cast<uint32_t>(size),
                         WinFilter::kStackWalk};
  WinEnableParameters parameters;
  parameters.properties = WinEnableParameters::kStackTrace;
  parameters.filters = &filter;
  parameters.filter_count = 1;
  const uint32_t error = Control(provider, ProviderControl::kEnable, parameters);
  if (error != kEtwInvalidParameter) return error;
  parameters.version = WinEnableParameters::kWithoutFilters;
  parameters.filters = nullptr;
  parameters.filter_count = 0;
  return Control(provider, ProviderControl::kEnable, parameters);
}

uint32_t TraceSession::Control(const ProviderRequest& provider, ProviderControl control,
                               const WinEnableParameters& parameters) {
  constexpr uint8_t kAllLevels = 255;
  const uint8_t level = provider.level == 0 ? kAllLevels : provider.level;
  return system_->EnableTraceEx2(handle_, provider.provider, control, level, provider.keyword,
                                 parameters);
}

void TraceSession::Enable(const ProviderRequest& provider, std::vector<Status>* problems) {
  const uint32_t error = provider.stacks.empty() ? Control(provider, ProviderControl::kEnable)
                                                 : EnableWithStacks(provider);
  if (error != kEtwSuccess)
    return problems->push_back(ProviderError(provider, "cannot be enabled", error));
  tells_ = true;
  CaptureState({provider}, problems);
}

void TraceSession::CaptureState(const std::vector<ProviderRequest>& providers,
                                std::vector<Status>* problems) {
  for (const ProviderRequest& provider : providers) {
    if (!provider.capture_state) continue;
    const uint32_t error = Control(provider, ProviderControl::kCaptureState);
    if (error != kEtwSuccess)
      problems->push_back(
          ProviderError(provider, "tells of what comes, but not of what is there already", error));
  }
}

uint32_t TraceSession::Control(TraceControl control, WinTraceProperties* told) {
  const char16_t* const name = handle_ == 0 ? name_.c_str() : nullptr;
  const uint32_t error = system_->ControlTrace(handle_, name, told, control);
  if (error != kEtwSuccess && error != kEtwMoreData) return error;
  if (told->clock != 0) clock_ = told->clock;
  return kEtwSuccess;
}

uint32_t TraceSession::Control(TraceControl control, SessionLosses* losses) {
  WinTraceProperties told;
  const uint32_t error = Control(control, &told);
  if (error != kEtwSuccess) return error;
  losses->events = Since(before_.events, told.events_lost);
  losses->buffers = Since(before_.buffers, told.real_time_buffers_lost);
  return kEtwSuccess;
}

uint32_t TraceSession::Query(SessionLosses* losses) {
  return Control(TraceControl::kQuery, losses);
}

void TraceSession::Stop(SessionLosses* losses) {
  Control(std::exchange(is_ours_, false) ? TraceControl::kStop : TraceControl::kQuery, losses);
}

TraceSession::~TraceSession() {
  SessionLosses losses;
  if (is_ours_) Stop(&losses);
}

Status StopOrphans(EtwSystem* system, uint64_t* stopped) {
  *stopped = 0;
  std::vector<WinTraceProperties> all;
  const uint32_t error = QueryAll(system, &all);
  for (const WinTraceProperties& each : all) {
    const std::string name = Utf16ToUtf8({each.name, WinTraceProperties::kNameChars});
    const std::optional<ProcessIdentity> owner = OwnerOf(name);
    if (!owner || system->IsRunning(*owner)) continue;
    WinTraceProperties properties;
    const std::u16string wide = Utf8ToUtf16(name);
    if (system->ControlTrace(0, wide.c_str(), &properties, TraceControl::kStop) == kEtwSuccess)
      ++*stopped;
  }
  if (error == kEtwSuccess) return {};
  return Status::Error("NUTHATCH_LIVE_SESSION",
                       "whether sessions of processes that have ended are left is not known: " +
                           ErrorOfWindows(error));
}

}  // namespace nuthatch
