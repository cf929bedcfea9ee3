#include "live/trace_player.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "etw/kernel_groups.h"
#include "live/event_record.h"

namespace nuthatch {
namespace {

constexpr size_t kBufferBytes = size_t{64} << 10;
constexpr uint64_t kNoNumber = 0;      // of a record to which nothing happens by the script
constexpr uint64_t kQuantum = 50'000;  // 5 ms: so far one session may be ahead of another

bool IsName(const EtwRecord& record) { return IsNameOf(record.group, record.opcode); }

// What a session says when it starts, and recorded traces often when it ends.
bool IsRundown(const EtwRecord& record) {
  switch (record.group) {
    case kProcessGroup:
    case kThreadGroup:
    case kImageGroup:
      return record.opcode == 3 || record.opcode == 4 || record.opcode == 0x27;
    case kConfigGroup:
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
  const size_t at = record.group == kProcessGroup ? pointer
                    : record.group == kImageGroup ? 2 * pointer
                                                  : 0;
  return record.payload.size() < at + 4 ? kNoId : LoadAt<uint32_t>(record.payload, at);
}

// A record as Windows gives it to a callback.
class GivenRecord {
 public:
  GivenRecord(const EtwRecord& record, uint64_t time, bool has_stack, void* context) {
    event_.header = HeaderOf(record);
    event_.header.time = time;
    event_.header.flags |= WinEventHeader::kProcessorIndex;
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

bool PlayedEtw::Player::Play() {
  if (!AwaitAll() || !OpenReader() || !PlayRundown() || !OpenReader()) return EndEarly();
  begun_ = Clock::now();
  EtwRecord record;
  for (uint64_t number = 0; reader_->Next(&record);) {
    const bool is_told = IsRundown(record) || IsName(record);
    if (is_told || record.raw_time < session_.from || !Gets(session_, record)) continue;
    if (++number <= session_.played) continue;
    session_.played = number;
    if (!Step(record, session_.from > 0 ? kNoNumber : number)) return EndEarly();
  }
  return GiveHeld() && EndBuffer() && PlayNames();
}

// Names are told to one that is stopped, too, if it is still read.
bool PlayedEtw::Player::EndEarly() {
  {
    const std::lock_guard lock(system_.mutex_);
    if (trace_.closed) return false;
  }
  PlayNames();
  return false;
}

// Of the files and keys that are open, whenever the session ends.
bool PlayedEtw::Player::PlayNames() {
  EtwRecord record;
  if (!OpenReader()) return false;
  uint64_t time = 0;
  while (reader_->Next(&record)) {
    if (time == 0) time = std::max({record.raw_time, session_.from, last_time_});
    if (IsName(record) && Gets(session_, record)) Give(record, time);
  }
  EndBuffer();
  return true;
}

// Windows calls nobody before a session runs; here all of them have to.
bool PlayedEtw::Player::AwaitAll() {
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

// Of the processes that run when the session begins.
bool PlayedEtw::Player::PlayRundown() {
  std::set<uint32_t> started;  // later
  std::set<uint32_t> ended;    // before
  EtwRecord record;
  std::optional<uint64_t> begin;
  while (reader_->Next(&record)) {
    if (!begin) begin = record.raw_time;
    if (record.group != kProcessGroup) continue;
    const bool is_before = record.raw_time < session_.from;
    if (record.opcode == 1 && !is_before) started.insert(SubjectOf(record));
    if (record.opcode == 2 && is_before) ended.insert(SubjectOf(record));
  }
  if (!OpenReader()) return false;
  while (reader_->Next(&record)) {
    const bool is_late = IsKernels(record) && record.opcode == 4 && record.group != kNoGroup;
    if (!IsRundown(record) || !Gets(session_, record)) continue;
    if (is_late && started.contains(SubjectOf(record))) continue;
    if (record.opcode == 3 && ended.contains(SubjectOf(record))) continue;
    const uint64_t first = std::min(record.raw_time, *begin);
    if (!Give(record, std::max(first, session_.from))) return false;
  }
  return EndBuffer();
}

bool PlayedEtw::Player::Step(const EtwRecord& record, uint64_t number) {
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
bool PlayedEtw::Player::AwaitOthers(uint64_t time) {
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

bool PlayedEtw::Player::AwaitTime(uint64_t time) {
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
bool PlayedEtw::Player::Hold(const EtwRecord& record, uint64_t time) {
  if (script_.shuffle <= 1) return Give(record, time);
  held_.emplace_back();
  if (!held_.back().Add(*GivenRecord(record, time, HasStack(record), nullptr).event(), time))
    return false;
  return held_.size() < script_.shuffle || GiveHeld();
}

bool PlayedEtw::Player::GiveHeld() {
  for (; !held_.empty(); held_.pop_back()) {
    EtwRecord record;
    held_.back().Read(0, &record);
    if (!Give(record, record.time)) return false;
  }
  return true;
}

bool PlayedEtw::Player::Give(const EtwRecord& record, uint64_t time) {
  GivenRecord given(record, time, HasStack(record), trace_.file.context);
  trace_.file.on_event(given.event());
  last_time_ = std::max(last_time_, time);
  filled_ += given.bytes();
  return filled_ < kBufferBytes || EndBuffer();
}

bool PlayedEtw::Player::HasStack(const EtwRecord& record) const {
  if (session_.gets_all) return true;
  const auto provider = session_.providers.find(record.provider);
  if (provider == session_.providers.end()) return false;
  const Enabled& enabled = provider->second;
  return enabled.all_stacks ||
         std::find(enabled.stacks.begin(), enabled.stacks.end(), record.id) != enabled.stacks.end();
}

bool PlayedEtw::Player::EndBuffer() {
  filled_ = 0;
  {
    const std::lock_guard lock(system_.mutex_);
    system_.last_time_ = std::max(system_.last_time_, last_time_);
  }
  if (trace_.file.on_buffer(&trace_.file) == 0) return false;
  const std::lock_guard lock(system_.mutex_);
  return Runs();
}

void PlayedEtw::Player::Lose(uint64_t number) {
  for (const PlayScript::Loss& loss : script_.losses) {
    if (loss.at != number) continue;
    const std::lock_guard lock(system_.mutex_);
    session_.events_lost += loss.events;
    session_.buffers_lost += loss.buffers;
  }
}

bool PlayedEtw::Player::IsKilled(uint64_t number) {
  if (script_.killed_at == 0 || number < script_.killed_at || session_.was_killed) return false;
  EndBuffer();
  const std::lock_guard lock(system_.mutex_);
  session_.was_killed = true;
  session_.runs = false;
  return true;
}

}  // namespace nuthatch
