#ifndef NUTHATCH_PIPELINE_LIVE_EVALUATION_H_
#define NUTHATCH_PIPELINE_LIVE_EVALUATION_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "base/latency_histogram.h"
#include "pipeline/cache_news.h"
#include "pipeline/image_symbols.h"
#include "pipeline/live_results.h"
#include "pipeline/live_trace.h"
#include "pipeline/pipeline.h"
#include "pipeline/trace_blocks.h"
#include "pipeline/trace_values.h"

namespace nuthatch {

// What is evaluated together spends so long: microseconds.
struct LiveTimes {
  LatencyHistogram stacks;  // from its last record to when none of its events waits for its stack
  LatencyHistogram evaluation;  // from there to its detections
  LatencyHistogram all;         // from the arrival of its oldest record to its detections
};

// A live trace's events through a pipeline.
class LiveEvaluation final : public LiveOutput {
 public:
  // That events wait for their stacks while no record comes that tells the time: nanoseconds; more
  // by what they wait for cached ones beyond the usual.
  static constexpr int64_t kLongestHeld = 250'000'000;

  // `detecting` is the program whose mappings say which values are looked for (as TraceBlocks has
  // it), `program` the pipeline's. `wake` is called when the pipeline has something to do or room;
  // it and `results` outlive this, as does `joiner`. `debug` reads PDBs for the names in stacks.
  LiveEvaluation(std::shared_ptr<const Program> detecting, std::shared_ptr<const Program> program,
                 const PipelineOptions& options, const std::string& source, TraceJoiner* joiner,
                 LiveResults* results, std::function<void()> wake,
                 std::shared_ptr<DebugHelp> debug = nullptr);
  ~LiveEvaluation() override { pipeline_.Abort(); }

  Status Open() override { return debug_ == nullptr ? Status() : debug_->Open(); }
  TraceOutput* Begin(uint64_t records_before) override;
  void End(uint64_t records, int64_t arrived) override;
  bool HasRoom() const override;
  void Tell() override { results_.Add({}); }
  bool asks_accounts() const override { return asks_accounts_; }
  FileOutput* files() override { return &files_; }
  void Woken() override;
  int64_t due() const override;
  void Finish() override;
  void Abort() override { pipeline_.Abort(); }

  const Pipeline& pipeline() const { return pipeline_; }
  // Any thread: nothing waits for signatures any more.
  void StopWaiting() { pipeline_.StopWaiting(); }
  // Any thread.
  const LiveTimes& times() const { return times_; }

 private:
  // What has been written, with the time at which its oldest record arrived, and its own end.
  struct Written {
    int64_t arrived;
    int64_t ended;
  };

  // What is under way, by when; arrived is 0 where nothing had to.
  struct UnderWay {
    int64_t arrived;
    int64_t submitted;
  };

  void Submit(bool end);
  int64_t EndOfWait() const;  // for stacks, of the first that was written
  void Deliver(BlockResult result);

  const std::shared_ptr<const Program> detecting_;
  const std::shared_ptr<TraceBlockPool> pool_ = std::make_shared<TraceBlockPool>();
  const WaitingStacks::EventTypes asked_stacks_;
  const bool asks_accounts_;
  TraceJoiner& joiner_;
  const std::shared_ptr<DebugHelp> debug_;
  std::unique_ptr<SymbolSource> symbols_;  // nullptr where nobody asks for stacks
  TraceValues values_;
  std::shared_ptr<TraceBlock> block_;
  HeldBlocks held_;              // whose events may have stacks to come
  std::deque<Written> written_;  // of these
  LiveResults& results_;
  const std::function<void()> wake_;
  const size_t most_under_way_;
  std::atomic<size_t> under_way_ = 0;
  std::atomic<bool> news_ = false;
  LiveTimes times_;
  std::mutex mutex_;
  std::deque<UnderWay> all_under_way_;  // in order
  Pipeline pipeline_;                   // last: its threads use all above
  uint32_t source_;
  CacheNews files_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_LIVE_EVALUATION_H_
