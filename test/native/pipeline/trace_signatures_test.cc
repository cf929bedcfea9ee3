// What a trace says of files, besides its events, as far as it matters to the cache of signatures.
#include <gtest/gtest.h>

#include <condition_variable>
#include <map>
#include <mutex>

#include "pipeline/opening.h"
#include "pipeline/pipeline.h"
#include "pipeline/signature_rules.h"
#include "pipeline/trace_blocks.h"

namespace nuthatch {
namespace {

constexpr uint64_t kFile = 0xFFFF'8000'0000'0100;
constexpr uint64_t kIrp = 0xFFFF'8000'0000'0300;
Bytes TraceOf(const std::vector<Bytes>& records) {
  EtlWriter writer({.buffer_size = 1 << 16});
  writer.Add({.records = records});
  return writer.bytes();
}

EventFilter WhatHappens() {
  EventFilter filter;
  filter.standard.emplace();
  return filter;
}

// The status of each path is `status_`.
class TraceSignatures : public testing::Test {
 protected:
  void Start(std::shared_ptr<const Plan> plan) {
    const auto verify = [this](const VerifyRequest& request, const std::atomic<bool>&) {
      const std::lock_guard lock(mutex_);
      ++checks_[request.path];
      numbers_ = request.numbers;
      FileVerdict verdict;
      verdict.status = status_;
      return verdict;
    };
    PipelineOptions options;
    options.signatures.emplace().make_verify = [verify] { return verify; };
    options.signatures->cache.windows_volume = windows_;
    program_ = std::make_shared<Program>(std::move(plan), Traces(), Output::kDetections);
    pipeline_ = std::make_unique<Pipeline>(program_, options, [this](const BlockResult& result) {
      const std::lock_guard lock(mutex_);
      detections_ += result.detections;
      ++delivered_;
      changed_.notify_all();
    });
    source_ = pipeline_->AddSource("a.etl");
  }
  void StartForImages() {
    Start(AsksFor(EventType::kImageLoad, PropertyId::kImageSignatureStatus));
  }
  void StartForProcesses() {
    Start(AsksFor(EventType::kProcessStart, PropertyId::kProcessSignatureStatus));
  }
  // All that is in a trace, and what waits in the end. What is only warmed is waited for before the
  // events come, as a machine would do that is fast enough.
  void Run(const std::vector<Bytes>& records) {
    const Bytes trace = TraceOf(records);
    TraceBlocks blocks(Opening(trace), WhatHappens(), program_);
    for (bool done = false; !done;) {
      std::shared_ptr<const TraceBlock> block;
      ASSERT_TRUE(blocks.Next(&block, &done).ok());
      pipeline_->Submit(source_, block, 0);
      AwaitDelivered();
      if (block->events.empty()) AwaitIdle();
    }
    pipeline_->Settle();
    AwaitDelivered();
  }
  void AwaitDelivered() {
    std::unique_lock lock(mutex_);
    ++submitted_;
    changed_.wait(lock, [&] { return delivered_ == submitted_; });
  }
  void AwaitIdle() {
    const auto busy = [](const SignatureCacheStatistics& statistics) {
      return statistics.queued + statistics.running > 0;
    };
    while (busy(*pipeline_->signatures())) std::this_thread::yield();
  }
  int ChecksOf(const std::string& path) {
    const std::lock_guard lock(mutex_);
    return checks_[path];
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, int> checks_;
  std::shared_ptr<WindowsVolume> windows_;
  ImageNumbers numbers_;  // asked for last
  TrustStatus status_ = TrustStatus::kUnsigned;
  uint64_t detections_ = 0;
  int submitted_ = 0;
  int delivered_ = 0;
  std::shared_ptr<const Program> program_;
  uint32_t source_ = 0;
  std::unique_ptr<Pipeline> pipeline_;
};

Bytes Rundown(uint8_t type, std::string_view path) {
  return ImageRecord({.tick = 1}, 0x14, type, 700, 0x7FF6'0000'0000, path);
}
Bytes Loaded(uint64_t tick, std::string_view path = kDllPath) {
  return ImageLoad({tick}, 700, path);
}

// The rundown of the kernel's logger stands at the end of a trace, mostly.
TEST_F(TraceSignatures, ImagesThatRunAreVerifiedBeforeAnythingHappens) {
  for (const uint8_t rundown : {kDcStart, kDcEnd}) {
    StartForImages();
    Run({Loaded(2), Rundown(rundown, kDllPath), Rundown(rundown, kDllPath),
         Rundown(rundown, kExePath)});
    const SignatureCacheStatistics statistics = *pipeline_->signatures();
    EXPECT_EQ(detections_, 1u);
    EXPECT_EQ(statistics.prewarmed, 2u) << "however many processes have it";
    EXPECT_EQ(statistics.misses, 0u);
    EXPECT_EQ(statistics.hits, 1u);
    pipeline_.reset();
    detections_ = 0;
    submitted_ = delivered_ = 0;
  }
}

// Another file has taken the place of the program that was started, or of the image.
TEST_F(TraceSignatures, AFileWithAnotherHeaderThanTheImageIsEvasion) {
  status_ = TrustStatus::kImageMismatch;
  Start(AsksWhether(EventType::kProcessStart, PropertyId::kEvasionProcessImageMismatch));
  Run({ProcessIs(1, 3, 700)});
  EXPECT_EQ(detections_, 1u);
  Start(AsksWhether(EventType::kImageLoad, PropertyId::kEvasionImageMismatch));
  Run({Loaded(2)});
  EXPECT_EQ(detections_, 2u);
  status_ = TrustStatus::kTrusted;
  Start(AsksWhether(EventType::kImageLoad, PropertyId::kEvasionImageMismatch));
  Run({Loaded(2)});
  EXPECT_EQ(detections_, 2u) << "it is that of the image";
}

TEST_F(TraceSignatures, WithoutARundownAnImagesFirstLoadIsAMiss) {
  StartForImages();
  Run({Loaded(2)});
  EXPECT_EQ(pipeline_->signatures()->misses, 1u);
  EXPECT_EQ(pipeline_->signatures()->prewarmed, 0u);
}

TEST_F(TraceSignatures, NothingIsVerifiedThatNoDetectorAsksFor) {
  StartForProcesses();
  Run({Rundown(kDcStart, kDllPath)});
  EXPECT_EQ(pipeline_->signatures()->prewarmed, 0u);
}

const Bytes kProcessRuns = ProcessIs(15, 1, 500);
const Bytes kProcessStarts = ProcessIs(1, 3, 600);

TEST_F(TraceSignatures, AProcesssImageMustBeTheOneOfItsHeader) {
  StartForProcesses();
  Run({kProcessStarts});
  EXPECT_EQ(numbers_, (ImageNumbers{.timestamp = 0xF2222222, .checksum = 0x1111}));
  EXPECT_EQ(detections_, 1u);
}

TEST_F(TraceSignatures, ImagesOfProcessesThatRunAreVerifiedToo) {
  StartForProcesses();
  Run({kProcessRuns, kProcessStarts});
  EXPECT_EQ(pipeline_->signatures()->prewarmed, 1u);
  EXPECT_EQ(pipeline_->signatures()->misses, 0u);
  EXPECT_EQ(detections_, 1u);
}

Bytes Opened(uint32_t disposition) {
  constexpr uint32_t kOptions = 0x405;  // low bits that look like dispositions
  return Kernel({.tick = 3}, 4, 0x40, 3,
                Payload()
                    .Ptr(kIrp)
                    .Ptr(kFile)
                    .U32(20)
                    .U32(disposition << 24 | (kOptions & ~1u))
                    .U32(0)
                    .U32(0)
                    .Wide(kDllPath));
}
Bytes Completed(uint64_t information, uint32_t status) {
  return Kernel({.tick = 4}, 4, 0x4C, 2, Payload().Ptr(kIrp).Ptr(information).U32(status));
}
Bytes Written(uint64_t tick) {
  return Kernel({.tick = tick}, 4, 0x44, 3,
                Payload().U64(0).Ptr(kIrp).Ptr(kFile).Ptr(1).U32(20).U32(5).U32(0));
}
Bytes Closed(uint64_t tick) {
  return Kernel({.tick = tick}, 4, 0x42, 3, Payload().Ptr(kIrp).Ptr(kFile).Ptr(1).U32(20));
}

Bytes SetInformation(uint32_t what) {
  return Kernel({.tick = 5}, 4, 0x45, 3,
                Payload().Ptr(kIrp).Ptr(kFile).Ptr(1).Ptr(1).U32(20).U32(what));
}
Bytes LinkedAs(std::string_view path) {
  return Kernel({.tick = 5}, 4, 0x51, 3,
                Payload().Ptr(kIrp).Ptr(kFile).Ptr(1).Ptr(0).U32(20).U32(11).Wide(path));
}

struct Create {
  uint32_t disposition;
  std::optional<uint64_t> information;  // of the operation's end, if that is in the trace
  uint32_t status;
  bool replaces;
};

class Creates : public TraceSignatures, public testing::WithParamInterface<Create> {};

TEST_P(Creates, EndWhatIsKnownOfAFileThatTheyReplace) {
  const Create& create = GetParam();
  StartForImages();
  Run({Loaded(2)});
  std::vector<Bytes> records = {Opened(create.disposition)};
  if (create.information) records.push_back(Completed(*create.information, create.status));
  Run(records);
  Run({Loaded(2)});
  EXPECT_EQ(ChecksOf(std::string(kDllPath)) + ChecksOf("C:\\a.dll"), create.replaces ? 2 : 1);
  EXPECT_EQ(detections_, 2u);
}

constexpr uint32_t kAccessDenied = 0xC0000022;
// What came of a create has other numbers than what was asked for: 3 is FILE_OVERWRITTEN, and as a
// disposition "open, or create".
INSTANTIATE_TEST_SUITE_P(TraceSignatures, Creates,
                         testing::Values(Create{0, {}, 0, true}, Create{1, {}, 0, false},
                                         Create{3, {}, 0, false}, Create{4, {}, 0, true},
                                         Create{5, {}, 0, true}, Create{0, 0, 0, true},
                                         Create{3, 1, 0, false}, Create{3, 2, 0, true},
                                         Create{4, 3, 0, true}, Create{5, 3, 0, true},
                                         Create{5, 3, kAccessDenied, false},
                                         Create{5, 1, 0, false}));

// The key of an image has no base address: it is verified once, wherever it is mapped.
TEST_F(TraceSignatures, AnImageIsVerifiedOnceWhereverItIsMapped) {
  StartForImages();
  const auto loaded_at = [](uint64_t tick, uint64_t base) {
    return ImageRecord({.tick = tick}, 0x14, 0x0A, 700, base, kDllPath);
  };
  Run({loaded_at(2, 0x7FF6'0000'0000), loaded_at(3, 0x7FF7'1234'0000)});
  EXPECT_EQ(detections_, 2u);
  EXPECT_EQ(ChecksOf(std::string(kDllPath)), 1);
  EXPECT_EQ(pipeline_->signatures()->misses, 1u);
}

TEST_F(TraceSignatures, SettingTheLengthOfAFileEndsWhatIsKnownOfIt) {
  constexpr uint32_t kBasicInformation = 4;
  for (const auto& [what, checks] :
       {std::pair{19u, 2}, std::pair{20u, 2}, std::pair{kBasicInformation, 1}}) {
    checks_.clear();
    StartForImages();
    Run({Loaded(2)});
    Run({Opened(1), Completed(1, 0), SetInformation(what)});
    Run({Loaded(2)});
    EXPECT_EQ(ChecksOf(std::string(kDllPath)), checks) << what;
    pipeline_.reset();
    submitted_ = delivered_ = 0;
  }
}

TEST_F(TraceSignatures, ALinkTakesTheNameOfAnotherFile) {
  StartForImages();
  Run({Loaded(2)});
  Run({LinkedAs(kDllPath)});
  Run({Loaded(2)});
  EXPECT_EQ(ChecksOf(std::string(kDllPath)), 2);
}

// Where ends of operations are told, that of this one was lost.
TEST_F(TraceSignatures, AFileThatMayHaveBeenReplacedIsSoOnceItIsClosed) {
  constexpr uint32_t kOverwriteIf = 5;
  StartForImages();
  Run({Loaded(2)});
  Run({Completed(1, 0), Opened(kOverwriteIf), Closed(7)});
  Run({Loaded(2)});
  EXPECT_EQ(ChecksOf(std::string(kDllPath)), 2);
}

// Of an image on another disk nothing is known: it is not the file of that path on Windows' disk.
TEST_F(TraceSignatures, WhichDiskIsWindowsATraceTells) {
  constexpr std::string_view kLoader = R"(\Device\HarddiskVolume3\Windows\System32\ntdll.dll)";
  constexpr std::string_view kOther = R"(\Device\HarddiskVolume7\a.dll)";
  windows_ = std::make_shared<WindowsVolume>();
  StartForImages();
  Run({Loaded(2, kOther), Loaded(3, kLoader), Loaded(4, kDllPath)});
  EXPECT_TRUE(windows_->Is(3));
  EXPECT_EQ(ChecksOf(std::string(kOther)), 1);
  EXPECT_EQ(ChecksOf(R"(C:\a.dll)"), 1);
}

// News of files alone.
class News final : public TraceOutput {
 public:
  void Add(const DecodedEvent&, const JoinedEvent& joined, uint64_t) override {
    if (joined.happened) told.push_back(std::string(EventTypeName(*joined.happened)));
  }
  void AddFile(FileNews news, std::string_view path, const ImageNumbers&) override {
    EXPECT_EQ(news, FileNews::kChanged);
    told.push_back(std::string(path));
  }
  bool full() const override { return false; }

  std::vector<std::string> told;
};

// What happened is told once; what was verified in between is not what is there in the end.
TEST(TraceEvents, TellsOfEachWriteWhereSomebodyFollowsImages) {
  const Bytes trace = TraceOf({Opened(1), Written(5), Written(6), Closed(7), Closed(8)});
  for (const bool follows : {true, false}) {
    TraceEvents events(Opening(trace), WhatHappens());
    if (follows) events.joiner()->FollowImages(/*loads=*/false);
    News news;
    for (bool done = false; !done;) ASSERT_TRUE(events.Next(&news, &done).ok());
    std::vector<std::string> expected = {"file_modify"};
    if (follows) expected.insert(expected.end(), 2, std::string(kDllPath));
    EXPECT_EQ(news.told, expected);
  }
}

}  // namespace
}  // namespace nuthatch
