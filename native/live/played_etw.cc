#include "live/played_etw.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <thread>
#include <utility>

#include "etw/event_info.h"
#include "live/event_record.h"
#include "live/record_chunk.h"

namespace nuthatch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr uint64_t kRecorded = 1;  // the handle of the session that is there
constexpr size_t kBufferBytes = size_t{64} << 10;
constexpr uint64_t kQuantum = 50'000;  // 5 ms: so far one session may be ahead of another

enum Group : uint8_t {
  kProcess = 3,
  kFile = 4,
  kThread = 5,
  kRegistry = 9,
  kConfig = 11,
  kImage = 0x14,
  kStackWalk = 0x18
};

constexpr size_t kMostStacks = 256;  // as many kinds of events Windows takes

constexpr size_t kMostManifests = size_t{32} << 20;  // bytes of events' information

// Which EVENT_TRACE_FLAG_… a group of the kernel's records wants, any of them; 0: none.
uint32_t FlagsOf(uint8_t group) {
  switch (group) {
    case kProcess:
      return 0x1;
    case kThread:
      return 0x2;
    case kImage:
      return 0x4;
    case 0x01:  // DiskIo
      return 0x100;
    case kFile:
      return 0x06000200;
    case kRegistry:
      return 0x20000;
    case 0x06:  // TcpIp
    case 0x08:  // UdpIp
      return 0x10000;
    default:
      return 0;
  }
}

bool IsKernels(const EtwRecord& record) {
  return record.kind != HeaderKind::kEvent && record.kind != HeaderKind::kMessage;
}

// What a session says when it starts, and recorded traces often when it ends.
bool IsRundown(const EtwRecord& record) {
  switch (record.group) {
    case kProcess:
    case kThread:
    case kImage:
      return record.opcode == 3 || record.opcode == 4 || record.opcode == 0x27;
    case kFile:
      return record.opcode == 0x24;
    case kRegistry:
      return record.opcode == 0x18 || record.opcode == 0x19;
    case kConfig:
      return true;
    case kNoGroup:  // KernelTraceControl and SystemConfigEx: of who merged the trace
      return IsKernels(record);
    default:
      return false;
  }
}

// The process that a record is about, of those that say so; kNoId where it is not to be had.
uint32_t SubjectOf(const EtwRecord& record) {
  const size_t pointer = record.pointer_size;
  const size_t at = record.group == kProcess ? pointer : record.group == kImage ? 2 * pointer : 0;
  return record.payload.size() < at + 4 ? kNoId : LoadAt<uint32_t>(record.payload, at);
}

ClockReading ReadingOf(const TraceHeader& header) {
  const uint64_t frequency = header.ClockFrequency();
  if (frequency == 0) return {0, 0, TraceClock::kFileTimeFrequency};
  return {header.origin, header.start_time, frequency};
}

// A record as Windows gives it to a callback.
class GivenRecord {
 public:
  GivenRecord(const EtwRecord& record, uint64_t time, bool has_stack, void* context) {
    event_.header = HeaderOf(record);
    event_.header.time = time;
    event_.cpu = record.cpu;
    event_.payload = record.payload.data();
    event_.payload_size = static_cast<uint16_t>(std::min<size_t>(record.payload.size(), 0xFFFF));
    event_.context = context;
    ExtendedItems items = record.extended;
    for (ExtendedItem item; items.Next(&item);) {
      if (IsStack(item.type) && !has_stack) continue;
      items_.push_back({0, static_cast<uint16_t>(item.type), 0,
                        static_cast<uint16_t>(item.data.size()), item.data.data()});
    }
    event_.items = items_.data();
    event_.item_count = static_cast<uint16_t>(items_.size());
  }

  WinEventRecord* event() { return &event_; }
  size_t bytes() const { return sizeof(WinEventHeader) + event_.payload_size; }

 private:
  WinEventRecord event_{};
  std::vector<WinExtendedItem> items_;
};

}  // namespace

// One call of ProcessTrace.
class PlayedEtw::Player {
 public:
  Player(PlayedEtw* system, Trace* trace)
      : system_(*system), script_(system->script_), trace_(*trace), session_(*trace->session) {}

  // False when somebody has ended it before.
  bool Play() {
    if (!AwaitAll() || !OpenReader() || !PlayRundown() || !OpenReader()) return false;
    begun_ = Clock::now();
    EtwRecord record;
    for (uint64_t number = 0; reader_->Next(&record);) {
      if (IsRundown(record) || !Gets(session_, record)) continue;
      if (++number <= session_.played) continue;
      session_.played = number;
      if (!Step(record, number)) return false;
    }
    return GiveHeld() && EndBuffer();
  }

 private:
  bool OpenReader() { return system_.OpenReader(&reader_).ok(); }

  // Windows calls nobody before a session runs; here all of them have to.
  bool AwaitAll() {
    std::unique_lock lock(system_.mutex_);
    const auto is_read = [this](const Session& session) {
      return std::any_of(system_.traces_.begin(), system_.traces_.end(),
                         [&](const auto& each) { return each.second->session == &session; });
    };
    system_.changed_.wait(lock, [&] {
      if (!Runs()) return true;
      return std::all_of(system_.sessions_.begin(), system_.sessions_.end(), [&](const auto& each) {
        const Session& session = *each.second;
        return !session.runs || session.gets_all || is_read(session);
      });
    });
    return Runs();
  }

  bool Runs() const { return !trace_.closed && session_.runs; }

  bool PlayRundown() {
    std::set<uint32_t> started;
    EtwRecord record;
    std::optional<uint64_t> begin;
    while (reader_->Next(&record)) {
      if (!begin) begin = record.raw_time;
      if (record.group == kProcess && record.opcode == 1) started.insert(SubjectOf(record));
    }
    if (!OpenReader()) return false;
    while (reader_->Next(&record)) {
      const bool is_late = IsKernels(record) && record.opcode == 4 && record.group != kNoGroup;
      if (!IsRundown(record) || !Gets(session_, record)) continue;
      if (is_late && started.contains(SubjectOf(record))) continue;
      if (!Give(record, std::min(record.raw_time, *begin))) return false;
    }
    return EndBuffer();
  }

  bool Step(const EtwRecord& record, uint64_t number) {
    if (!AwaitOthers(record.time) || !AwaitTime(record.time)) return false;
    const bool is_back = script_.clock_back_at != 0 && number >= script_.clock_back_at;
    const uint64_t time = record.raw_time - (is_back ? script_.clock_back : 0);
    for (uint32_t i = 0; i < script_.repeat; ++i) {
      if (!Hold(record, time)) return false;
    }
    Lose(number);
    for (const PlayScript::Stall& stall : script_.stalls) {
      if (stall.at == number && EndBuffer()) std::this_thread::sleep_for(stall.time);
    }
    return !IsKilled(number);
  }

  // No session gets far ahead of another, in the recorded time.
  bool AwaitOthers(uint64_t time) {
    if (time < next_wait_) return true;
    next_wait_ = time + kQuantum / 2;
    if (!EndBuffer()) return false;
    std::unique_lock lock(system_.mutex_);
    trace_.time = time;
    system_.changed_.notify_all();
    system_.changed_.wait(lock, [&] {
      return !Runs() ||
             std::all_of(system_.traces_.begin(), system_.traces_.end(), [&](const auto& each) {
               return !each.second->plays || each.second->time + kQuantum >= time;
             });
    });
    return Runs();
  }

  bool AwaitTime(uint64_t time) {
    if (script_.speed <= 0) return true;
    if (first_time_ == 0) first_time_ = time;
    const double ticks = time < first_time_ ? 0 : static_cast<double>(time - first_time_);
    const auto due =
        begun_ + std::chrono::nanoseconds(static_cast<int64_t>(ticks * 100 / script_.speed));
    if (due - Clock::now() < std::chrono::milliseconds(1)) return true;
    if (!EndBuffer()) return false;
    std::unique_lock lock(system_.mutex_);
    system_.changed_.wait_until(lock, due, [this] { return !Runs(); });
    return Runs();
  }

  // Until there are `shuffle` of them, which then come backwards.
  bool Hold(const EtwRecord& record, uint64_t time) {
    if (script_.shuffle <= 1) return Give(record, time);
    held_.emplace_back();
    if (!held_.back().Add(*GivenRecord(record, time, HasStack(record), nullptr).event(), time))
      return false;
    return held_.size() < script_.shuffle || GiveHeld();
  }

  bool GiveHeld() {
    for (; !held_.empty(); held_.pop_back()) {
      EtwRecord record;
      held_.back().Read(0, &record);
      if (!Give(record, record.time)) return false;
    }
    return true;
  }

  bool Give(const EtwRecord& record, uint64_t time) {
    GivenRecord given(record, time, HasStack(record), trace_.file.context);
    trace_.file.on_event(given.event());
    filled_ += given.bytes();
    return filled_ < kBufferBytes || EndBuffer();
  }

  bool HasStack(const EtwRecord& record) const {
    if (session_.gets_all) return true;
    const auto provider = session_.providers.find(record.provider);
    return provider != session_.providers.end() && provider->second.stacks;
  }

  bool EndBuffer() {
    filled_ = 0;
    if (trace_.file.on_buffer(&trace_.file) == 0) return false;
    const std::lock_guard lock(system_.mutex_);
    return Runs();
  }

  void Lose(uint64_t number) {
    for (const PlayScript::Loss& loss : script_.losses) {
      if (loss.at != number) continue;
      const std::lock_guard lock(system_.mutex_);
      session_.events_lost += loss.events;
      session_.buffers_lost += loss.buffers;
    }
  }

  bool IsKilled(uint64_t number) {
    if (script_.killed_at == 0 || number < script_.killed_at || session_.was_killed) return false;
    EndBuffer();
    const std::lock_guard lock(system_.mutex_);
    session_.was_killed = true;
    session_.runs = false;
    return true;
  }

  PlayedEtw& system_;
  const PlayScript& script_;
  Trace& trace_;
  Session& session_;
  std::unique_ptr<TraceReader> reader_;
  std::vector<RecordChunk> held_;
  size_t filled_ = 0;
  uint64_t next_wait_ = 0;
  uint64_t first_time_ = 0;
  Clock::time_point begun_;
};

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
    if (record.group == kStackWalk) return session.has_stacks;
    const uint32_t flags = FlagsOf(record.group);
    return session.is_kernel && (flags == 0 || (flags & session.flags) != 0);
  }
  const auto provider = session.providers.find(record.provider);
  if (session.is_kernel || provider == session.providers.end()) return false;
  const uint64_t wanted = provider->second.keyword;
  return wanted == 0 || record.keyword == 0 || (record.keyword & wanted) != 0;
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
  auto session = std::make_unique<Session>();
  session->name = name;
  session->is_kernel = (properties->mode & WinTraceProperties::kSystemLogger) != 0;
  session->flags = properties->enable_flags;
  session->runs = true;
  for (const auto& [number, before] : sessions_) {
    if (before->name != name) continue;
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
  properties->events_lost = session->events_lost;
  properties->real_time_buffers_lost = session->buffers_lost;
  if (control == TraceControl::kStop) {
    session->runs = false;
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
    if (!session->runs || *count == size) continue;
    WinTraceProperties& each = *properties[(*count)++];
    const size_t length =
        std::min<size_t>(session->name.size(), WinTraceProperties::kNameChars - 1);
    std::copy_n(session->name.begin(), length, each.name);
    each.name[length] = 0;
  }
  return kEtwSuccess;
}

uint32_t PlayedEtw::EnableTraceEx2(uint64_t handle, const Guid& provider, ProviderControl control,
                                   uint8_t /*level*/, uint64_t any_keyword,
                                   const WinEnableParameters& parameters) {
  const std::lock_guard lock(mutex_);
  if (const uint32_t error = Fails("EnableTraceEx2")) return error;
  if (const uint32_t error = Fails(ToText(provider))) return error;
  Session* const session = FindSession(handle, nullptr);
  if (session == nullptr) return kEtwInvalidParameter;
  const bool stacks = (parameters.properties & WinEnableParameters::kStackTrace) != 0;
  if (control == ProviderControl::kEnable) session->providers[provider] = {any_keyword, stacks};
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
  auto trace = std::make_unique<Trace>();
  trace->session = session;
  trace->file = *file;
  trace->plays = true;
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
  trace->session->is_interrupted = !is_over && !trace->closed;
  over_ = is_over &&
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
    if (record.provider != kEventMetadata || record.opcode != kEventInfo ||
        info.size() < kDescriptor + 4 || (bytes += info.size()) > kMostManifests)
      continue;
    const EventOfProvider event{LoadAt<Guid>(info, 0), LoadAt<uint16_t>(info, kDescriptor),
                                info[kDescriptor + 2]};
    manifests_.try_emplace(event, info.begin(), info.end());
  }
}

uint32_t PlayedEtw::GetEventInformation(const WinEventRecord& record, uint8_t* schema,
                                        uint32_t* size) {
  {
    const std::lock_guard lock(mutex_);
    if (const uint32_t error = Fails("TdhGetEventInformation")) return error;
  }
  std::call_once(manifests_are_read_, [this] { ReadManifests(); });
  const WinEventHeader& header = record.header;
  const auto known = manifests_.find({header.provider, header.id, header.version});
  if (known == manifests_.end()) return kEtwNotFound;
  const std::vector<uint8_t>& info = known->second;
  const bool fits = info.size() <= *size;
  *size = static_cast<uint32_t>(info.size());
  if (!fits) return kEtwBufferTooSmall;
  std::copy(info.begin(), info.end(), schema);
  return kEtwSuccess;
}

uint32_t PlayedEtw::EnablePrivilege(const char16_t*) {
  const std::lock_guard lock(mutex_);
  return Fails("EnablePrivilege");
}

bool PlayedEtw::IsOver() {
  const std::lock_guard lock(mutex_);
  return over_;
}

}  // namespace nuthatch
