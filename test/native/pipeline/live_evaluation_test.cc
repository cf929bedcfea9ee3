// A live trace's events on their way to what comes of them.
#include "pipeline/live_evaluation.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "live/play.h"
#include "pipeline/signature_rules.h"

namespace nuthatch {
namespace {

using namespace std::chrono_literals;

std::shared_ptr<const Program> Images(Output output) {
  return std::make_shared<Program>(
      AsksFor(EventType::kImageLoad, PropertyId::kImageSignatureStatus), Traces(), output);
}

// One event, and nothing for an hour: no record comes that tells the time.
class OnAnIdleMachine : public testing::Test {
 protected:
  void Play() {
    const Bytes trace = WrittenTrace({{ImageLoad({.tick = 2}, 700, kDllPath),
                                       ImageLoad({.tick = 3600 * kSecond}, 700, kExePath)}});
    const auto program = Images(Output::kEvents);
    SessionRequest session = KernelSession();
    session.kernel_flags = 7;
    LiveTraceOptions options;
    options.source.sessions = {session};
    LiveResults results([this] {
      const std::lock_guard lock(mutex_);
      ++wakes_;
      changed_.notify_all();
    });
    LiveEvaluation* evaluation = nullptr;
    std::unique_ptr<LiveTrace> played;
    played = std::make_unique<LiveTrace>(
        Playing(trace, {.speed = 1}), options, [&](TraceJoiner* joiner) {
          auto made = std::make_unique<LiveEvaluation>(program, program, PipelineOptions(), "a.etl",
                                                       joiner, &results, [&] { played->Wake(); });
          evaluation = made.get();
          return made;
        });
    played->Start([](const Status& status) { EXPECT_TRUE(status.ok()) << status.message(); }, [] {},
                  [] {});
    for (int taken = 1; events_ == 0; ++taken) {
      std::unique_lock lock(mutex_);
      // Only a fault takes a minute.
      ASSERT_TRUE(changed_.wait_for(lock, 1min, [&] { return wakes_ >= taken; }));
      lock.unlock();
      const std::optional<BlockResult> result = results.Take();
      if (result) events_ += result->events;
    }
    stacks_ = evaluation->times().stacks.Percentile(1);
    all_ = evaluation->times().all.Percentile(1);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int wakes_ = 0;
  uint64_t events_ = 0;
  uint64_t stacks_ = 0;  // the longest of each, in microseconds
  uint64_t all_ = 0;
};

TEST_F(OnAnIdleMachine, AnEventWhoseStackNeverComesIsGivenOut) {
  Play();
  EXPECT_EQ(events_, 1u);
}

TEST_F(OnAnIdleMachine, TheTimesSayHowLongItWasHeld) {
  Play();
  EXPECT_GE(stacks_, LiveEvaluation::kLongestHeld / 1000);
  EXPECT_GE(all_, LiveEvaluation::kLongestHeld / 1000) << "since it arrived";
}

class LiveEvaluationTest : public testing::Test {
 protected:
  ~LiveEvaluationTest() override { LetGo(); }

  // While a file is held its event waits for it, and whatever comes after that waits for room.
  PipelineOptions Options() {
    const auto verify = [this](const VerifyRequest&, const std::atomic<bool>&) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !held_; });
      FileVerdict verdict;
      verdict.status = TrustStatus::kUnsigned;
      return verdict;
    };
    PipelineOptions options;
    options.signatures.emplace().make_verify = [verify] { return verify; };
    options.signatures->deadline = std::nullopt;
    options.signatures->room.events = 1;
    return options;
  }

  void Open() {
    const auto program = Images(Output::kDetections);
    evaluation_ = std::make_unique<LiveEvaluation>(program, program, Options(), "a.etl",
                                                   stage_.joiner(), &results_, [this] {
                                                     const std::lock_guard lock(mutex_);
                                                     ++woken_;
                                                     changed_.notify_all();
                                                   });
  }

  // Loads of an image each, a block for each record.
  void Give(size_t loads) {
    std::vector<Bytes> records;
    for (size_t i = 0; i < loads; ++i)
      records.push_back(ImageLoad({.tick = i}, 700, R"(\a)" + std::to_string(i) + ".dll"));
    const Bytes trace = WrittenTrace({records});
    const std::unique_ptr<TraceReader> reader = nuthatch::Open(trace);
    for (EtwRecord record; reader->Next(&record);) {
      stage_.Give(record, evaluation_->Begin(stage_.records()));
      evaluation_->End(stage_.records(), ClockNanoseconds());
    }
  }

  void LetGo() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = true;
  int woken_ = 0;
  RecordStage stage_{EventFilter()};
  LiveResults results_{[] {}};
  std::unique_ptr<LiveEvaluation> evaluation_;
};

TEST_F(LiveEvaluationTest, HasNoRoomWhileTooMuchIsUnderWay) {
  Open();
  EXPECT_TRUE(evaluation_->HasRoom());
  Give(4);
  EXPECT_FALSE(evaluation_->HasRoom()) << "of four the first waits, and the three after it for it";
  LetGo();
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return evaluation_->HasRoom(); });
  }
  evaluation_->Finish();
  const std::optional<BlockResult> result = results_.Take();
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->detections, 4u);
}

// What pending files have told is a step without records.
TEST_F(LiveEvaluationTest, StepsThatNoRecordWaitedForAreNotTimed) {
  Open();
  Give(2);
  LetGo();
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return woken_ > 0; });
  }
  evaluation_->Woken();
  evaluation_->Finish();
  constexpr uint64_t kHour = 3600ull * 1'000'000;
  EXPECT_LT(evaluation_->times().all.Percentile(1), kHour);
  EXPECT_LT(evaluation_->times().evaluation.Percentile(1), kHour);
}

TEST_F(LiveEvaluationTest, HasNoRoomWhileNobodyTakesWhatHasComeOfIt) {
  Open();
  BlockResult result;
  result.output.resize(LiveResults::kMostBytes);
  results_.Add(std::move(result));
  EXPECT_FALSE(evaluation_->HasRoom());
  results_.Take();
  EXPECT_TRUE(evaluation_->HasRoom());
}

}  // namespace
}  // namespace nuthatch
