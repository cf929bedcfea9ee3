#include "trace/trace_joiner.h"

#include <limits>

#include "trace/stated_processes.h"

namespace nuthatch {
namespace {

using enum TraceEvent;

// A new thread's number is the first of a context switch's fields in every layout.
void TakeSwitch(const EtwRecord& record, ProcessJoins* processes) {
  if (record.payload.size() >= 4)
    processes->Switch(record.cpu, LoadAt<uint32_t>(record.payload, 0));
}

// Kernel records without a process that are written by the thread that runs.
bool IsOfRunningThread(const EtwRecord& record) {
  constexpr uint8_t kFileIo = 0x04;
  constexpr uint8_t kRegistry = 0x09;
  constexpr uint8_t kObject = 0x11;
  return record.group == kFileIo || record.group == kRegistry || record.group == kObject;
}

// Writes the process's part of a stack by itself, when the kernel's part went before.
constexpr Guid kKernelEventTracing = ParseGuid("b675ec37-bdb6-4648-bc92-f3fdc74d3ca2");

StackKey StackOf(const EtwRecord& record) {
  return {record.raw_time, record.pid, record.tid, record.time};
}

// Self-describing events do not tell what the kernel's do, and their schemas come and go.
bool HasFields(TraceKind kind, const DecodedEvent& event) {
  return kind.event != kNone && event.schema != nullptr &&
         event.source != SchemaSource::kSelfDescribing;
}

}  // namespace

// What shows that a source tells of a family: names and rundowns are also in traces of others.
bool TraceJoiner::IsOperation(TraceEvent event) {
  switch (event) {
    case kProcessStart:
    case kProcessEnd:
    case kThreadStart:
    case kImageLoad:
      return true;
    case kFileName:
    case kFileUse:
    case kKeyName:
    case kKeyNameEnd:
    case kKeyUse:
    case kValueUse:
      return false;
    default:
      return event >= kFileName;
  }
}

// The kernel logger's events have more (command lines, users), so it is preferred; as long as the
// other one has not begun to say it already.
void TraceJoiner::Choose(TraceKind kind, bool late) {
  if (!IsOperation(kind.event)) return;
  auto& chosen = chosen_[static_cast<size_t>(FamilyOf(kind.event))];
  const bool preferred = late && kind.source == TraceSource::kKernelLogger;
  if (!chosen || preferred) chosen = kind.source;
  if (FamilyOf(kind.event) == TraceFamily::kFile) files_.Expect(kind);
}

bool TraceJoiner::Says(TraceKind kind) const {
  return chosen_[static_cast<size_t>(FamilyOf(kind.event))] == kind.source;
}

void TraceJoiner::FollowImages(bool loads) {
  follows_images_ = true;
  processes_.FollowImages(loads);
}

void TraceJoiner::FollowStacks() {
  stacks_.emplace();
  processes_.MapImages();
}

bool TraceJoiner::NeedsMapping() {
  if (!has_stacks_ || processes_.images()) return false;
  processes_.MapImages();
  return true;
}

void TraceJoiner::EndLearning(bool lost) {
  if (!has_stacks_) {
    stacks_.reset();
    processes_.UnmapImages();
  }
  if (!stacks_) return;
  processes_.images()->RundownIsOver();
  if (lost) RecordsLost(std::numeric_limits<uint64_t>::max());
}

void TraceJoiner::RecordsLost(uint64_t time) {
  if (stacks_) processes_.images()->EventsLost(time);
}

bool TraceJoiner::ObserveToLearn(const EtwRecord& record) {
  const TraceKind kind = kind_ = TraceKindOf(record);
  if (stacks_ && !has_stacks_) has_stacks_ = kind.event == kStack || HasStack(record);
  if (kind.event == kNone) return false;
  Choose(kind, /*late=*/true);
  switch (FamilyOf(kind.event)) {
    case TraceFamily::kFile:
      return kind.event == kFileName;
    case TraceFamily::kRegistry:
      return kind.source == TraceSource::kProvider
                 ? kind.event != kKeyUse && kind.event != kValueUse
                 : !IsOperation(kind.event) && kind.event != kKeyUse && kind.event != kValueUse;
    case TraceFamily::kNetwork:
      return false;
    default:
      if (kind.event == kStack) return false;
      if (kind.event == kImageUnload) return processes_.images().has_value();
      return kind.event != kContextSwitch;
  }
}

bool TraceJoiner::ObserveToMap(const EtwRecord& record) {
  kind_ = TraceKindOf(record);
  const TraceFamily family = FamilyOf(kind_.event);
  return family == TraceFamily::kProcess || family == TraceFamily::kImage;
}

void TraceJoiner::Learn(const DecodedEvent& event) {
  if (!HasFields(kind_, event)) return;
  const EventFields fields = finder_.FieldsOf(kind_, event);
  switch (FamilyOf(kind_.event)) {
    case TraceFamily::kOther:
      return TakeMachine(kind_.event, fields);
    case TraceFamily::kFile:
      return files_.Learn(fields);
    case TraceFamily::kRegistry:
      return registry_.Learn(kind_, fields);
    case TraceFamily::kNetwork:
      return;
    default:
      return processes_.Take(kind_, *event.record, fields, false, nullptr);
  }
}

bool TraceJoiner::Observe(const EtwRecord& record) {
  kind_ = TraceKindOf(record);
  ++records_;
  time_ = record.time;
  switch (kind_.event) {
    case kNone:
      if (stacks_ && record.kind == HeaderKind::kEvent && record.provider == kKernelEventTracing)
        TakeStackItems(record);
      return false;
    case kStack:
    case kImageUnload:
      return stacks_.has_value();
    case kFileUse:
    case kKeyUse:
    case kValueUse:
      return false;
    case kContextSwitch:
      TakeSwitch(record, &processes_);
      return false;
    default:
      Choose(kind_, /*late=*/false);
      return true;
  }
}

const JoinedEvent& TraceJoiner::Join(const DecodedEvent& event, bool unasked) {
  const EtwRecord& record = *event.record;
  joined_.Clear();
  if (HasFields(kind_, event)) {
    TakeKind(event, unasked);
  } else {
    joined_.process.pid = ActorOf(event, kNoId);
    if (stacks_) KeyStack(event, kNoId);
    TakeStatedProcesses(event, &joined_);
  }
  const bool opens = kind_.event == kFileCreate;  // whose stack may be that of its end
  if (stacks_ && (opens || !unasked || joined_.happened)) TakeStackItems(record);
  if (unasked && !joined_.happened) return joined_;
  for (JoinedProcess* process : {&joined_.process, &joined_.target}) {
    if (process->pid != kNoProcess && process->known == nullptr)
      process->known = history().Find(process->pid, record.time);
  }
  return joined_;
}

void TraceJoiner::TakeKind(const DecodedEvent& event, bool unasked) {
  const TraceKind kind = kind_;
  const EventFields fields = finder_.FieldsOf(kind, event);
  const bool says = Says(kind);
  const uint32_t thread = fields.Number32(FieldSlot::kThreadId, kNoId);
  joined_.process.pid = ActorOf(event, thread);
  if (stacks_) KeyStack(event, thread);
  if (kind.event == kStack) return stacks_ ? TakeStack(event) : void();
  switch (FamilyOf(kind.event)) {
    case TraceFamily::kOther:
      return TakeMachine(kind.event, fields);
    case TraceFamily::kFile:
      files_.Take(kind, fields, says, joined_.process.pid, &joined_);
      joined_.file_changed &= follows_images_;
      if (joined_.happened || joined_.file_changed || !unasked)
        files_.FillPaths(volumes(), &joined_);
      return;
    case TraceFamily::kRegistry:
      return registry_.Take(kind, fields, says, &joined_);
    case TraceFamily::kNetwork:
      return network_.Take(kind.event, fields, says, &joined_);
    default:
      return processes_.Take(kind, *event.record, fields, says, &joined_);
  }
}

// By what the header says; else who acted, and the thread in the payload.
void TraceJoiner::KeyStack(const DecodedEvent& event, uint32_t thread) {
  const EtwRecord& record = *event.record;
  StackKey key = StackOf(record);
  key.record = records_;
  if (key.pid == kNoId) key.pid = joined_.process.pid;
  if (key.tid == kNoId) key.tid = thread;
  if (key.tid == kNoId) key.tid = event.FirstOf(OutType::kTid);
  joined_.stack = key;
}

void TraceJoiner::TakeStack(const DecodedEvent& event) {
  constexpr uint8_t kFrames = 0x20;  // the others have a key
  constexpr size_t kHead = 16;       // u64 time stamp, u32 process, u32 thread
  const EtwRecord& record = *event.record;
  if (record.payload.size() < kHead) return;
  const StackKey of{LoadAt<uint64_t>(record.payload, 0), LoadAt<uint32_t>(record.payload, 8),
                    LoadAt<uint32_t>(record.payload, 12), record.time};
  if (record.opcode == kFrames)
    return stacks_->Take(of, record.time, {record.payload.subspan(kHead), record.pointer_size});
  if (event.stack.count() > 0) return stacks_->Take(of, record.time, event.stack);
  if (const auto reference = StackCache::ReferenceOf(record))
    stacks_->Expect(of, record.time, *reference);
}

// Both parts; or one with a number, by which the other one finds its record.
void TraceJoiner::TakeStackItems(const EtwRecord& record) {
  const bool is_other_part = record.provider == kKernelEventTracing;
  ExtendedItems items = record.extended;
  for (ExtendedItem item; items.Next(&item);) {
    if (!IsStack(item.type) || item.data.size() < 8) continue;
    StackKey of = StackOf(record);
    of.record = records_;
    if (const uint64_t match = LoadAt<uint64_t>(item.data, 0); match != 0) {
      bool added = false;
      if (!is_other_part) {
        stack_matches_.Put(match, &added) = of;
      } else if (const StackKey* known = stack_matches_.Find(match)) {
        of = *known;
      }
    }
    const uint8_t frame_size = item.type == ExtendedType::kStack32 ? 4 : 8;
    stacks_->Take(of, record.time, {item.data.subspan(8), frame_size});
  }
}

void TraceJoiner::TakeMachine(TraceEvent event, const EventFields& fields) {
  switch (event) {
    case kCpu:
      if (computer_.empty()) fields.Text(FieldSlot::kComputerName, &computer_);
      return;
    case kSystemPaths:
      fields.Text(FieldSlot::kWindowsFolder, &text_);
      return processes_.volumes().SetWindowsFolder(text_);
    case kVolumeMapping: {
      fields.Text(FieldSlot::kNtPath, &text_);
      std::string dos;
      fields.Text(FieldSlot::kDosPath, &dos);
      return processes_.volumes().Add(text_, dos);
    }
    default:
      return;
  }
}

// The record's process; else what its payload says, a process or a thread; else whose thread runs.
uint32_t TraceJoiner::ActorOf(const DecodedEvent& event, uint32_t thread) const {
  const EtwRecord& record = *event.record;
  if (record.pid != kNoId) return record.pid;
  if (record.group == kNoGroup) return kNoProcess;
  const uint32_t pid = event.FirstOf(OutType::kPid);
  if (pid != kNoId) return pid;
  if (thread == kNoId) thread = event.FirstOf(OutType::kTid);
  if (thread != kNoId) return processes_.ProcessOfThread(thread);
  return IsOfRunningThread(record) ? processes_.ProcessOnCpu(record.cpu) : kNoProcess;
}

}  // namespace nuthatch
