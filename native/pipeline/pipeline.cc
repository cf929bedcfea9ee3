#include "pipeline/pipeline.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <limits>
#include <system_error>
#include <utility>

#include "telemetry/json_text.h"

namespace nuthatch {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::unique_ptr<ProcessTable> NewProcessTable(size_t capacity) {
  if (capacity == 0) return nullptr;
  return std::make_unique<ProcessTable>(capacity);
}

BlockResult SkippedLine(uint32_t source) {
  BlockResult result;
  result.lines = 1;
  result.AddMalformed(
      {source, 1, "NUTHATCH_RECORD_TOO_LONG", "the line is longer than a record may be"});
  return result;
}

}  // namespace

Pipeline::Pipeline(std::shared_ptr<const Plan> plan, std::shared_ptr<const Mappings> mappings,
                   const PipelineOptions& options, std::function<void(BlockResult)> deliver)
    : program_(std::move(plan), std::move(mappings), options.output),
      options_(options),
      processes_(NewProcessTable(options.process_table_capacity)),
      deliver_(std::move(deliver)),
      as_of_(options.threads, kIdle),
      costs_(*program_.plan) {
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
  const std::lock_guard lock(mutex_);
  auto job = std::make_unique<Job>();
  job->source = &sources_[source];
  job->text = lines;
  job->bytes = lines.size();
  if (!job->source->begun && lines.starts_with(kByteOrderMark)) job->cut = kByteOrderMark.size();
  job->source->begun = true;
  jobs_.push_back(std::move(job));
  work_.notify_all();
}

void Pipeline::SkipLine(uint32_t source, uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  auto job = std::make_unique<Job>();
  job->source = &sources_[source];
  job->source->begun = true;
  job->bytes = bytes;
  job->skipped = true;
  jobs_.push_back(std::move(job));
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
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
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
  Worker worker(program_, processes_.get(),
                {options_.stop_at_malformed,
                 std::min<size_t>(options_.max_record_bytes, JsonSlice::kMaxLength)});
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

// One thread goes on in small steps, which stay in the nearest cache. Several read a whole slice
// each before they wait for their turn, so that they hardly wait.
void Pipeline::RunTask(size_t thread, Worker* worker, Task* task) {
  const size_t batch = options_.threads == 1 ? kBatchRecords : std::numeric_limits<size_t>::max();
  do {
    worker->Read(batch, &task->slice);
    const ProcessTable::Ordinal starts_before = TakeTurn(thread, worker, task);
    if (task->slice.at_end()) PassTurn(task);
    worker->Evaluate(starts_before, &task->slice);
  } while (!task->slice.at_end());
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
    task.slice.text = CutSlice(job);
  }
  if (job->cut == job->text.size()) {
    job->all_cut = true;
    ++next_job_;
  }
  return task;
}

// About kSliceBytes of whole lines.
std::string_view Pipeline::CutSlice(Job* job) {
  const std::string_view rest = job->text.substr(job->cut);
  size_t size = rest.size();
  if (size > kSliceBytes) {
    const size_t before = rest.rfind('\n', kSliceBytes - 1);
    const size_t newline = before != rest.npos ? before : rest.find('\n', kSliceBytes);
    if (newline != rest.npos) size = newline + 1;
  }
  job->cut += size;
  return rest.substr(0, size);
}

// Waits until all slices before have published; then publishes what the worker has read. Returns
// how many process starts there were before.
ProcessTable::Ordinal Pipeline::TakeTurn(size_t thread, Worker* worker, Task* task) {
  std::unique_lock lock(mutex_);
  turn_.wait(lock, [&] { return whose_turn_ == task->number; });
  if (task->job->stopped) {
    task->slice = {};  // nothing of a block after a malformed record
    worker->Read(0, &task->slice);
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
    all.bytes = job->bytes;
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
