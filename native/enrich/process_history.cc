#include "enrich/process_history.h"

#include <algorithm>

#include "base/ascii.h"

namespace nuthatch {
namespace {

// Both sources tell of a start within this time.
constexpr uint64_t kSameStart = 10'000'000;  // 1 s

// The kernel keeps so many bytes of a name, and cuts longer ones off.
constexpr size_t kShortestCutName = 14;

std::string_view BaseName(std::string_view path) {
  return path.substr(path.find_last_of('\\') + 1);  // npos + 1 is 0
}

bool IsNamed(std::string_view path, std::string_view image_name) {
  const std::string_view name = BaseName(path);
  return EqualIgnoringAsciiCase(name, image_name) ||
         (image_name.size() >= kShortestCutName && StartsWithIgnoringAsciiCase(name, image_name));
}

bool IsProgram(std::string_view path) {
  constexpr std::string_view kExe = ".exe";
  return path.size() > kExe.size() &&
         EqualIgnoringAsciiCase(path.substr(path.size() - kExe.size()), kExe);
}

bool Differ(uint64_t a, uint64_t b) { return a != 0 && b != 0 && a != b; }

uint64_t Distance(uint64_t a, uint64_t b) { return a < b ? b - a : a - b; }

}  // namespace

std::string_view Process::name() const { return path.empty() ? image_name : BaseName(path); }

// The last one of that pid that had begun; end() when there is none.
ProcessHistory::Map::iterator ProcessHistory::LastBegun(uint32_t pid, uint64_t time) {
  auto after = processes_.upper_bound({pid, time});
  if (after == processes_.begin()) return processes_.end();
  --after;
  return after->first.first == pid ? after : processes_.end();
}

Process& ProcessHistory::Started(uint32_t pid, uint64_t time, ProcessSource source,
                                 uint64_t create_time) {
  const auto index = static_cast<size_t>(source);
  // Told before: by this source in an earlier pass, or by the other one.
  const auto last = LastBegun(pid, time);
  if (last != processes_.end()) {
    Process& process = last->second;
    const uint64_t told = process.told[index];
    const bool same = told == time || (told == 0 && process.begin != 0 && process.end >= time &&
                                       Distance(process.begin, time) < kSameStart &&
                                       !Differ(process.create_time, create_time));
    if (same) {
      process.told[index] = time;
      Fill(&Process::create_time, create_time, uint64_t{0}, &process);
      return process;
    }
    EndBy(time, &process);
  }
  // In a live session what the other source told later may have come first.
  const auto next = processes_.upper_bound({pid, time});
  const bool other = next != processes_.end() && next->first.first == pid &&
                     next->second.told[index] == 0 && next->first.second - time < kSameStart &&
                     !Differ(next->second.create_time, create_time);
  Process& process = other ? BeginAt(time, next) : Add(pid, time);
  process.told[index] = time;
  Fill(&Process::create_time, create_time, uint64_t{0}, &process);
  return process;
}

// Earlier than is known of it.
Process& ProcessHistory::BeginAt(uint64_t time, Map::iterator at) {
  auto node = processes_.extract(at);
  Process& process = node.mapped();
  node.key().second = process.begin = time;
  *process.place = node.key();
  processes_.insert(std::move(node));
  ++structure_;
  ++revision_;
  return process;
}

Process& ProcessHistory::Running(uint32_t pid, uint64_t time, uint64_t create_time) {
  uint64_t begin = 0;
  if (const auto last = LastBegun(pid, time); last != processes_.end()) {
    Process& process = last->second;
    if (process.end >= time && !Differ(process.create_time, create_time)) {
      Fill(&Process::create_time, create_time, uint64_t{0}, &process);
      return process;
    }
    EndBy(time, &process);
    begin = std::min(process.end, time - 1) + 1;
  }
  Process& process = Add(pid, begin);
  Fill(&Process::create_time, create_time, uint64_t{0}, &process);
  return process;
}

Process& ProcessHistory::Ended(uint32_t pid, uint64_t time, uint64_t create_time) {
  const auto last = LastBegun(pid, time);
  if (last == processes_.end()) return EndedAt(time, create_time, &Add(pid, 0));
  Process& process = last->second;
  // The other source may tell of an end when the number is another process's already.
  if (Differ(process.create_time, create_time) && last != processes_.begin()) {
    Process& before = std::prev(last)->second;
    if (before.pid == pid && !Differ(before.create_time, create_time)) return before;
  }
  // The start of this one was lost.
  if (process.end < time && time - process.end > kAfterEnd)
    return EndedAt(time, create_time, &Add(pid, process.end + 1));
  return EndedAt(time, create_time, &process);
}

Process& ProcessHistory::Defunct(uint32_t pid, uint64_t time) {
  const auto last = LastBegun(pid, time);
  return last == processes_.end() ? Add(pid, 0) : last->second;
}

Process& ProcessHistory::EndedAt(uint64_t time, uint64_t create_time, Process* process) {
  Fill(&Process::create_time, create_time, uint64_t{0}, process);
  EndBy(time, process);
  return *process;
}

// The end that is known, or this.
void ProcessHistory::EndBy(uint64_t time, Process* process) {
  if (process->end != Process::kAlive) return;
  process->end = time;
  ended_.splice(ended_.end(), running_, process->place);
  ++structure_;
}

Process* ProcessHistory::FindMutable(uint32_t pid, uint64_t time) {
  // Numbers are multiples of 4.
  Looked& looked = looked_[(pid >> 2) % looked_.size()];
  if (looked.structure == structure_ && looked.pid == pid && time >= looked.from &&
      time < looked.until)
    return looked.process;
  const auto after = processes_.upper_bound({pid, time});
  const auto last = LastBegun(pid, time);
  looked = {pid, 0, Process::kAlive, nullptr, structure_};
  if (after != processes_.end() && after->first.first == pid) looked.until = after->first.second;
  if (last == processes_.end()) return nullptr;
  const uint64_t end = last->second.end;
  const uint64_t gone = end > Process::kAlive - kAfterEnd ? Process::kAlive : end + kAfterEnd;
  if (time < gone) {
    looked.from = last->second.begin;
    looked.until = std::min(looked.until, gone);
    looked.process = &last->second;
  } else {
    looked.from = gone;
  }
  return looked.process;
}

// The one with that number which had begun, though it may have ended long before: who holds a
// handle to a process can make it the parent of another.
const Process* ProcessHistory::FindSequence(uint32_t pid, uint64_t time, uint64_t sequence) {
  constexpr int kMostLooks = 16;  // whatever a trace says
  if (sequence == 0) return nullptr;
  auto after = processes_.upper_bound({pid, time});
  for (int i = 0; i < kMostLooks && after != processes_.begin(); ++i) {
    --after;
    if (after->first.first != pid) break;
    if (after->second.sequence == sequence) return &after->second;
  }
  return nullptr;
}

const Process* ProcessHistory::ParentOf(const Process& process) {
  if (process.parent_pid == kNoProcess || process.parent_pid == process.pid) return nullptr;
  const Process* parent = FindSequence(process.parent_pid, process.begin, process.parent_sequence);
  if (parent != nullptr) return parent;
  parent = Find(process.parent_pid, process.begin);
  if (parent == nullptr) return nullptr;
  // Its number was given to another one since.
  const bool younger = parent->create_time != 0 && process.create_time != 0 &&
                       parent->create_time > process.create_time;
  return younger || Differ(parent->sequence, process.parent_sequence) ? nullptr : parent;
}

const Process* ProcessHistory::CreatorOf(const Process& process) {
  return process.creator_pid == kNoProcess ? nullptr : Find(process.creator_pid, process.begin);
}

// Of processes from before the trace it is not known who is older, and numbers may have been given
// again: two can be each other's parent.
size_t ProcessHistory::AncestorsOf(const Process& process, std::span<const Process*> ancestors) {
  size_t size = 0;
  const Process* next = ParentOf(process);
  while (next != nullptr && next != &process && size < ancestors.size()) {
    const auto known = ancestors.first(size);
    if (std::find(known.begin(), known.end(), next) != known.end()) break;
    ancestors[size++] = next;
    next = ParentOf(*next);
  }
  return size;
}

void ProcessHistory::Assign(std::string_view value, std::string* text) {
  bytes_ += value.size();
  bytes_ -= text->size();
  text->assign(value);
  ++revision_;
}

void ProcessHistory::Fill(std::string Process::*text, std::string_view value, Process* process) {
  if ((process->*text).empty() && !value.empty()) Assign(value, &(process->*text));
}

void ProcessHistory::SetPath(std::string_view path, Process* process) {
  if (path.find('\\') == path.npos) return SetImageName(path, process);
  if (process->path_is_sure) return;
  process->path_is_sure = true;
  Assign(path, &process->path);
}

void ProcessHistory::SetImageName(std::string_view name, Process* process) {
  if (!process->image_name.empty() || name.empty()) return;
  Assign(name, &process->image_name);
  if (process->path_is_sure || process->path.empty()) return;
  process->path_is_sure = IsNamed(process->path, name);
  if (!process->path_is_sure) Assign({}, &process->path);
}

void ProcessHistory::AddImage(std::string_view path, Process* process) {
  if (process->path_is_sure || !path.starts_with('\\')) return;
  if (!process->image_name.empty()) {
    if (!IsNamed(path, process->image_name)) return;
    process->path_is_sure = true;
  } else if (!process->path.empty() || !IsProgram(path)) {
    return;
  }
  Assign(path, &process->path);
}

Process& ProcessHistory::Add(uint32_t pid, uint64_t begin) {
  while (processes_.size() >= kMaxProcesses || bytes_ > kMaxBytes) DropOldest();
  const auto [at, added] = processes_.try_emplace(Key{pid, begin});
  Process& process = at->second;
  if (!added) return process;
  process.place = running_.insert(running_.end(), at->first);
  process.id = next_id_++;
  process.pid = pid;
  process.begin = begin;
  ++structure_;
  ++revision_;
  return process;
}

// Those that have ended, as long as there are such: what runs all the time started early.
void ProcessHistory::DropOldest() {
  std::list<Key>& list = ended_.empty() ? running_ : ended_;
  const auto oldest = processes_.find(list.front());
  bytes_ -= BytesOf(oldest->second);
  processes_.erase(oldest);
  list.pop_front();
  ++structure_;
  ++revision_;
}

size_t ProcessHistory::BytesOf(const Process& process) {
  return process.image_name.size() + process.path.size() + process.command_line.size() +
         process.user_sid.size();
}

}  // namespace nuthatch
