#include "live/live_source.h"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

namespace nuthatch {
namespace {

// Losses and dead sessions are known after so long at most.
constexpr auto kLookEvery = std::chrono::milliseconds(250);
// What a session that is stopped had written should have been read by then.
constexpr auto kEndWithin = std::chrono::seconds(2);

}  // namespace

LiveSource::LiveSource(std::shared_ptr<EtwSystem> system, LiveSourceOptions options)
    : system_(std::move(system)),
      options_(std::move(options)),
      queue_(options_.queue),
      running_(options_.attach.empty() ? options_.sessions.size() : 1) {}

LiveSource::~LiveSource() {
  Stop();
  if (supervisor_.joinable()) supervisor_.join();
}

// Sessions run before any of them is read: what they write meanwhile is in their buffers.
Status LiveSource::Start() {
  Status status = queue_.Open();
  if (status.ok()) orphans_ = StopOrphans(system_.get());
  for (size_t i = 0; i < running_.size() && status.ok(); ++i) status = Begin(i);
  for (size_t i = 0; i < running_.size() && status.ok(); ++i) status = OpenConsumer(i);
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

Status LiveSource::OpenConsumer(size_t at) {
  const auto ended = [this, at] {
    const std::lock_guard lock(mutex_);
    running_[at].ended = true;
    changed_.notify_all();
  };
  return TraceConsumer::Open(system_.get(), running_[at].session->name(), &queue_, ended,
                             &running_[at].consumer);
}

void LiveSource::Stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

void LiveSource::Supervise() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, kLookEvery, [this] {
        return stopping_ || std::any_of(running_.begin(), running_.end(),
                                        [](const Running& each) { return each.ended; });
      });
      if (stopping_) break;
    }
    if (system_->IsOver()) break;
    for (size_t i = 0; i < running_.size(); ++i) LookAfter(i);
    if (AllEnded()) break;
  }
  Finish();
}

// False when the session has ended.
bool LiveSource::QueryLosses(Running* running) {
  SessionLosses lost;
  if (!running->session->Query(&lost)) return false;
  const std::lock_guard lock(mutex_);
  running->lost = lost;
  return true;
}

// One that has ended by itself was stopped by somebody else.
void LiveSource::LookAfter(size_t at) {
  Running& running = running_[at];
  if (running.session == nullptr) return;
  bool ended = !QueryLosses(&running);
  {
    const std::lock_guard lock(mutex_);
    ended |= running.ended;
  }
  if (!ended || system_->IsOver()) return;
  End(at);
  AddProblem(Status::Error("NUTHATCH_LIVE_ENDED",
                           options_.restart ? "somebody has stopped the session; it is started anew"
                                            : "somebody has stopped the session"));
  if (!options_.restart) return;
  Status status = Begin(at);
  if (status.ok()) status = OpenConsumer(at);
  if (!status.ok()) {
    End(at);
    AddProblem(std::move(status));
    return;
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
  running.ended = false;
}

bool LiveSource::AllEnded() const {
  return std::all_of(running_.begin(), running_.end(),
                     [](const Running& each) { return each.session == nullptr; });
}

// What has been written is read to its end.
void LiveSource::Finish() {
  for (Running& each : running_) {
    if (each.session != nullptr) QueryLosses(&each);
  }
  for (Running& each : running_) {
    if (each.session != nullptr) each.session->Stop();
  }
  if (options_.attach.empty()) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kEndWithin, [this] {
      return std::all_of(running_.begin(), running_.end(),
                         [](const Running& each) { return each.session == nullptr || each.ended; });
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
  const std::lock_guard lock(mutex_);
  if (problems_.size() < kMostProblems) problems_.push_back(std::move(problem));
}

}  // namespace nuthatch
