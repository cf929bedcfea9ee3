#include "pipeline/parked_events.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <regex>
#include <set>

#include "evaluate/plan_builder.h"
#include "pipeline/pipeline.h"
#include "telemetry/maps_builder.h"

namespace nuthatch {
namespace {

using std::chrono::milliseconds;

std::shared_ptr<const Mappings> StandardForm() {
  TestMapping mapping;
  mapping.name = "standard";
  mapping.recognise = {{"event_type"}};
  mapping.label = Field("event_type");
  for (const EventType type : {EventType::kImageLoad, EventType::kPipe, EventType::kProcessStart,
                               EventType::kFileModify, EventType::kFileRename}) {
    TestRoute route{type, {{Field("event_type"), {std::string(EventTypeName(type))}}}, {}};
    for (const PropertyId id :
         {PropertyId::kImagePath, PropertyId::kImageName, PropertyId::kProcessPath,
          PropertyId::kProcessGuid, PropertyId::kImageSignatureStatus, PropertyId::kFilePath,
          PropertyId::kFilePreviousPath}) {
      route.set.push_back({id, Field(PropertyName(id))});
    }
    route.set.push_back(
        {PropertyId::kImageSigned, Apply(Operation::kBoolean, {Field("image_signed")})});
    route.set.push_back(
        {PropertyId::kImageTimestamp, Apply(Operation::kNumber, {Field("image_timestamp")})});
    mapping.routes.push_back(std::move(route));
  }
  return LoadMappings({mapping});
}

// d0: an image load whose image is unsigned. d1: whose process is. d2: whose image is unsigned and
// called x.dll. d3: who.dll is signed by somebody.
std::shared_ptr<const Plan> Detectors() {
  PlanBuilder builder(EventType::kImageLoad);
  const Literal image =
      builder.Text(PropertyId::kImageSignatureStatus, MatchKind::kEquals, {"unsigned"});
  const Literal process =
      builder.Text(PropertyId::kProcessSignatureStatus, MatchKind::kEquals, {"unsigned"});
  const Literal named = builder.Text(PropertyId::kImageName, MatchKind::kEquals, {"x.dll"});
  const Literal who = builder.Text(PropertyId::kImageName, MatchKind::kEquals, {"who.dll"});
  const Literal signer = builder.Text(PropertyId::kImageSigner, MatchKind::kEquals, {"Somebody"});
  builder.AddNode(0, image, {0});
  builder.AddNode(0, process, {1});
  builder.AddNode(0, builder.And({named, image}), {2});
  builder.AddNode(0, builder.And({who, signer}), {3});
  return builder.Load();
}

// Files called "bad…" are unsigned, and all others trusted. Checks wait until they are let go.
class ParkedEventsTest : public testing::Test {
 protected:
  ~ParkedEventsTest() override { LetGo(); }

  Pipeline& Start(milliseconds deadline = std::chrono::minutes(10), size_t threads = 1,
                  const SignatureCacheOptions& cache = {}) {
    return StartWith({.make_verify = nullptr, .cache = cache, .deadline = deadline}, threads);
  }
  Pipeline& StartWith(SignatureOptions signatures, size_t threads = 1) {
    const auto verify = [this](const VerifyRequest& request, const std::atomic<bool>& stop) {
      std::unique_lock lock(mutex_);
      ++checks_[request.path];
      while (held_ && !stop) changed_.wait_for(lock, milliseconds(1));
      if (check_takes_.count() > 0)
        changed_.wait_for(lock, check_takes_, [&] { return stop.load(); });
      FileVerdict verdict;
      const bool bad = request.path.find("bad") != std::string::npos || bad_.contains(request.path);
      verdict.status = bad ? TrustStatus::kUnsigned : TrustStatus::kTrusted;
      return verdict;
    };
    PipelineOptions options;
    options.threads = threads;
    signatures.make_verify = [verify] { return verify; };
    options.signatures = std::move(signatures);
    pipeline_ = std::make_unique<Pipeline>(
        std::make_shared<Program>(Detectors(), StandardForm(), Output::kDetections), options,
        [this](BlockResult result) {
          const std::lock_guard lock(mutex_);
          results_.push_back(std::move(result));
          changed_.notify_all();
        },
        [this] {
          const std::lock_guard lock(mutex_);
          ++news_;
          changed_.notify_all();
        });
    source_ = pipeline_->AddSource("a.ndjson");
    return *pipeline_;
  }
  void Hold() {
    const std::lock_guard lock(mutex_);
    held_ = true;
  }
  void LetGo() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_all();
  }
  void Submit(std::string lines) {
    pipeline_->Submit(source_, texts_.emplace_back(std::move(lines)));
  }
  BlockResult Result(size_t i) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return results_.size() > i; });
    return results_[i];
  }
  // What comes of a block, its events being waited for.
  BlockResult Run(std::string lines) {
    Submit(std::move(lines));
    pipeline_->Settle();
    pipeline_->Close();
    BlockResult all;
    for (BlockResult& result : results_) all.Append(std::move(result));
    return all;
  }
  int ChecksOf(const std::string& path) {
    const std::lock_guard lock(mutex_);
    return checks_[path];
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  int news_ = 0;
  milliseconds check_takes_{0};
  std::set<std::string> bad_;
  std::map<std::string, int> checks_;
  std::vector<BlockResult> results_;
  std::list<std::string> texts_;  // outlive the pipeline
  uint32_t source_ = 0;
  std::unique_ptr<Pipeline> pipeline_;
};

std::string Load(const std::string& image, const std::string& more = "") {
  return R"({"event_type":"image_load","image_path":")" + image + "\"" + more + "}\n";
}

// Of the records on which a detector fires.
std::vector<std::string> LinesOf(const std::string& detector, const std::string& output) {
  std::vector<std::string> lines;
  const std::regex line("\"detector\":\"" + detector + "\"[^\n]*?\"line\":(\\d+)");
  for (std::sregex_iterator it(output.begin(), output.end(), line), end; it != end; ++it)
    lines.push_back((*it)[1]);
  return lines;
}

TEST_F(ParkedEventsTest, AnEventWaitsAndOthersGoOn) {
  Hold();
  Start();
  Submit("\n" + Load("bad.dll") + Load("told.dll", R"(,"image_signature_status":"unsigned")"));
  const BlockResult first = Result(0);
  EXPECT_EQ(first.events, 2u);
  EXPECT_EQ(first.detections, 1u) << "what its record tells is known";
  EXPECT_NE(first.output.find("told.dll"), std::string::npos);
  EXPECT_EQ(first.undecided, 0u);
  LetGo();
  pipeline_->Settle();
  const BlockResult later = Result(1);
  EXPECT_EQ(later.detections, 1u);
  EXPECT_EQ(later.lines, 0u);
  EXPECT_NE(later.output.find(R"("source":"a.ndjson","line":2)"), std::string::npos)
      << later.output;
  EXPECT_NE(later.output.find(R"("image_signature_status":"unsigned")"), std::string::npos);
  EXPECT_EQ(ChecksOf("told.dll"), 0);
}

TEST_F(ParkedEventsTest, AModulesSignatureIsNotItsProcesss) {
  Start();
  const std::string output = Run(Load("good.dll", R"(,"process_path":"bad.exe")") +
                                 Load("bad.dll", R"(,"process_path":"good.exe")"))
                                 .output;
  EXPECT_EQ(LinesOf("d0", output), (std::vector<std::string>{"2"})) << output;
  EXPECT_EQ(LinesOf("d1", output), (std::vector<std::string>{"1"})) << output;
}

TEST_F(ParkedEventsTest, AnImageIsVerifiedOnceWhereverItIsMapped) {
  Start();
  std::string lines;
  for (int i = 0; i < 50; ++i)
    lines += Load("bad.dll", R"(,"image_base":")" + std::to_string(i * 0x10000) + "\"");
  EXPECT_EQ(Run(lines).detections, 50u);
  EXPECT_EQ(ChecksOf("bad.dll"), 1);
}

TEST_F(ParkedEventsTest, WhatIsFalseWhateverTheSignatureDoesNotWait) {
  Hold();
  Start();
  Submit(Load("good.dll", R"(,"image_name":"y.dll","process_path":"p.exe")"));
  EXPECT_EQ(Result(0).undecided, 0u);
  LetGo();
  pipeline_->Settle();
  EXPECT_EQ(Result(1).detections, 0u);
}

TEST_F(ParkedEventsTest, AfterItsTimeWhatHangsOnItIsUndecided) {
  Hold();
  Start(milliseconds(20));
  const BlockResult result = Run(Load("bad.dll", R"(,"image_name":"x.dll")"));
  EXPECT_EQ(result.detections, 0u);
  EXPECT_EQ(result.undecided, 2u) << "d0 and d2";
}

TEST_F(ParkedEventsTest, AChangeInTheStreamEndsWhatWasKnown) {
  Start();
  Submit(Load("a.dll") + Load("b.dll"));
  pipeline_->Settle();
  Result(1);
  bad_ = {"a.dll", "b.dll"};
  const BlockResult result =
      Run(R"({"event_type":"file_rename","file_previous_path":"b.dll","file_path":"A.dll"})"
          "\n" +
          Load("a.dll") + Load("b.dll"));
  EXPECT_EQ(result.detections, 2u);
  EXPECT_EQ(ChecksOf("a.dll"), 2) << "it is another file now";
  EXPECT_EQ(ChecksOf("b.dll"), 2) << "it is not there any more";
}

TEST_F(ParkedEventsTest, ManyEventsOnManyThreadsAreEachToldOnce) {
  Start(std::chrono::minutes(10), 4);
  std::string lines;
  for (int i = 0; i < 3000; ++i)
    lines += Load((i % 3 == 0 ? "bad" : "good") + std::to_string(i % 100));
  EXPECT_EQ(Run(lines).detections, 1000u);
}

// Nothing of what that check would have found out is known, so that no negation is true either.
TEST_F(ParkedEventsTest, WhatHangsOnACheckThatWasGivenUpIsUndecided) {
  SignatureCacheOptions cache;
  cache.pool.deadline = milliseconds(20);
  Hold();
  Start(std::chrono::minutes(10), 1, cache);
  const BlockResult result = Run(Load("bad.dll", R"(,"image_name":"who.dll")"));
  EXPECT_EQ(result.detections, 0u);
  EXPECT_EQ(result.undecided, 2u) << "d0, which asks for the status, and d3";
}

TEST_F(ParkedEventsTest, OnceNobodyWaitsWhatHangsOnASignatureIsUndecidedAtOnce) {
  Hold();
  Start();
  Submit(Load("bad.dll", R"(,"image_name":"x.dll")") + Load("bad.dll"));
  EXPECT_EQ(Result(0).undecided, 0u);
  pipeline_->Settle();
  pipeline_->StopWaiting();
  EXPECT_EQ(Result(1).undecided, 3u) << "d0 and d2, then d0";
  Submit(Load("worse.dll"));
  EXPECT_EQ(Result(2).undecided, 1u) << "there is no room for it any more";
}

TEST_F(ParkedEventsTest, AbortingWaitsForNoSignature) {
  Hold();
  Start();
  Submit(Load("bad.dll"));
  Result(0);
  pipeline_->Settle();
  pipeline_->Abort();
  LetGo();
}

TEST_F(ParkedEventsTest, WhatTheyBecomeIsToldBeforeAnythingElseComes) {
  Hold();
  Start();
  Submit(Load("bad.dll"));
  EXPECT_EQ(Result(0).detections, 0u);
  EXPECT_EQ(news_, 0);
  LetGo();
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return news_ > 0; });
  }
  pipeline_->Flush();
  EXPECT_EQ(Result(1).detections, 1u);
}

// Recorded input on a machine that is slow: as many events as there is room for wait, and then
// their reader.
class RecordedInput : public ParkedEventsTest {
 protected:
  static constexpr int kLoads = 600;
  static constexpr int kFiles = 60;

  BlockResult RunAll(milliseconds check_takes, milliseconds file_deadline, size_t threads) {
    check_takes_ = check_takes;
    SignatureOptions signatures;
    signatures.deadline = std::nullopt;
    signatures.room = {.events = 4, .bytes = 4000};
    signatures.cache.pool = {.threads = 2, .queue = 2, .deadline = file_deadline};
    StartWith(std::move(signatures), threads);
    std::string lines;
    for (int i = 0; i < kLoads; ++i) {
      const std::string file = std::to_string(i % kFiles) + ".dll";
      lines += Load((i % 3 == 0 ? "bad" : "good") + file);
      if (i % 7 == 0)  // as from a stream that goes on to change its files
        lines += R"({"event_type":"file_modify","file_path":")" + ("bad" + file) + "\"}\n";
    }
    return Run(lines);
  }
};

TEST_F(RecordedInput, HasTheSameDetectionsOnAFastMachine) {
  const BlockResult result = RunAll(milliseconds(0), std::chrono::minutes(1), 3);
  EXPECT_EQ(result.detections, static_cast<uint64_t>(kLoads / 3));
  EXPECT_EQ(result.undecided, 0u);
}

TEST_F(RecordedInput, HasTheSameDetectionsOnASlowMachine) {
  const BlockResult result = RunAll(milliseconds(10), std::chrono::minutes(1), 1);
  EXPECT_EQ(result.detections, static_cast<uint64_t>(kLoads / 3));
  EXPECT_EQ(result.undecided, 0u);
  EXPECT_EQ(pipeline_->signatures()->dropped, 0u);
  EXPECT_EQ(pipeline_->signatures()->timed_out, 0u);
}

TEST_F(RecordedInput, HangsOnNoFileForLongerThanAFileMayTake) {
  Hold();
  const BlockResult result = RunAll(milliseconds(0), milliseconds(1), 1);
  EXPECT_EQ(result.detections, 0u);
  EXPECT_GE(result.undecided, static_cast<uint64_t>(kLoads));
}

// An answer may be gone from the cache before those who waited for it are evaluated.
class RecordedInputOfManyFiles : public RecordedInput {
 protected:
  static constexpr int kMany = 100;

  BlockResult RunHeld(const std::string& lines, const SignatureCacheOptions& cache) {
    Hold();
    SignatureOptions signatures;
    signatures.deadline = std::nullopt;
    signatures.cache = cache;
    StartWith(std::move(signatures));
    Submit(lines);
    std::thread let_go([this] {
      Result(0);  // all wait
      LetGo();
    });
    pipeline_->Settle();
    let_go.join();
    pipeline_->Close();
    BlockResult all;
    for (BlockResult& result : results_) all.Append(std::move(result));
    return all;
  }
};

TEST_F(RecordedInputOfManyFiles, VerifiesOnePathOncePerSetOfNumbers) {
  SignatureOptions signatures;
  signatures.deadline = std::nullopt;
  StartWith(std::move(signatures), 2);
  std::string lines;
  for (int i = 1; i <= kMany; ++i)
    lines += Load("bad.dll", R"(,"image_timestamp":)" + std::to_string(i));
  const BlockResult result = Run(lines);
  EXPECT_EQ(result.detections, uint64_t{kMany});
  EXPECT_EQ(result.undecided, 0u);
  EXPECT_EQ(ChecksOf("bad.dll"), kMany);
}

// With a place for each shard, every answer pushes out another.
TEST_F(RecordedInputOfManyFiles, VerifiesEachOnceWhateverTheCacheHasRoomFor) {
  SignatureOptions signatures;
  signatures.deadline = std::nullopt;
  signatures.cache.capacity = 1;
  StartWith(std::move(signatures), 2);
  constexpr int kFar = 5000;
  std::string lines;
  for (int i = 0; i < kFar; ++i)
    lines += Load("bad" + std::to_string(i), R"(,"process_path":"p)" + std::to_string(i) + "\"");
  const BlockResult result = Run(lines);
  EXPECT_EQ(result.detections, uint64_t{kFar});
  EXPECT_EQ(result.undecided, 0u);
  for (const auto& [path, checks] : checks_) EXPECT_EQ(checks, 1) << path;
  EXPECT_EQ(checks_.size(), size_t{2} * kFar) << "images, and the processes'";
}

TEST_F(RecordedInputOfManyFiles, AsksNotAgainForAnswersThatAreNotKept) {
  SignatureCacheOptions cache;
  cache.error_ttl = milliseconds(0);
  cache.ttl = milliseconds(0);
  std::string lines;
  for (int i = 0; i < kMany; ++i) lines += Load("bad.dll", R"(,"process_path":"p.exe")");
  const BlockResult result = RunHeld(lines, cache);
  EXPECT_EQ(result.detections, uint64_t{kMany});
  EXPECT_EQ(result.undecided, 0u);
  EXPECT_EQ(ChecksOf("bad.dll"), 1);
  EXPECT_EQ(ChecksOf("p.exe"), 1);
}

TEST_F(RecordedInput, IsHeldBackNoMoreOnceItIsStopped) {
  Hold();
  SignatureOptions signatures;
  signatures.deadline = std::nullopt;
  signatures.room = {.events = 2, .bytes = 1 << 20};
  StartWith(std::move(signatures));
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += Load("bad" + std::to_string(i));
  Submit(lines);
  pipeline_->StopWaiting();
  EXPECT_EQ(Result(0).detections, 0u);
  pipeline_->Close();
}

}  // namespace
}  // namespace nuthatch
