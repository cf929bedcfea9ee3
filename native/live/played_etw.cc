#include "live/played_etw.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/utf16.h"
#include "etw/event_info.h"
#include "etw/kernel_groups.h"
#include "live/trace_player.h"

namespace nuthatch {
namespace {

constexpr uint64_t kRecorded = 1;  // the handle of the session that is there

// How a trace is played: to who asks Windows in another way it would be something else.
constexpr uint32_t kPlayedMode =
    WinTraceFile::kRealTime | WinTraceFile::kRawTime | WinTraceFile::kEventRecord;

constexpr size_t kMostStacks = 256;  // as many kinds of events Windows takes

constexpr size_t kMostManifests = size_t{32} << 20;  // bytes of events' information

// Which EVENT_TRACE_FLAG_… a group of the kernel's records wants, any of them; 0: none.
uint32_t FlagsOf(uint8_t group) {
  switch (group) {
    case kProcessGroup:
      return 0x1;
    case kThreadGroup:
      return 0x2;
    case kImageGroup:
      return 0x4;
    case kDiskIoGroup:
      return 0x100;
    case kFileGroup:
      return 0x06000200;
    case kRegistryGroup:
      return 0x20000;
    case kTcpGroup:
    case kUdpGroup:
      return 0x10000;
    default:
      return 0;
  }
}

bool HasBuffers(const WinTraceProperties& properties, const PlayScript::Buffers& buffers) {
  return properties.buffer_kilobytes == buffers.kilobytes &&
         properties.least_buffers == buffers.least && properties.most_buffers == buffers.most;
}

ClockReading ReadingOf(const TraceHeader& header) {
  const uint64_t frequency = header.ClockFrequency();
  if (frequency == 0) return {0, 0, TraceClock::kFileTimeFrequency};
  return {header.origin, header.start_time, frequency};
}

}  // namespace

Status PlayedEtw::Open(OpenSource open, const PlayScript& script, std::shared_ptr<EtwSystem>* out) {
  std::shared_ptr<PlayedEtw> system(new PlayedEtw(std::move(open), script));
  std::unique_ptr<TraceReader> reader;
  Status status = system->OpenReader(&reader);
  if (!status.ok()) return status;
  system->clock_ = ReadingOf(reader->file().header());
  auto recorded = std::make_unique<Session>();
  recorded->name = u"recorded";
  recorded->gets_all = recorded->runs = true;
  system->sessions_[kRecorded] = std::move(recorded);
  system->next_handle_ = kRecorded + 1;
  *out = std::move(system);
  return {};
}

Status PlayedEtw::OpenReader(std::unique_ptr<TraceReader>* reader) const {
  std::unique_ptr<ByteSource> source;
  const Status status = open_(&source);
  return status.ok() ? TraceReader::Open(std::move(source), {}, reader) : status;
}

bool PlayedEtw::Gets(const Session& session, const EtwRecord& record) {
  if (session.gets_all) return true;
  if (IsKernels(record)) {
    if (record.group == kStackWalkGroup) return session.has_stacks;
    const uint32_t flags = FlagsOf(record.group);
    return session.is_kernel && (flags == 0 || (flags & session.flags) != 0);
  }
  const auto provider = session.providers.find(record.provider);
  if (session.is_kernel || provider == session.providers.end()) return false;
  const Enabled& enabled = provider->second;
  if (enabled.level != 0 && record.level > enabled.level) return false;
  return enabled.keyword == 0 || record.keyword == 0 || (record.keyword & enabled.keyword) != 0;
}

uint32_t PlayedEtw::Fails(const std::string& function) {
  const auto failure = failures_.find(function);
  if (failure == failures_.end() || failure->second.times == 0) return kEtwSuccess;
  if (failure->second.after > 0) {
    --failure->second.after;
    return kEtwSuccess;
  }
  --failure->second.times;
  return failure->second.error;
}

PlayedEtw::Session* PlayedEtw::FindSession(uint64_t handle, const char16_t* name) {
  if (name == nullptr) {
    const auto found = sessions_.find(handle);
    return found == sessions_.end() || !found->second->runs ? nullptr : found->second.get();
  }
  for (const auto& [number, session] : sessions_) {
    if (session->runs && session->name == name) return session.get();
  }
  return nullptr;
}

uint32_t PlayedEtw::StartTrace(uint64_t* handle, const char16_t* name,
                               WinTraceProperties* properties) {
  const std::lock_guard lock(mutex_);
  if (const uint32_t error = Fails("StartTrace")) return error;
  if (FindSession(0, name) != nullptr) return kEtwAlreadyExists;
  if (script_.buffers && !HasBuffers(*properties, *script_.buffers)) return kEtwInvalidParameter;
  auto session = std::make_unique<Session>();
  session->name = name;
  session->is_kernel = (properties->mode & WinTraceProperties::kSystemLogger) != 0;
  session->flags = properties->enable_flags;
  session->runs = true;
  session->from = last_time_ == 0 ? 0 : last_time_ + 1;
  for (const auto& [number, before] : sessions_) {
    if (before->name != name) continue;
    session->from = before->from;
    session->played = std::max(session->played, before->played);
    session->was_killed |= before->was_killed;
    before->is_interrupted = false;
  }
  *handle = next_handle_++;
  sessions_[*handle] = std::move(session);
  return kEtwSuccess;
}

uint32_t PlayedEtw::ControlTrace(uint64_t handle, const char16_t* name,
                                 WinTraceProperties* properties, TraceControl control) {
  const std::lock_guard lock(mutex_);
  if (const uint32_t error = Fails("ControlTrace")) return error;
  Session* const session = FindSession(handle, name);
  if (session == nullptr) return kEtwNoSession;
  properties->clock = script_.clock;
  properties->mode = WinTraceProperties::kRealTime;
  properties->events_lost = session->events_lost;
  properties->real_time_buffers_lost = session->buffers_lost;
  if (control == TraceControl::kStop) {
    session->runs = false;
    session->is_stopped = name == nullptr;
    changed_.notify_all();
  }
  return kEtwSuccess;
}

uint32_t PlayedEtw::QueryAllTraces(WinTraceProperties** properties, uint32_t size,
                                   uint32_t* count) {
  const std::lock_guard lock(mutex_);
  if (const uint32_t error = Fails("QueryAllTraces")) return error;
  *count = 0;
  for (const auto& [number, session] : sessions_) {
    if (!session->runs || ++*count > size) continue;
    WinTraceProperties& each = *properties[*count - 1];
    const size_t length =
        std::min<size_t>(session->name.size(), WinTraceProperties::kNameChars - 1);
    std::copy_n(session->name.begin(), length, each.name);
    each.name[length] = 0;
  }
  return *count > size ? kEtwMoreData : kEtwSuccess;
}

// False for what Windows does not take.
bool PlayedEtw::ReadStacks(const WinEnableParameters& parameters, Enabled* enabled) {
  constexpr size_t kHead = offsetof(WinEventIds, events);
  if ((parameters.properties & WinEnableParameters::kStackTrace) == 0)
    return parameters.filter_count == 0;
  enabled->all_stacks = parameters.filter_count == 0;
  if (enabled->all_stacks) return true;
  const WinFilter& filter = *parameters.filters;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): Windows' structure has the address as a number
  const auto* const ids = reinterpret_cast<const WinEventIds*>(filter.data);
  if (parameters.version == WinEnableParameters::kWithoutFilters || parameters.filter_count > 1 ||
      filter.type != WinFilter::kStackWalk || filter.size < kHead || ids->filter_in != 1 ||
      ids->count == 0 || ids->count > WinEventIds::kMost ||
      filter.size != kHead + ids->count * sizeof(ids->events[0]))
    return false;
  enabled->stacks.assign(ids->events, ids->events + ids->count);
  return true;
}

uint32_t PlayedEtw::EnableTraceEx2(uint64_t handle, const Guid& provider, ProviderControl control,
                                   uint8_t level, uint64_t any_keyword,
                                   const WinEnableParameters& parameters) {
  const std::lock_guard lock(mutex_);
  if (const uint32_t error = Fails("EnableTraceEx2")) return error;
  if (const uint32_t error = Fails(ToText(provider))) return error;
  Session* const session = FindSession(handle, nullptr);
  if (session == nullptr) return kEtwInvalidParameter;
  Enabled enabled{any_keyword, level, {}, false};
  if (!ReadStacks(parameters, &enabled)) return kEtwInvalidParameter;
  if (control == ProviderControl::kEnable) session->providers[provider] = std::move(enabled);
  if (control == ProviderControl::kDisable) session->providers.erase(provider);
  return kEtwSuccess;
}

uint32_t PlayedEtw::SetStackTracing(uint64_t handle, std::span<const WinClassicEvent> events) {
  const std::lock_guard lock(mutex_);
  if (const uint32_t error = Fails("TraceSetInformation")) return error;
  Session* const session = FindSession(handle, nullptr);
  if (session == nullptr || events.size() > kMostStacks) return kEtwInvalidParameter;
  session->has_stacks = !events.empty();
  return kEtwSuccess;
}

uint64_t PlayedEtw::OpenTrace(WinTraceFile* file, uint32_t* error) {
  const std::lock_guard lock(mutex_);
  *error = Fails("OpenTrace");
  if (*error != kEtwSuccess) return kNoTrace;
  Session* const session = FindSession(0, file->session);
  if (session == nullptr) {
    *error = kEtwNoSession;
    return kNoTrace;
  }
  if (file->mode != kPlayedMode) {
    *error = kEtwInvalidParameter;
    return kNoTrace;
  }
  auto trace = std::make_unique<Trace>();
  trace->session = session;
  trace->file = *file;
  trace->plays = true;
  for (const auto& [number, other] : traces_) {
    if (session->from > 0 && other->plays) trace->time = std::max(trace->time, other->time);
  }
  const uint64_t handle = next_handle_++;
  traces_[handle] = std::move(trace);
  changed_.notify_all();
  return handle;
}

uint32_t PlayedEtw::ProcessTrace(uint64_t handle) {
  Trace* trace = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (const uint32_t error = Fails("ProcessTrace")) return error;
    trace = traces_.at(handle).get();
  }
  const bool is_over = Player(this, trace).Play();
  std::unique_lock lock(mutex_);
  trace->plays = false;
  trace->session->is_interrupted = !is_over && !trace->closed && !trace->session->is_stopped;
  any_over_ = any_over_ || is_over;
  over_ = any_over_ &&
          std::none_of(traces_.begin(), traces_.end(),
                       [](const auto& each) { return each.second->plays; }) &&
          std::none_of(sessions_.begin(), sessions_.end(),
                       [](const auto& each) { return each.second->is_interrupted; });
  changed_.notify_all();
  changed_.wait(lock, [&] { return over_ || trace->closed || !trace->session->runs; });
  return trace->closed ? kEtwCancelled : kEtwSuccess;
}

uint32_t PlayedEtw::CloseTrace(uint64_t handle) {
  const std::lock_guard lock(mutex_);
  traces_.at(handle)->closed = true;
  changed_.notify_all();
  return kEtwSuccess;
}

// Of what it is about only: whether the rest is any good is to be seen by who asks.
void PlayedEtw::ReadManifests() {
  constexpr size_t kDescriptor = 0x20;
  std::unique_ptr<TraceReader> reader;
  if (!OpenReader(&reader).ok()) return;
  size_t bytes = 0;
  for (EtwRecord record; reader->Next(&record);) {
    const std::span<const uint8_t> info = record.payload;
    if (record.provider != kEventMetadata || (bytes += info.size()) > kMostManifests) continue;
    if (record.opcode == kEventInfo && info.size() >= kDescriptor + 4) {
      const EventOfProvider event{LoadAt<Guid>(info, 0), LoadAt<uint16_t>(info, kDescriptor),
                                  info[kDescriptor + 2]};
      manifests_.try_emplace(event, info.begin(), info.end());
    } else if (record.opcode == kEventMapInfo) {
      Guid provider;
      std::string name;
      ValueMap map;
      if (ReadEventMap(info, &provider, &name, &map))
        maps_.try_emplace({provider, Utf8ToUtf16(name)}, info.begin() + sizeof(Guid), info.end());
    }
  }
}

// What is `known` of an event, into a buffer of that size.
template <typename Known, typename Key>
uint32_t PlayedEtw::GetKnown(const char* function, const Known& known, const Key& key, uint8_t* to,
                             uint32_t* size) {
  {
    const std::lock_guard lock(mutex_);
    if (const uint32_t error = Fails(function)) return error;
  }
  std::call_once(manifests_are_read_, [this] { ReadManifests(); });
  const auto found = known.find(key);
  if (found == known.end()) return kEtwNotFound;
  const std::vector<uint8_t>& info = found->second;
  const bool fits = info.size() <= *size;
  *size = static_cast<uint32_t>(info.size());
  if (!fits) return kEtwBufferTooSmall;
  std::copy(info.begin(), info.end(), to);
  return kEtwSuccess;
}

uint32_t PlayedEtw::GetEventInformation(const WinEventRecord& record, uint8_t* schema,
                                        uint32_t* size) {
  const WinEventHeader& header = record.header;
  const EventOfProvider event{header.provider, header.id, header.version};
  return GetKnown("TdhGetEventInformation", manifests_, event, schema, size);
}

uint32_t PlayedEtw::GetEventMapInformation(const WinEventRecord& record, const char16_t* name,
                                           uint8_t* map, uint32_t* size) {
  const std::pair<Guid, std::u16string> key{record.header.provider, name};
  return GetKnown("TdhGetEventMapInformation", maps_, key, map, size);
}

uint32_t PlayedEtw::EnablePrivilege(const char16_t*) {
  const std::lock_guard lock(mutex_);
  return Fails("EnablePrivilege");
}

Machine PlayedEtw::Describe() {
  const std::lock_guard lock(mutex_);
  if (script_.machines.empty()) return {};
  return script_.machines[std::min(described_++, script_.machines.size() - 1)];
}

uint32_t PlayedEtw::LookupAccountSid(const std::string& sid, std::string* name,
                                     std::string* domain) {
  if (script_.on_lookup) script_.on_lookup(sid);
  const std::lock_guard lock(mutex_);
  if (const uint32_t error = Fails("LookupAccountSid")) return error;
  const auto found = script_.accounts.find(sid);
  if (found == script_.accounts.end()) return kEtwNoneMapped;
  std::tie(*name, *domain) = found->second;
  return kEtwSuccess;
}

ClockReading PlayedEtw::ReadClock() {
  const std::lock_guard lock(mutex_);
  const ClockReading reading = clock_;
  clock_.file_time += static_cast<uint64_t>(script_.clock_set);
  return reading;
}

bool PlayedEtw::IsOver() {
  const std::lock_guard lock(mutex_);
  return over_;
}

}  // namespace nuthatch
