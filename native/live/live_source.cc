#include "live/live_source.h"

#include <algorithm>
#include <chrono>
#include <new>
#include <system_error>
#include <utility>

#include "base/utf16.h"

namespace nuthatch {
namespace {

// Losses and dead sessions are known after so long at most.
constexpr auto kLookEvery = std::chrono::milliseconds(250);
// Questions for its losses that a session does not answer, one after the other, before it is told.
constexpr size_t kMostUnanswered = 8;
// What a session had written should have been read so long after we have stopped it, or somebody
// else has.
constexpr auto kEndWithin = std::chrono::seconds(2);
constexpr auto kGoneWithin = std::chrono::milliseconds(500);
static_assert(2 * kLookEvery + kGoneWithin <= std::chrono::seconds(1));  // what is promised
// Between restarts.
constexpr auto kFirstPause = std::chrono::milliseconds(250);

LiveSourceOptions WithNames(LiveSourceOptions options, EtwSystem* system) {
  for (SessionRequest& session : options.sessions) session.name = SessionName(system, session.name);
  return options;
}

// Of files and keys.
uint32_t NamesOf(const LiveSourceOptions& options) {
  uint32_t flags = 0;
  for (const SessionRequest& session : options.sessions) flags |= session.kernel_flags;
  return options.attach.empty() ? flags & Rundown::kNames : 0;
}

TraceClock ClockOf(EtwSystem* system) {
  const ClockReading now = system->ReadClock();
  return {now.file_time, now.ticks, now.frequency};
}

}  // namespace

LiveSource::LiveSource(std::shared_ptr<EtwSystem> system, LiveSourceOptions options)
    : system_(std::move(system)),
      options_(WithNames(std::move(options), system_.get())),
      clock_(ClockOf(system_.get())),
      queue_(options_.queue),
      rundown_(system_.get(), clock_, &queue_, NamesOf(options_)),
      running_(options_.attach.empty() ? options_.sessions.size() : 1) {}

LiveSource::~LiveSource() {
  Abort();
  Join();
}

void LiveSource::Join() {
  if (supervisor_.joinable()) supervisor_.join();
}

// Sessions run before any of them is read: what they write meanwhile is in their buffers.
Status LiveSource::Start(std::function<void()> on_problem) {
  on_problem_ = std::move(on_problem);
  Status status = queue_.Open();
  if (status.ok()) {
    uint64_t orphans = 0;
    Status looked = StopOrphans(system_.get(), &orphans);
    if (!looked.ok()) AddProblem(std::move(looked));
    const std::lock_guard lock(mutex_);
    orphans_ = orphans;
  }
  for (size_t i = 0; i < running_.size() && status.ok(); ++i) status = Begin(i);
  if (status.ok()) status = AnyTells();
  for (size_t i = 0; i < running_.size() && status.ok(); ++i) status = OpenConsumer(i);
  if (status.ok()) TellNames();
  try {
    if (status.ok()) supervisor_ = std::thread([this] { Supervise(); });
  } catch (const std::system_error&) {
    status = Status::Error("NUTHATCH_LIVE_SESSION", "there is no thread to be had");
  }
  if (!status.ok()) {
    for (size_t i = 0; i < running_.size(); ++i) End(i);
    queue_.Close();
  }
  return status;
}

Status LiveSource::Begin(size_t at) {
  std::unique_ptr<TraceSession>* const session = &running_[at].session;
  if (!options_.attach.empty())
    return TraceSession::Attach(system_.get(), options_.attach, session);
  std::vector<Status> problems;
  Status status = TraceSession::Start(system_.get(), options_.sessions[at], &problems, session);
  for (Status& problem : problems) AddProblem(std::move(problem));
  return status;
}

// One of which nothing can come is an error, and no trace that runs for ever.
Status LiveSource::AnyTells() {
  const auto tells = [](const Running& each) { return each.session->tells(); };
  if (!options_.attach.empty() || std::any_of(running_.begin(), running_.end(), tells)) return {};
  const std::vector<Status> problems = TakeProblems();
  std::string message = "no provider can be enabled, so that no event would come";
  for (const Status& problem : problems) message += "; " + problem.message();
  return Status::Error("NUTHATCH_LIVE_PROVIDER", std::move(message));
}

Status LiveSource::OpenConsumer(size_t at) {
  Running& running = running_[at];
  running.began = Clock::now();
  const auto ended = [this, at](uint32_t error) {
    const std::lock_guard lock(mutex_);
    running_[at].ended = error;
    changed_.notify_all();
  };
  return TraceConsumer::Open(system_.get(), *running.session, clock_, TraceConsumer::Takes::kAll,
                             &queue_, ended, &running.consumer);
}

void LiveSource::Stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

void LiveSource::Abort() {
  const std::lock_guard lock(mutex_);
  stopping_ = aborted_ = true;
  changed_.notify_all();
  rundown_.Abort();
}

void LiveSource::OutOfMemory() {
  Abort();
  AddProblem(Status::Error("NUTHATCH_OUT_OF_MEMORY", "there is not enough memory to go on"));
}

void LiveSource::Supervise() {
  try {
    LookAfterAll();
  } catch (const std::bad_alloc&) {
    OutOfMemory();
  }
  Finish();
}

void LiveSource::LookAfterAll() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, kLookEvery, [this] {
        return stopping_ || std::any_of(running_.begin(), running_.end(),
                                        [](const Running& each) { return each.ended.has_value(); });
      });
      if (stopping_) return;
    }
    if (system_->IsOver()) return;
    for (size_t i = 0; i < running_.size(); ++i) LookAfter(i);
    LookAfterRundown();
  }
}

// The system's error.
uint32_t LiveSource::QueryLosses(Running* running) {
  SessionLosses lost = running->lost;
  const uint32_t error = running->session->Query(&lost);
  bool more = false;
  {
    const std::lock_guard lock(mutex_);
    more = lost.events > running->lost.events || lost.buffers > running->lost.buffers;
    running->lost = lost;
  }
  if (more) queue_.Wake();  // who reads it asks for a rundown, though no record comes
  return error;
}

// Told once, until one is answered.
void LiveSource::NoteAnswer(uint32_t error, Running* running) {
  if (error == kEtwSuccess) running->unanswered = 0;
  if (error == kEtwSuccess || error == kEtwNoSession || ++running->unanswered != kMostUnanswered)
    return;
  AddProblem(Status::Error("NUTHATCH_LIVE_LOSSES",
                           "Windows does not say what the session \"" +
                               Utf16ToUtf8(running->session->name()) +
                               "\" has lost, nor whether it runs: " + ErrorOfWindows(error)));
}

// Of a session that has ended. One that the system does not know any more has a while for what it
// had written.
std::optional<uint32_t> LiveSource::ErrorOfEnd(Running* running) {
  const uint32_t answer = QueryLosses(running);
  const bool is_gone = answer == kEtwNoSession;
  NoteAnswer(answer, running);
  {
    const std::lock_guard lock(mutex_);
    if (running->ended) return running->ended;
  }
  if (!is_gone) {
    running->gone.reset();
    return std::nullopt;
  }
  if (!running->gone) running->gone = Clock::now();
  return Clock::now() - *running->gone < kGoneWithin ? std::nullopt : std::optional(kEtwSuccess);
}

// One that has ended by itself was stopped by somebody else, or cannot be read.
void LiveSource::LookAfter(size_t at) {
  Running& running = running_[at];
  if (running.session == nullptr) return Restart(at);
  const std::optional<uint32_t> error = ErrorOfEnd(&running);
  if (!error || system_->IsOver()) return;
  const std::string name = Utf16ToUtf8(running.session->name());
  End(at);
  std::string message =
      *error == kEtwSuccess || *error == kEtwCancelled
          ? "somebody has stopped the session \"" + name + '"'
          : "the session \"" + name + "\" cannot be read any more: " + ErrorOfWindows(*error);
  if (options_.restart) message += "; it is started anew";
  AddProblem(Status::Error("NUTHATCH_LIVE_ENDED", std::move(message)));
  if (!options_.restart) return Stop();
  if (Clock::now() - running.began >= options_.longest_pause) running.restart_after = {};
  running.restart_at = Clock::now() + running.restart_after;
  Restart(at);
}

// When it is time. One that is refused, or ends soon, has the next time later.
void LiveSource::Restart(size_t at) {
  Running& running = running_[at];
  if (Clock::now() < running.restart_at) return;
  running.restart_after =
      std::clamp<Clock::duration>(2 * running.restart_after, kFirstPause, options_.longest_pause);
  running.restart_at = Clock::now() + running.restart_after;
  Status status = Begin(at);
  if (status.ok()) status = OpenConsumer(at);
  if (!status.ok()) {
    End(at);
    return AddProblem(std::move(status));
  }
  const std::lock_guard lock(mutex_);
  ++restarts_;
}

void LiveSource::End(size_t at) {
  Running& running = running_[at];
  const uint64_t too_large = running.consumer == nullptr ? 0 : running.consumer->too_large();
  running.consumer.reset();
  running.session.reset();
  const std::lock_guard lock(mutex_);
  running.lost_before.events += running.lost.events;
  running.lost_before.buffers += running.lost.buffers;
  running.lost = {};
  running.too_large_before += too_large;
  running.ended.reset();
  running.gone.reset();
}

// Where there is no logger of ours the kernel's providers tell it, or nobody.
void LiveSource::LookAfterRundown() {
  const Clock::time_point now = Clock::now();
  if (rundown_.IsOver(now)) NoteLosses(rundown_.End());
  if (!options_.attach.empty() || !rundown_.TakeDue(now)) return;
  std::vector<Status> problems;
  bool any_logger = false;
  for (size_t i = 0; i < running_.size(); ++i) {
    if (running_[i].session == nullptr) continue;
    any_logger = any_logger || options_.sessions[i].kernel_flags != 0;
    running_[i].session->CaptureState(options_.sessions[i].providers, &problems);
  }
  Status status = any_logger ? rundown_.Begin(now) : Status();
  if (!status.ok()) problems.push_back(std::move(status));
  for (Status& problem : problems) AddProblem(std::move(problem));
}

// Who reads the queue has not begun: what has come meanwhile waits there for the names.
void LiveSource::TellNames() {
  SessionLosses lost;
  Status status = rundown_.TellNames(&lost);
  NoteLosses(lost);
  if (!status.ok()) AddProblem(std::move(status));
}

void LiveSource::NoteLosses(const SessionLosses& lost) {
  const std::lock_guard lock(mutex_);
  lost_of_rundowns_.events += lost.events;
  lost_of_rundowns_.buffers += lost.buffers;
}

// What has been written is read to its end, unless nobody wants it.
void LiveSource::Finish() {
  NoteLosses(rundown_.End());
  for (Running& each : running_) {
    if (each.session == nullptr) continue;
    SessionLosses lost = each.lost;
    each.session->Stop(&lost);
    const std::lock_guard lock(mutex_);
    each.lost = lost;
  }
  if (options_.attach.empty()) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kEndWithin, [this] {
      return aborted_ || std::all_of(running_.begin(), running_.end(), [](const Running& each) {
               return each.session == nullptr || each.ended;
             });
    });
  }
  for (size_t i = 0; i < running_.size(); ++i) End(i);
  queue_.Close();
}

LiveCounts LiveSource::counts() const {
  LiveCounts counts;
  counts.queue = queue_.counts();
  const std::lock_guard lock(mutex_);
  counts.restarts = restarts_;
  counts.orphans = orphans_;
  counts.events_lost = lost_of_rundowns_.events;
  counts.buffers_lost = lost_of_rundowns_.buffers;
  counts.lost_of_rundowns = lost_of_rundowns_.events + lost_of_rundowns_.buffers;
  for (const Running& each : running_) {
    counts.events_lost += each.lost_before.events + each.lost.events;
    counts.buffers_lost += each.lost_before.buffers + each.lost.buffers;
    counts.too_large += each.too_large_before;
  }
  return counts;
}

std::vector<Status> LiveSource::TakeProblems() {
  const std::lock_guard lock(mutex_);
  return std::exchange(problems_, {});
}

void LiveSource::AddProblem(Status problem) {
  constexpr size_t kMostProblems = 256;
  {
    const std::lock_guard lock(mutex_);
    if (problems_.size() < kMostProblems) problems_.push_back(std::move(problem));
  }
  on_problem_();
}

}  // namespace nuthatch
