#include "pipeline/live_evaluation.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/clock.h"

namespace nuthatch {
namespace {

uint64_t Microseconds(int64_t nanoseconds) { return static_cast<uint64_t>(nanoseconds) / 1000; }

// By the machine's own paths.
std::unique_ptr<SymbolSource> SymbolsOfThisMachine(std::shared_ptr<DebugHelp> debug) {
  return std::make_unique<ImageSymbols>(
      ImageSymbols::Options{std::nullopt, /*waits=*/false, std::move(debug)});
}

// How long an event is on its way is measured here; what only it begins is never there in time.
PipelineOptions Measuring(PipelineOptions options) {
  if (options.signatures) options.signatures->cache.enrichment = std::chrono::milliseconds(0);
  return options;
}

}  // namespace

LiveEvaluation::LiveEvaluation(std::shared_ptr<const Program> detecting,
                               std::shared_ptr<const Program> program,
                               const PipelineOptions& options, const std::string& source,
                               TraceJoiner* joiner, LiveResults* results,
                               std::function<void()> wake, std::shared_ptr<DebugHelp> debug)
    : detecting_(std::move(detecting)),
      asked_stacks_(program->output == Output::kDetections ? detecting_->stacked_types
                                                           : WaitingStacks::EventTypes().set()),
      asks_accounts_(program->output != Output::kDetections || detecting_->asks_accounts),
      joiner_(*joiner),
      debug_(std::move(debug)),
      values_(detecting_->reporter.paths(), joiner),
      results_(*results),
      wake_(std::move(wake)),
      most_under_way_(options.threads + 2),
      pipeline_(
          std::move(program), Measuring(options),
          [this](BlockResult result) { Deliver(std::move(result)); },
          [this] {
            news_ = true;
            wake_();
          }),
      source_(pipeline_.AddSource(source)),
      files_(pipeline_.files()) {
  if (detecting_->asks_signatures()) joiner->FollowImages(/*loads=*/true);
  if (asked_stacks_.none()) return;
  symbols_ = SymbolsOfThisMachine(debug_);
  values_.FollowStacks(symbols_.get(), asked_stacks_);
}

TraceOutput* LiveEvaluation::Begin(uint64_t records_before) {
  block_ = pool_->Take();
  block_->records_before = records_before;
  values_.SetBlock(block_.get());
  return &values_;
}

void LiveEvaluation::End(uint64_t records, int64_t arrived) {
  block_->records = records - block_->records_before;
  held_.Push(std::move(block_));
  written_.push_back({arrived, ClockNanoseconds()});
  Submit(/*end=*/false);
}

// `end`: the first is not waited for, nor are those that it was held up with.
void LiveEvaluation::Submit(bool end) {
  while (std::shared_ptr<const TraceBlock> block = held_.Pop(&values_, joiner_.time(), end)) {
    const Written written = written_.front();
    written_.pop_front();
    const int64_t now = ClockNanoseconds();
    times_.stacks.Add(Microseconds(now - written.ended));
    {
      const std::lock_guard lock(mutex_);
      all_under_way_.push_back({written.arrived, now});
    }
    ++under_way_;
    pipeline_.Submit(source_, std::move(block), /*bytes=*/0);
  }
}

// What is under way may leave counts behind that nothing wakes for.
int64_t LiveEvaluation::due() const {
  const int64_t counts =
      under_way_ > 0 ? ClockNanoseconds() + LiveResults::kCountsEvery : results_.due();
  return std::min(counts, EndOfWait());
}

int64_t LiveEvaluation::EndOfWait() const {
  if (written_.empty()) return LiveOutput::due();
  const StackMatcher* const stacks = joiner_.stacks();
  const uint64_t longest = stacks == nullptr ? 0 : stacks->longest() - StackMatcher::kWait;
  return written_.front().ended + kLongestHeld + 100 * static_cast<int64_t>(longest);
}

bool LiveEvaluation::HasRoom() const { return under_way_ < most_under_way_ && results_.HasRoom(); }

void LiveEvaluation::Woken() {
  if (ClockNanoseconds() >= EndOfWait()) Submit(/*end=*/true);
  results_.WakeIfDue();
  if (!news_.exchange(false)) return;
  {
    const std::lock_guard lock(mutex_);
    all_under_way_.push_back({0, 0});
  }
  ++under_way_;
  pipeline_.Flush();
}

// The pipeline's lock is held: its results come in the order in which blocks were submitted.
void LiveEvaluation::Deliver(BlockResult result) {
  UnderWay block{};
  {
    const std::lock_guard lock(mutex_);
    if (!all_under_way_.empty()) {
      block = all_under_way_.front();
      all_under_way_.pop_front();
    }
  }
  if (block.arrived != 0) {
    const int64_t now = ClockNanoseconds();
    times_.evaluation.Add(Microseconds(now - block.submitted));
    times_.all.Add(Microseconds(now - block.arrived));
  }
  results_.Add(std::move(result));
  if (under_way_.fetch_sub(1) == most_under_way_) wake_();
}

void LiveEvaluation::Finish() {
  Submit(/*end=*/true);
  ++under_way_;
  pipeline_.Settle();
  pipeline_.Close();
}

}  // namespace nuthatch
