// What a trace says of files, besides its events, as far as it matters to the cache of signatures.
#include <gtest/gtest.h>

#include <condition_variable>
#include <map>
#include <mutex>

#include "evaluate/plan_builder.h"
#include "pipeline/opening.h"
#include "pipeline/pipeline.h"
#include "pipeline/trace_blocks.h"
#include "telemetry/maps_builder.h"
#include "trace/trace_records.h"

namespace nuthatch {
namespace {

constexpr uint64_t kFile = 0xFFFF'8000'0000'0100;
constexpr uint64_t kIrp = 0xFFFF'8000'0000'0300;
constexpr std::string_view kDll = "\\Device\\HarddiskVolume3\\a.dll";
constexpr std::string_view kExe = "\\Device\\HarddiskVolume3\\a.exe";

std::shared_ptr<const Mappings> Traces() {
  TestMapping mapping;
  mapping.recognise = {{"guid", "time", "fields"}};
  mapping.label = Field("guid");
  const auto number = [](PropertyId id, std::string_view field) {
    return std::pair{id, Apply(Operation::kNumber, {Field(field)})};
  };
  for (const EventType type : {EventType::kImageLoad, EventType::kProcessStart,
                               EventType::kFileCreate, EventType::kFileModify}) {
    TestRoute route{type, {{Field("happened"), {std::string(EventTypeName(type))}}}, {}};
    route.set = {{PropertyId::kProcessPath, Field("process.path")},
                 {PropertyId::kFilePath, Field("file.path")},
                 number(PropertyId::kProcessImageTimestamp, "process.image_timestamp"),
                 number(PropertyId::kProcessImageChecksum, "process.image_checksum")};
    if (type == EventType::kImageLoad) {
      route.set.push_back({PropertyId::kImagePath, Field("image.path")});
      route.set.push_back(number(PropertyId::kImageTimestamp, "fields.TimeDateStamp"));
      route.set.push_back(number(PropertyId::kImageMappedSize, "fields.ImageSize"));
    }
    mapping.routes.push_back(std::move(route));
  }
  TestMapping standard;  // of what is parked
  standard.recognise = {{"event_type"}};
  standard.label = Field("event_type");
  for (const EventType type : {EventType::kImageLoad, EventType::kProcessStart}) {
    TestRoute route{type, {{Field("event_type"), {std::string(EventTypeName(type))}}}, {}};
    for (const PropertyId id : {PropertyId::kImagePath, PropertyId::kProcessPath})
      route.set.push_back({id, Field(PropertyName(id))});
    for (const PropertyId id :
         {PropertyId::kImageTimestamp, PropertyId::kImageMappedSize,
          PropertyId::kProcessImageTimestamp, PropertyId::kProcessImageChecksum})
      route.set.push_back(number(id, PropertyName(id)));
    standard.routes.push_back(std::move(route));
  }
  return LoadMappings({mapping, standard});
}

std::shared_ptr<const Plan> AsksFor(EventType type, PropertyId status) {
  PlanBuilder builder(type);
  builder.AddNode(0, builder.Text(status, MatchKind::kEquals, {"unsigned"}), {0});
  return builder.Load();
}

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

// The status of each path is "unsigned".
class TraceSignatures : public testing::Test {
 protected:
  void Start(std::shared_ptr<const Plan> plan) {
    const auto verify = [this](const VerifyRequest& request, const std::atomic<bool>&) {
      const std::lock_guard lock(mutex_);
      ++checks_[request.path];
      numbers_ = request.numbers;
      FileVerdict verdict;
      verdict.status = TrustStatus::kUnsigned;
      return verdict;
    };
    PipelineOptions options;
    options.signatures.emplace().make_verify = [verify] { return verify; };
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
  ImageNumbers numbers_;  // asked for last
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
Bytes Loaded(uint64_t tick, std::string_view path = kDll) { return ImageLoad({tick}, 700, path); }

// The rundown of the kernel's logger stands at the end of a trace, mostly.
TEST_F(TraceSignatures, ImagesThatRunAreVerifiedBeforeAnythingHappens) {
  for (const uint8_t rundown : {kDcStart, kDcEnd}) {
    StartForImages();
    Run({Loaded(2), Rundown(rundown, kDll), Rundown(rundown, kDll), Rundown(rundown, kExe)});
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

TEST_F(TraceSignatures, WithoutARundownAnImagesFirstLoadIsAMiss) {
  StartForImages();
  Run({Loaded(2)});
  EXPECT_EQ(pipeline_->signatures()->misses, 1u);
  EXPECT_EQ(pipeline_->signatures()->prewarmed, 0u);
}

TEST_F(TraceSignatures, NothingIsVerifiedThatNoDetectorAsksFor) {
  StartForProcesses();
  Run({Rundown(kDcStart, kDll)});
  EXPECT_EQ(pipeline_->signatures()->prewarmed, 0u);
}

// Version 3 of ProcessStart, and version 1 of ProcessRundown.
Bytes ProcessIs(uint16_t id, uint8_t version, uint32_t pid) {
  Payload payload;
  payload.U32(pid).U64(7).U64(0).U32(4).U64(3).U32(1).U32(0).U32(1).U32(1);
  payload.U8(1).U8(1).Raw({0, 0, 0, 0, 0, 16}).U32(12288);
  payload.Wide(kExe).U32(0x1111).U32(0x2222).Wide({}).Wide({});
  return Provider({.tick = 1, .pid = 4}, kKernelProcess, id, version, payload);
}
const Bytes kProcessRuns = ProcessIs(15, 1, 500);
const Bytes kProcessStarts = ProcessIs(1, 3, 600);

TEST_F(TraceSignatures, AProcesssImageMustBeTheOneOfItsHeader) {
  StartForProcesses();
  Run({kProcessStarts});
  EXPECT_EQ(numbers_, (ImageNumbers{.timestamp = 0x2222, .checksum = 0x1111}));
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
                    .Wide(kDll));
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
  EXPECT_EQ(ChecksOf(std::string(kDll)) + ChecksOf("C:\\a.dll"), create.replaces ? 2 : 1);
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
    if (follows) events.joiner()->FollowImages();
    News news;
    for (bool done = false; !done;) ASSERT_TRUE(events.Next(&news, &done).ok());
    std::vector<std::string> expected = {"file_modify"};
    if (follows) expected.insert(expected.end(), 2, std::string(kDll));
    EXPECT_EQ(news.told, expected);
  }
}

}  // namespace
}  // namespace nuthatch
