#include "trace/process_joins.h"

#include <string_view>

#include "enrich/kernel_address.h"

namespace nuthatch {
namespace {

constexpr uint32_t kIdlePid = 0;
constexpr uint32_t kSystemPid = 4;
bool IsSystem(uint32_t pid) { return pid == kIdlePid || pid == kSystemPid; }

// How long images are known that have ended: stacks come late.
constexpr uint64_t kKeepEnded = 2 * ImageMap::kAfterEnd;

struct Integrity {
  std::string_view sid;
  std::string_view name;
};
// Well-known SIDs; the names are Sysmon's.
constexpr Integrity kIntegrities[] = {{"S-1-16-0", "Untrusted"},    {"S-1-16-4096", "Low"},
                                      {"S-1-16-8192", "Medium"},    {"S-1-16-8448", "MediumPlus"},
                                      {"S-1-16-12288", "High"},     {"S-1-16-16384", "System"},
                                      {"S-1-16-20480", "Protected"}};

std::string_view IntegrityOf(std::string_view sid) {
  for (const Integrity& known : kIntegrities) {
    if (known.sid == sid) return known.name;
  }
  return {};
}

}  // namespace

void ProcessJoins::Take(TraceKind kind, const EtwRecord& record, const EventFields& fields,
                        bool says, JoinedEvent* joined) {
  switch (FamilyOf(kind.event)) {
    case TraceFamily::kProcess:
      TakeProcess(kind, record, fields, joined);
      if (joined == nullptr || !says) break;
      if (kind.event == TraceEvent::kProcessStart) NoteStart(joined);
      if (kind.event == TraceEvent::kProcessEnd) joined->happened = EventType::kProcessEnd;
      break;
    case TraceFamily::kThread:
      TakeThread(kind.event, record, fields, says, joined);
      break;
    case TraceFamily::kImage:
      TakeImage(kind.event, record, fields, joined);
      if (joined != nullptr && !says) joined->happened.reset();
      break;
    default:
      break;
  }
}

void ProcessJoins::NoteStart(JoinedEvent* joined) {
  joined->happened = EventType::kProcessStart;
  const Process* const process = joined->process.known;
  if (process != nullptr && HasAccountToName(*process) && AccountOf(*process) == nullptr)
    ++unnamed_starts_;
}

bool ProcessJoins::HasAccountToName(const Process& process) const {
  return accounts_ != nullptr && !process.user_sid.empty() && !IsAccountOfWindows(process.user_sid);
}

const Account* ProcessJoins::AccountOf(const Process& process) const {
  return HasAccountToName(process) ? accounts_->Find(process.user_sid) : nullptr;
}

void ProcessJoins::TakeProcess(TraceKind kind, const EtwRecord& record, const EventFields& fields,
                               JoinedEvent* joined) {
  if (!fields.Has(FieldSlot::kProcessId)) return;
  const uint32_t pid = fields.Number32(FieldSlot::kProcessId);
  const uint64_t created = fields.Number(FieldSlot::kCreateTime);
  Process* process = nullptr;
  switch (kind.event) {
    case TraceEvent::kProcessStart: {
      const auto source = static_cast<ProcessSource>(kind.source);
      process = &history_.Started(pid, record.time, source, created);
      // It is written by the thread that creates it.
      history_.Fill(&Process::creator_pid, record.pid, kNoProcess, process);
      break;
    }
    case TraceEvent::kProcessEnd:
      process = &history_.Ended(pid, record.time, created);
      break;
    case TraceEvent::kProcessDefunct:
      process = &history_.Defunct(pid, record.time);
      break;
    default:
      process = &history_.Running(pid, record.time, created);
  }
  FillFacts(kind, fields, /*late=*/joined == nullptr, process);
  if (joined == nullptr) AccountOf(*process);  // asked for by now it is mostly known when joined
  if (joined != nullptr) joined->process = {pid, process};
  if (!images_) return;
  if (kind.event == TraceEvent::kProcessStart) images_->ProcessStarted(pid, record.time);
  if (kind.event == TraceEvent::kProcessEnd) images_->ProcessEnded(pid, record.time);
}

void ProcessJoins::FillFacts(TraceKind kind, const EventFields& fields, bool late,
                             Process* process) {
  const auto fill = [&](auto number, FieldSlot slot, auto none) {
    history_.Fill(number, static_cast<decltype(none)>(fields.Number(slot, none)), none, process);
  };
  fill(&Process::parent_pid, FieldSlot::kParentId, kNoProcess);
  fill(&Process::session, FieldSlot::kSession, kNoProcess);
  fill(&Process::sequence, FieldSlot::kSequence, uint64_t{0});
  fill(&Process::parent_sequence, FieldSlot::kParentSequence, uint64_t{0});
  fill(&Process::image_timestamp, FieldSlot::kImageTimestamp, uint32_t{0});
  fill(&Process::image_checksum, FieldSlot::kImageChecksum, uint32_t{0});
  fields.Text(FieldSlot::kImageName, &text_);
  history_.SetImageName(text_, process);
  // Kernel-Process's ImageName, a path; only at the end of a process a name.
  if (kind.source == TraceSource::kProvider) {
    fields.Text(FieldSlot::kPath, &text_);
    volumes_.LearnFromProgram(text_);
    history_.SetPath(text_, process);
    const bool starts = kind.event == TraceEvent::kProcessStart;
    if (kind.event == TraceEvent::kProcessRundown || (starts && late))
      AddImage(fields, /*of_process=*/true, /*loaded=*/starts);
  }
  if (process->command_line.empty()) {
    fields.Text(FieldSlot::kCommandLine, &text_);
    history_.Fill(&Process::command_line, text_, process);
  }
  if (process->user_sid.empty()) {
    fields.Text(FieldSlot::kUserSid, &text_);
    // Some have zeros instead.
    if (text_.starts_with("S-1-")) history_.Fill(&Process::user_sid, text_, process);
  }
  if (process->integrity.empty() && fields.Has(FieldSlot::kMandatoryLabel)) {
    fields.Text(FieldSlot::kMandatoryLabel, &text_);
    history_.Fill(&Process::integrity, IntegrityOf(text_), std::string_view(), process);
  }
}

// The image that text_ is the path of.
void ProcessJoins::AddImage(const EventFields& fields, bool of_process, bool loaded) {
  const ImageNumbers numbers{fields.Number32(FieldSlot::kImageTimestamp),
                             fields.Number32(FieldSlot::kImageChecksum),
                             fields.Number32(FieldSlot::kImageSize)};
  if (loaded && follows_loads_) running_images_.AddLoaded(text_, numbers, of_process);
  if (!loaded && follows_images_) running_images_.AddRunning(text_, numbers, of_process);
}

void ProcessJoins::TakeThread(TraceEvent event, const EtwRecord& record, const EventFields& fields,
                              bool says, JoinedEvent* joined) {
  if (!fields.Has(FieldSlot::kThreadId) || !fields.Has(FieldSlot::kProcessId)) return;
  const uint32_t thread = fields.Number32(FieldSlot::kThreadId);
  const uint32_t pid = fields.Number32(FieldSlot::kProcessId);
  const bool known = threads_.Find(thread) != nullptr;
  // What is said late is of the earliest thread with that number, for the later ones are said to
  // start.
  if (!known || (joined != nullptr && event != TraceEvent::kThreadEnd)) {
    bool added = false;
    threads_.Put(thread, &added) = pid;
  }
  if (joined == nullptr) return;
  Process* process = history_.FindMutable(pid, record.time);
  const bool first = process != nullptr && process->begin != 0 && !process->has_thread;
  if (process != nullptr) process->has_thread = true;
  if (event != TraceEvent::kThreadStart) return;
  // The first thread of a new process is its parent's work; those of the kernel run in its own
  // process, whoever asked for them.
  const bool remote =
      record.pid != kNoId && record.pid != pid && !IsSystem(record.pid) && !IsSystem(pid) && !first;
  if (!remote) return;
  joined->target = {pid, process};
  if (says) joined->happened = EventType::kRemoteThread;
}

void ProcessJoins::TakeImage(TraceEvent event, const EtwRecord& record, const EventFields& fields,
                             JoinedEvent* joined) {
  // The oldest layout leaves the process to the header.
  const uint32_t pid = fields.Number32(FieldSlot::kProcessId, record.pid);
  fields.Text(FieldSlot::kPath, &text_);
  if (images_) {
    if (joined != nullptr && record.time > kKeepEnded) images_->Forget(record.time - kKeepEnded);
    MapImage(event, record, fields, pid);
  }
  if (event == TraceEvent::kImageUnload) return;
  const bool loads = event == TraceEvent::kImageLoad && joined == nullptr && follows_loads_;
  volumes_.LearnFromImage(text_);
  const bool driver =
      IsSystem(pid) || IsKernelAddress(fields.Number(FieldSlot::kImageBase), record.pointer_size);
  if (!driver && pid != kNoId) {
    Process* process = history_.FindMutable(pid, record.time);
    if (process == nullptr) process = &history_.Running(pid, record.time, 0);
    if (!process->path_is_sure) {
      history_.AddImage(text_, process);
      // What its start is asked by: the kernel's logger tells no numbers with that.
      if (loads && process->path == text_)
        running_images_.AddLoaded(text_, {process->image_timestamp, process->image_checksum, 0},
                                  /*of_process=*/true);
    }
  }
  if (event == TraceEvent::kImageRundown || loads) AddImage(fields, /*of_process=*/false, loads);
  if (joined == nullptr) return;
  joined->process.pid = pid;
  if (event != TraceEvent::kImageLoad) return;
  volumes_.AppendPath(text_, &joined->image_path);
  joined->happened = driver ? EventType::kDriverLoad : EventType::kImageLoad;
  // Of drivers it may say the idle process.
  const uint32_t loader = record.pid != kNoId && record.pid != kIdlePid ? record.pid : kSystemPid;
  if (pid == kIdlePid) joined->process.pid = loader;
}

// The image that text_ is the path of.
void ProcessJoins::MapImage(TraceEvent event, const EtwRecord& record, const EventFields& fields,
                            uint32_t pid) {
  const uint64_t base = fields.Number(FieldSlot::kImageBase);
  const bool driver = IsSystem(pid) || IsKernelAddress(base, record.pointer_size);
  if (!driver && pid == kNoId) return;
  const uint64_t size = fields.Number(FieldSlot::kImageSize);
  const ImageMap::Told image{
      driver ? ImageMap::kKernel : pid,
      SignExtended(base, record.pointer_size),
      size,
      record.time,
      text_,
      {fields.Number32(FieldSlot::kImageTimestamp), fields.Number32(FieldSlot::kImageChecksum),
       static_cast<uint32_t>(size)}};
  switch (event) {
    case TraceEvent::kImageLoad:
      return images_->Loaded(image);
    case TraceEvent::kImageUnload:
      return images_->Unloaded(image);
    default:
      return images_->Running(image);
  }
}

void ProcessJoins::Switch(uint16_t cpu, uint32_t thread) {
  if (on_cpu_.size() <= cpu) on_cpu_.resize(size_t{cpu} + 1, 0);
  on_cpu_[cpu] = thread;
}

uint32_t ProcessJoins::ProcessOfThread(uint32_t thread) const {
  const uint32_t* pid = threads_.Find(thread);
  return pid == nullptr ? kNoProcess : *pid;
}

uint32_t ProcessJoins::ProcessOnCpu(uint16_t cpu) const {
  return cpu < on_cpu_.size() && on_cpu_[cpu] != 0 ? ProcessOfThread(on_cpu_[cpu]) : kNoProcess;
}

}  // namespace nuthatch
