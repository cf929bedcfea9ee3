// Signatures of a live trace's images: what is verified while their events are on their way.
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "live/play.h"
#include "pipeline/live_evaluation.h"
#include "pipeline/signature_rules.h"

namespace nuthatch {
namespace {

class LiveSignatures : public testing::Test {
 protected:
  // Each file has `status_`; while `held_`, none has been read yet.
  FileVerdict Verify(const VerifyRequest& request, const std::atomic<bool>& stop) {
    std::unique_lock lock(mutex_);
    verified_.insert(request.path);
    changed_.notify_all();
    while (held_ && !stop) changed_.wait_for(lock, std::chrono::milliseconds(1));
    FileVerdict verdict;
    verdict.status = status_;
    return verdict;
  }

  void Play(const std::shared_ptr<const Plan>& plan, const std::vector<Bytes>& records,
            std::chrono::milliseconds within = std::chrono::milliseconds(200),
            const PlayScript& script = {}) {
    const Bytes trace = WrittenTrace({records});
    const auto verify = [this](const VerifyRequest& request, const std::atomic<bool>& stop) {
      return Verify(request, stop);
    };
    PipelineOptions options;
    options.signatures.emplace().make_verify = [verify] { return verify; };
    options.signatures->cache.enrichment = std::chrono::hours(1);  // counts for nothing here
    options.signatures->cache.pool.threads = 1;
    LiveTraceOptions live;
    live.source.sessions = {session_};
    live.filter.standard.emplace();
    live.in_order_within = within;
    const auto program = std::make_shared<Program>(plan, Traces(), Output::kDetections);
    LiveResults results([] {});
    LiveEvaluation* evaluation = nullptr;
    std::unique_ptr<LiveTrace> played;
    played = std::make_unique<LiveTrace>(Playing(trace, script), live, [&](TraceJoiner* joiner) {
      auto made = std::make_unique<LiveEvaluation>(program, program, options, "a.etl", joiner,
                                                   &results, [&] { played->Wake(); });
      evaluation = made.get();
      return made;
    });
    PlayToEnd(played.get());
    statistics_ = *evaluation->pipeline().signatures();
    if (const auto result = results.Take()) detections_ = result->detections;
  }

  SessionRequest session_ = [] {
    SessionRequest session = KernelSession();
    session.kernel_flags = 7;
    return session;
  }();
  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  TrustStatus status_ = TrustStatus::kUnsigned;
  std::set<std::string> verified_;
  SignatureCacheStatistics statistics_;
  uint64_t detections_ = 0;
};

const auto kImages = AsksFor(EventType::kImageLoad, PropertyId::kImageSignatureStatus);
const auto kProcesses = AsksFor(EventType::kProcessStart, PropertyId::kProcessSignatureStatus);

TEST_F(LiveSignatures, AnImageIsVerifiedWhileItsEventIsOnItsWay) {
  Play(kImages, {ImageLoad({.tick = 2}, 700, kDllPath)});
  EXPECT_EQ(detections_, 1u);
  EXPECT_EQ(statistics_.prewarmed, 1u);
  EXPECT_EQ(statistics_.misses, 0u);
  EXPECT_EQ(statistics_.finished, 1u);
  const bool in_time = statistics_.coalesced == 0;  // as fast as this machine is
  EXPECT_EQ(statistics_.within_enrichment, in_time ? 1u : 0u);
  EXPECT_GT(statistics_.enrichment_p50, 0u);
}

// The kernel's logger tells a program's path by the load that follows its start.
TEST_F(LiveSignatures, SoIsTheProgramOfAProcessThatStarts) {
  Play(kProcesses,
       {ProcessRecord({2, 4}, kStart, 700, 4, "a.exe"), ImageLoad({3, 700}, 700, kExePath)});
  EXPECT_EQ(detections_, 1u);
  EXPECT_EQ(statistics_.prewarmed, 1u);
  EXPECT_EQ(statistics_.misses, 0u);
  EXPECT_EQ(verified_, std::set<std::string>{std::string(kExePath)});
}

// Another file has taken its place. That is told of what has a header to compare.
TEST_F(LiveSignatures, AFileWithAnotherHeaderThanTheImageIsEvasion) {
  const auto plan = AsksWhether(EventType::kImageLoad, PropertyId::kEvasionImageMismatch);
  const Bytes load = ImageLoad({.tick = 2}, 700, kDllPath);
  Play(plan, {load});
  EXPECT_EQ(detections_, 0u) << "it is that of the image";
  status_ = TrustStatus::kImageMismatch;
  Play(plan, {load});
  EXPECT_EQ(detections_, 1u);
}

// By the path that its event has, too.
TEST_F(LiveSignatures, FromWhenItsLoadArrivesUntilItsOrderIsSure) {
  constexpr std::chrono::milliseconds kWithin(1000);
  const PlayScript stalls{.stalls = {{3, 2 * kWithin}}};  // nothing comes that ends the wait
  Play(kImages,
       {VolumeMapping(1, R"(\Device\HarddiskVolume3\)", R"(C:\)"),
        ImageLoad({.tick = 2}, 700, kDllPath), ImageLoad({.tick = 3}, 700, kDllPath)},
       kWithin, stalls);
  EXPECT_EQ(verified_, std::set<std::string>{R"(C:\a.dll)"});
  EXPECT_EQ(statistics_.misses, 0u);
  EXPECT_EQ(statistics_.within_enrichment, 1u);
  EXPECT_GT(statistics_.enrichment_p50, 500'000u) << "microseconds, of a second";
}

TEST_F(LiveSignatures, TheProgramOfAProcessWhosePathIsToldWithItsStart) {
  session_ = DnsSession();
  session_.providers[0].provider = kKernelProcess;
  Play(kProcesses, {ProcessIs(1, 3, 600)});
  EXPECT_EQ(detections_, 1u);
  EXPECT_EQ(statistics_.prewarmed, 1u);
  EXPECT_EQ(statistics_.misses, 0u);
  EXPECT_EQ(statistics_.hits + statistics_.coalesced, 1u);
}

TEST_F(LiveSignatures, WhatAnEventBeginsItselfIsNotInTime) {
  held_ = true;  // until the event has asked: its load finds the thread busy with what ran already
  std::thread lets_go([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    const std::lock_guard lock(mutex_);
    held_ = false;
  });
  Play(kImages,
       {ImageRecord({.tick = 1}, 0x14, kDcStart, 700, 0x7FF6'0000'0000, kExePath),
        ImageLoad({.tick = 2}, 700, kDllPath)},
       std::chrono::milliseconds(0));
  lets_go.join();
  EXPECT_EQ(statistics_.prewarmed, 1u);
  EXPECT_EQ(statistics_.misses, 1u);
  EXPECT_EQ(statistics_.finished, 1u);
  EXPECT_EQ(statistics_.within_enrichment, 0u);
}

TEST_F(LiveSignatures, NothingIsThatNoDetectorAsksFor) {
  Play(kProcesses, {ImageLoad({.tick = 2}, 700, kDllPath)});
  EXPECT_EQ(statistics_.prewarmed, 0u);
  EXPECT_TRUE(verified_.empty());
}

TEST_F(LiveSignatures, AnEventThatComesBeforeItsAnswerWaitsForIt) {
  held_ = true;
  std::thread lets_go([this] {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !verified_.empty(); });
    lock.unlock();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    lock.lock();
    held_ = false;
  });
  Play(kImages, {ImageLoad({.tick = 2}, 700, kDllPath)}, std::chrono::milliseconds(0));
  lets_go.join();
  EXPECT_EQ(detections_, 1u);
  EXPECT_EQ(statistics_.finished, 1u);
  EXPECT_EQ(statistics_.prewarmed + statistics_.misses, 1u);
}

}  // namespace
}  // namespace nuthatch
