#include "trust/verifier_pool.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <list>
#include <map>
#include <mutex>
#include <new>
#include <thread>
#include <utility>

#include "platform/symbols.h"

namespace nuthatch {
namespace {

using Clock = std::chrono::steady_clock;

// How long Close waits for what runs, which asks whether to stop after each 256 KiB.
constexpr auto kGrace = std::chrono::seconds(2);
// Threads that the system does not give back are replaced, so many times as many as there are.
constexpr size_t kReplacements = 4;

// A deadline that begins when a thread takes the file.
constexpr auto kNotYet = Clock::time_point::max();

struct Job {
  uint64_t id = 0;
  VerifyRequest request;
  Clock::time_point deadline;
  std::atomic<bool> stop{false};
  // Under the mutex:
  bool running = false;
  bool settled = false;  // delivered, or never to be
  bool stuck = false;    // running, and past its deadline
};
using JobPointer = std::shared_ptr<Job>;

struct Thread {
  std::thread handle;
  bool ended = false;
};

FileVerdict Late() {
  FileVerdict verdict;
  verdict.status = TrustStatus::kTimedOut;
  verdict.detail = "it took too long";
  return verdict;
}

}  // namespace

struct VerifierPool::State : std::enable_shared_from_this<State> {
  State(const PoolOptions& o, MakeVerify m, Deliver d)
      : options(o), make_verify(std::move(m)), deliver(std::move(d)) {}

  // All of these are called under `lock`.
  void StartThread();
  void JoinEnded(std::unique_lock<std::mutex>* lock);
  void Settle(const JobPointer& job, FileVerdict verdict, std::unique_lock<std::mutex>* lock);
  void Expire(const JobPointer& job, std::unique_lock<std::mutex>* lock);
  bool HasTooMany() const { return alive - stuck > options.threads; }
  bool AllAreStuck() const { return alive == stuck; }
  Clock::time_point DeadlineFromNow() const { return Clock::now() + options.deadline; }

  void Work(Thread* self);
  void Watch();
  FileVerdict Run(const Job& job, Verify* verify) const;

  const PoolOptions options;
  const MakeVerify make_verify;
  const Deliver deliver;

  std::mutex mutex;  // of all below
  std::condition_variable work;
  std::condition_variable watch;
  std::condition_variable idle;
  std::deque<JobPointer> queue;         // that wait
  std::map<uint64_t, JobPointer> jobs;  // that wait or run, and are not stuck
  std::list<Thread> threads;
  size_t alive = 0;       // threads that have not ended
  size_t stuck = 0;       // of these, with a job that is
  size_t delivering = 0;  // calls of `deliver` under way
  bool closed = false;
  std::thread watcher;
  PoolStatistics statistics;
};

void VerifierPool::State::StartThread() {
  ++alive;
  Thread& thread = threads.emplace_back();
  thread.handle = std::thread([self = shared_from_this(), &thread] { self->Work(&thread); });
}

void VerifierPool::State::JoinEnded(std::unique_lock<std::mutex>* lock) {
  std::list<Thread> ended;
  for (auto it = threads.begin(); it != threads.end();) {
    const auto next = std::next(it);
    if (it->ended) ended.splice(ended.end(), threads, it);
    it = next;
  }
  lock->unlock();
  for (Thread& thread : ended) thread.handle.join();
  lock->lock();
}

void VerifierPool::State::Settle(const JobPointer& job, FileVerdict verdict,
                                 std::unique_lock<std::mutex>* lock) {
  if (job->settled) return;
  job->settled = true;
  ++delivering;
  lock->unlock();
  deliver(job->id, std::move(verdict));
  lock->lock();
  --delivering;
  idle.notify_all();
}

void VerifierPool::State::Expire(const JobPointer& job, std::unique_lock<std::mutex>* lock) {
  job->stop = true;
  jobs.erase(job->id);
  std::erase(queue, job);
  if (job->running) {
    job->stuck = true;
    ++stuck;
    if (alive - stuck < options.threads && alive <= options.threads * (1 + kReplacements))
      StartThread();
    if (AllAreStuck())  // else what waits might wait for ever
      for (const JobPointer& waiting : queue)
        waiting->deadline = std::min(waiting->deadline, DeadlineFromNow());
  }
  if (!job->settled) ++statistics.timed_out;
  Settle(job, Late(), lock);
  JoinEnded(lock);
}

FileVerdict VerifierPool::State::Run(const Job& job, Verify* verify) const {
  try {
    if (!*verify) *verify = make_verify();
    return (*verify)(job.request, job.stop);
  } catch (const std::bad_alloc&) {
    FileVerdict verdict;
    verdict.detail = "there is not enough memory to read it";
    return verdict;
  }
}

void VerifierPool::State::Work(Thread* self) {
  Verify verify;
  std::unique_lock lock(mutex);
  for (;;) {
    work.wait(lock, [&] { return closed || HasTooMany() || !queue.empty(); });
    if (closed || HasTooMany()) break;
    const JobPointer job = std::move(queue.front());
    queue.pop_front();
    job->running = true;
    ++statistics.running;
    if (!options.deadline_from_submission) {
      job->deadline = DeadlineFromNow();
      watch.notify_one();
    }
    lock.unlock();
    FileVerdict verdict = Run(*job, &verify);
    lock.lock();
    job->running = false;
    if (job->stuck) {
      --stuck;
    } else {
      jobs.erase(job->id);
    }
    if (!job->settled) ++statistics.verified;
    Settle(job, std::move(verdict), &lock);
    --statistics.running;
  }
  --alive;
  self->ended = true;
  idle.notify_all();
}

void VerifierPool::State::Watch() {
  std::unique_lock lock(mutex);
  while (!closed) {
    if (jobs.empty()) {
      watch.wait(lock, [&] { return closed || !jobs.empty(); });
      continue;
    }
    // The oldest: all have the same time, from when they are submitted or taken in this order.
    const JobPointer oldest = jobs.begin()->second;
    if (oldest->deadline == kNotYet) {
      watch.wait(lock);
    } else if (Clock::now() < oldest->deadline) {
      watch.wait_until(lock, oldest->deadline);
    } else {
      Expire(oldest, &lock);
    }
  }
}

VerifierPool::VerifierPool(const PoolOptions& options, MakeVerify make_verify, Deliver deliver)
    : state_(std::make_shared<State>(options, std::move(make_verify), std::move(deliver))) {
  const std::lock_guard lock(state_->mutex);
  for (size_t i = 0; i < options.threads; ++i) state_->StartThread();
  state_->watcher = std::thread([state = state_] { state->Watch(); });
}

VerifierPool::~VerifierPool() { Close(); }

std::optional<uint64_t> VerifierPool::Submit(VerifyRequest request, bool has_place) {
  auto job = std::make_shared<Job>();
  job->request = std::move(request);
  const std::lock_guard lock(state_->mutex);
  if (state_->closed || (!has_place && state_->queue.size() >= state_->options.queue)) {
    ++state_->statistics.dropped;
    return std::nullopt;
  }
  const bool counts = state_->options.deadline_from_submission || state_->AllAreStuck();
  job->deadline = counts ? state_->DeadlineFromNow() : kNotYet;
  job->id = ++state_->statistics.submitted;
  state_->jobs.emplace(job->id, job);
  state_->queue.push_back(job);
  state_->work.notify_one();
  if (state_->jobs.size() == 1) state_->watch.notify_one();
  return job->id;
}

bool VerifierPool::Waits(uint64_t id) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->jobs.find(id);
  return found != state_->jobs.end() && !found->second->running;
}

void VerifierPool::Cancel(uint64_t id) {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->jobs.find(id);
  if (found == state_->jobs.end()) return;
  const JobPointer job = found->second;
  job->stop = true;
  job->settled = true;
  if (job->running) return;  // it is watched as before
  std::erase(state_->queue, job);
  state_->jobs.erase(found);
}

void VerifierPool::Close() {
  std::unique_lock lock(state_->mutex);
  if (state_->closed) return;
  state_->closed = true;
  for (const auto& [id, job] : state_->jobs) {
    job->stop = true;
    job->settled = true;
  }
  state_->queue.clear();
  state_->work.notify_all();
  state_->watch.notify_all();
  state_->idle.wait(lock, [&] { return state_->delivering == 0; });
  state_->idle.wait_for(lock, kGrace, [&] { return state_->alive == 0; });
  lock.unlock();
  state_->watcher.join();
  lock.lock();
  state_->JoinEnded(&lock);
  if (state_->threads.empty()) return;
  KeepThisLibrary();  // what they run must stay
  for (Thread& thread : state_->threads) thread.handle.detach();
}

PoolStatistics VerifierPool::statistics() const {
  const std::lock_guard lock(state_->mutex);
  PoolStatistics statistics = state_->statistics;
  statistics.queued = state_->queue.size();
  return statistics;
}

}  // namespace nuthatch
