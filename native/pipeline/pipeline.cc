#include "pipeline/pipeline.h"

#include <algorithm>
#include <cassert>
#include <exception>
#include <system_error>
#include <utility>

#include "telemetry/json_text.h"

namespace nuthatch {
namespace {

std::unique_ptr<ProcessTable> NewProcessTable(size_t capacity) {
  if (capacity == 0) return nullptr;
  return std::make_unique<ProcessTable>(capacity);
}

SignatureCacheOptions CacheOptionsOf(const SignatureOptions& signatures) {
  SignatureCacheOptions options = signatures.cache;
  options.holds_back = !signatures.deadline;
  options.pool.deadline_from_submission = !options.holds_back;
  options.network.deadline_from_submission = !options.holds_back;
  return options;
}

BlockResult SkippedLine(uint32_t source) {
  BlockResult result;
  result.lines = 1;
  result.AddMalformed(
      {source, 1, "NUTHATCH_RECORD_TOO_LONG", "the line is longer than a record may be"});
  return result;
}

}  // namespace

Pipeline::Pipeline(std::shared_ptr<const Program> program, const PipelineOptions& options,
                   std::function<void(BlockResult)> deliver, std::function<void()> news)
    : program_(std::move(program)),
      options_(options),
      processes_(NewProcessTable(options.process_table_capacity)),
      deliver_(std::move(deliver)),
      as_of_(options.threads, kIdle),
      costs_(*program_->plan) {
  if (options.signatures) {
    const SignatureOptions& signatures = *options.signatures;
    cache_ =
        std::make_unique<SignatureCache>(CacheOptionsOf(signatures), signatures.make_verify,
                                         [this](uint64_t flight) { parked_->Answered(flight); });
    parked_ = std::make_unique<ParkedEvents>(*program_, cache_.get(), signatures.deadline,
                                             signatures.room, std::move(news));
  }
  try {
    for (size_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this, i] { Run(i); });
  } catch (const std::system_error&) {
    if (threads_.empty()) throw;  // else as many as there can be will do
  }
}

Pipeline::~Pipeline() { Close(); }

uint32_t Pipeline::AddSource(std::string name) {
  const std::lock_guard lock(mutex_);
  const auto number = static_cast<uint32_t>(sources_.size());
  sources_.push_back({number, std::move(name)});
  return number;
}

void Pipeline::Submit(uint32_t source, std::string_view lines) {
  Lock lock(mutex_);
  auto job = std::make_unique<Job>(Job{&sources_[source], lines.size(), lines});
  if (!job->source->begun) job->text = WithoutByteOrderMark(lines);
  Add(std::move(job), &lock);
}

void Pipeline::Submit(uint32_t source, std::shared_ptr<ByteSource> file, uint64_t begin,
                      uint64_t end) {
  assert(begin < end);
  Lock lock(mutex_);
  auto job = std::make_unique<Job>(Job{&sources_[source], end - begin});
  job->file = std::move(file);
  job->begin = begin;
  Add(std::move(job), &lock);
}

void Pipeline::Submit(uint32_t source, std::shared_ptr<const TraceBlock> trace, uint64_t bytes) {
  Lock lock(mutex_);
  auto job = std::make_unique<Job>(Job{&sources_[source], bytes});
  job->trace = std::move(trace);
  Add(std::move(job), &lock);
}

void Pipeline::SkipLine(uint32_t source, uint64_t bytes) {
  Lock lock(mutex_);
  auto job = std::make_unique<Job>(Job{&sources_[source], bytes});
  job->skipped = true;
  Add(std::move(job), &lock);
}

void Pipeline::AddEmpty(bool settles) {
  Lock lock(mutex_);
  if (sources_.empty()) sources_.push_back({0, ""});
  auto job = std::make_unique<Job>(Job{&sources_.front(), 0});
  job->settles = settles;
  Add(std::move(job), &lock);
}

void Pipeline::StopWaiting() {
  if (cache_) cache_->StopHoldingBack();
  if (parked_) parked_->Stop();
}

size_t Pipeline::waiting() const { return parked_ ? parked_->waiting() : 0; }

std::optional<SignatureCacheStatistics> Pipeline::signatures() const {
  if (!cache_) return std::nullopt;
  return cache_->statistics();
}

// Who is woken finds the lock free.
void Pipeline::Add(std::unique_ptr<Job> job, Lock* lock) {
  job->source->begun = true;
  jobs_.push_back(std::move(job));
  lock->unlock();
  work_.notify_all();
}

void Pipeline::Close() { End(/*drop=*/false); }
void Pipeline::Abort() { End(/*drop=*/true); }

void Pipeline::End(bool drop) {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    if (drop) DropJobs();
    work_.notify_all();
  }
  if (drop) StopWaiting();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  if (cache_) cache_->Close();
  if (parked_) parked_->Close();
}

void Pipeline::DropJobs() {
  if (next_job_ == jobs_.size()) return;
  Job& begun = *jobs_[next_job_];
  if (!begun.results.empty()) {
    begun.all_cut = true;
    ++next_job_;
  }
  jobs_.resize(next_job_);
}

void Pipeline::Run(size_t thread) {
  Worker worker(*program_, processes_.get(),
                {options_.stop_at_malformed,
                 std::min<size_t>(options_.max_record_bytes, JsonSlice::kMaxLength)},
                {cache_.get(), parked_.get()});
  while (auto task = NextTask()) {
    try {
      if (!failed_) RunTask(thread, &worker, &*task);
    } catch (const std::exception&) {  // std::bad_alloc, or std::length_error of a huge output
      failed_ = true;  // the worker and the process table may be halfway through a change
    }
    if (failed_) Fail(&*task);
    Finish(thread, &*task);
  }
  const std::lock_guard lock(mutex_);
  costs_.Add(worker.costs());
}

// The slices after it must get their turn all the same.
void Pipeline::Fail(Task* task) {
  task->slice.result = BlockResult();
  task->slice.result.failed = true;
  if (task->turn_passed) return;
  {
    std::unique_lock lock(mutex_);
    turn_.wait(lock, [&] { return whose_turn_ == task->number; });
  }
  PassTurn(task);
}

void Pipeline::RunTask(size_t thread, Worker* worker, Task* task) {
  worker->Read(&task->slice);
  const ProcessTable::Ordinal starts_before = TakeTurn(thread, worker, task);
  PassTurn(task);
  worker->Evaluate(starts_before, &task->slice);
  if (task->job->settles) AwaitParked(*task);
}

// What is before it must have been evaluated, for it may be parked still.
void Pipeline::AwaitParked(const Task& task) {
  {
    std::unique_lock lock(mutex_);
    turn_.wait(lock, [&] { return jobs_.front().get() == task.job; });
  }
  if (parked_) parked_->Settle();
}

std::optional<Pipeline::Task> Pipeline::NextTask() {
  std::unique_lock lock(mutex_);
  work_.wait(lock, [this] { return next_job_ < jobs_.size() || closing_; });
  if (next_job_ >= jobs_.size()) return std::nullopt;
  Job* const job = jobs_[next_job_].get();
  Task task{job, job->results.size(), slices_++, {}};
  job->results.emplace_back();
  task.slice.source = job->source->number;
  task.slice.source_name = job->source->name;
  if (job->skipped) {
    task.slice.result = SkippedLine(job->source->number);
  } else {
    CutSlice(job, &task.slice);
  }
  if (job->cut == (job->file ? job->bytes : job->text.size())) {
    job->all_cut = true;
    ++next_job_;
  }
  return task;
}

// About slice_bytes of whole lines, or just so much of a file; a trace's block as it is.
void Pipeline::CutSlice(Job* job, Slice* slice) const {
  slice->trace = job->trace.get();
  if (job->file) {
    const uint64_t size = std::min<uint64_t>(options_.slice_bytes, job->bytes - job->cut);
    slice->file = job->file.get();
    slice->begin = job->begin + job->cut;
    slice->end = slice->begin + size;
    job->cut += size;
    return;
  }
  slice->text = job->text.substr(job->cut);
  const size_t newline = slice->text.find('\n', options_.slice_bytes);
  if (newline != slice->text.npos) slice->text = slice->text.substr(0, newline + 1);
  job->cut += slice->text.size();
}

// Waits until all slices before have published; then publishes what the worker has read. Returns
// how many process starts there were before.
ProcessTable::Ordinal Pipeline::TakeTurn(size_t thread, Worker* worker, Task* task) {
  std::unique_lock lock(mutex_);
  turn_.wait(lock, [&] { return whose_turn_ == task->number; });
  if (task->job->stopped) {
    task->slice = {};  // nothing of a block after a malformed record
    worker->Read(&task->slice);
  }
  task->slice.lines_before = task->job->source->lines;
  if (processes_ == nullptr) return 0;
  const ProcessTable::Ordinal before = processes_->published();
  as_of_[thread] = before;
  const ProcessStarts& starts = *worker->starts();
  turn_.wait(lock, [&] { return processes_->HasRoom(starts.size(), OldestOrdinal()); });
  processes_->Publish(starts, OldestOrdinal());
  return before;
}

void Pipeline::PassTurn(Task* task) {
  const std::lock_guard lock(mutex_);
  task->job->source->lines += task->slice.result.lines;
  task->job->stopped |= task->slice.stopped;
  ++whose_turn_;
  task->turn_passed = true;
  turn_.notify_all();
}

void Pipeline::Finish(size_t thread, Task* task) {
  BlockResult& result = task->slice.result;
  for (MalformedRecord& sample : result.samples) sample.line += task->slice.lines_before;
  const std::lock_guard lock(mutex_);
  as_of_[thread] = kIdle;
  turn_.notify_all();
  task->job->results[task->index] = std::move(result);
  ++task->job->done;
  DeliverInOrder();
}

void Pipeline::DeliverInOrder() {
  while (!jobs_.empty()) {
    Job& job = *jobs_.front();
    if (!job.all_cut || job.done < job.results.size()) return;
    BlockResult all = ResultOf(&job);
    jobs_.pop_front();
    --next_job_;
    deliver_(std::move(all));
  }
}

BlockResult Pipeline::ResultOf(Job* job) {
  try {
    BlockResult all = std::move(job->results[0]);
    for (size_t i = 1; i < job->results.size(); ++i) all.Append(std::move(job->results[i]));
    if (parked_) all.Append(parked_->Take());
    all.bytes = job->bytes - all.missing;
    return all;
  } catch (const std::exception&) {
    BlockResult none;
    none.failed = true;
    return none;
  }
}

ProcessTable::Ordinal Pipeline::OldestOrdinal() const {
  return std::min(processes_->published(), *std::min_element(as_of_.begin(), as_of_.end()));
}

}  // namespace nuthatch
