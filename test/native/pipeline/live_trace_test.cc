// What can go wrong with a session, played by a recorded trace, and what comes of it: exactly.
#include "pipeline/live_trace.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <string>

#include "live/play.h"
#include "live/silent_etw.h"
#include "live/written_events.h"
#include "support/allocations.h"

namespace nuthatch {
namespace {

using namespace std::chrono_literals;

// Keeps what it is given; takes nothing for as long as it sleeps.
class Recorded final : public LiveOutput, public TraceOutput {
 public:
  Status Open() override {
    return opens ? Status() : Status::Error("NUTHATCH_SYMBOLS_UNAVAILABLE", "no");
  }
  TraceOutput* Begin(uint64_t) override { return this; }
  void End(uint64_t records, int64_t) override {
    this->records = records;
    is_counted = is_counted && counted() >= records;
  }
  bool HasRoom() const override { return !sleeps; }
  FileOutput* files() override { return this; }
  void Finish() override {}
  void Add(const DecodedEvent& event, const JoinedEvent&, uint64_t) override {
    if (needs > 0) memory.resize(needs);
    times.push_back(event.record->time);
    ids.push_back(event.record->id);
  }
  bool full() const override { return false; }

  std::function<uint64_t()> counted;  // by the trace
  bool is_counted = true;             // each record before it is handed on
  bool opens = true;
  size_t needs = 0;  // bytes, for an event
  std::vector<uint8_t> memory;
  std::atomic<bool> sleeps = false;
  uint64_t records = 0;
  std::vector<uint64_t> times;
  std::vector<uint16_t> ids;  // 0: the kernel's
};

class LiveTraceTest : public testing::Test {
 protected:
  void Open(const PlayScript& script, std::vector<SessionRequest> sessions = {KernelSession()}) {
    LiveTraceOptions options;
    options.source.sessions = std::move(sessions);
    options.source.restart = restart_;
    options.source.queue = queue_;
    options.in_order_within = within_;
    system_ = Playing(trace_, script);
    for (const std::string& name : left_behind_) {
      uint64_t session = 0;
      WinTraceProperties properties;
      system_->StartTrace(&session, Utf8ToUtf16(name).c_str(), &properties);
    }
    trace_object_ = std::make_unique<LiveTrace>(system_, options, [this](TraceJoiner* joiner) {
      joiner_ = joiner;
      joiner->FollowStacks();
      auto output = std::make_unique<Recorded>();
      output->sleeps = sleeps_;
      output->needs = needs_;
      output->opens = opens_;
      output->counted = [this] { return trace_object_->counts().records; };
      output_ = output.get();
      return output;
    });
    trace_object_->Start(
        [this](Status status) {
          const std::lock_guard lock(mutex_);
          started_ = std::move(status);
          changed_.notify_all();
        },
        [this] {
          const std::lock_guard lock(mutex_);
          ended_ = true;
          changed_.notify_all();
        },
        [this] { ++told_; });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return started_.has_value(); });
  }

  void AwaitEnd() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_; });
  }

  void Play(const PlayScript& script, std::vector<SessionRequest> sessions = {KernelSession()}) {
    Open(script, std::move(sessions));
    ASSERT_TRUE(started_->ok()) << started_->message();
    AwaitEnd();
    counts_ = trace_object_->counts();
    problems_ = trace_object_->TakeProblems();
  }

  // Whoever takes the events wakes when so many records have come.
  void SleepThrough(size_t records, const PlayScript& script,
                    std::vector<SessionRequest> sessions = {KernelSession()}) {
    sleeps_ = true;
    Open(script, std::move(sessions));
    Await([&] { return trace_object_->counts().source.queue.queued >= records; });
    output_->sleeps = false;
    trace_object_->Wake();
    AwaitEnd();
  }

  size_t Events() const { return output_->times.size(); }
  void Await(const std::function<bool()>& what) {
    while (!what()) std::this_thread::sleep_for(1ms);
  }
  std::string Problem(size_t at) const { return problems_.at(at).message(); }

  // The header of the trace, and 1,000 records a millisecond apart.
  Bytes trace_ = WrittenTrace({KernelRecords(1000)});
  std::vector<std::string> left_behind_;
  bool restart_ = false;
  bool sleeps_ = false;
  size_t needs_ = 0;
  bool opens_ = true;
  RecordQueueOptions queue_;
  std::chrono::milliseconds within_ = 20ms;

  std::shared_ptr<EtwSystem> system_;
  Recorded* output_ = nullptr;
  TraceJoiner* joiner_ = nullptr;
  std::atomic<size_t> told_ = 0;
  std::unique_ptr<LiveTrace> trace_object_;
  LiveTraceCounts counts_;
  std::vector<Status> problems_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Status> started_;
  bool ended_ = false;
};

TEST_F(LiveTraceTest, GivesEachRecordOnceAndInOrder) {
  Play({});
  EXPECT_EQ(Events(), 1001u);
  EXPECT_TRUE(std::is_sorted(output_->times.begin(), output_->times.end()));
  EXPECT_EQ(output_->times.back(), TraceFacts().start_time + kSecond);
  EXPECT_EQ(counts_.records, 1001u);
  EXPECT_EQ(counts_.source.queue.queued, 1001u);
  EXPECT_EQ(counts_.source.queue.dropped, 0u);
  EXPECT_EQ(counts_.out_of_order, 0u);
  EXPECT_TRUE(problems_.empty());
}

TEST_F(LiveTraceTest, TheRecordsOfSeveralSessionsAreInOneOrder) {
  trace_ = WrittenTrace({KernelRecords(500), DnsRecords(500)});
  within_ = 2000ms;  // this machine may be busy
  Play({}, {KernelSession(), DnsSession()});
  EXPECT_EQ(Events(), 1001u);
  EXPECT_TRUE(std::is_sorted(output_->times.begin(), output_->times.end()));
  EXPECT_EQ(counts_.out_of_order, 0u);
  EXPECT_EQ(std::count(output_->ids.begin(), output_->ids.end(), 3006), 500);
}

TEST_F(LiveTraceTest, ABurstOfTenTimesAsManyIsAllGiven) {
  Play({.repeat = 10});
  EXPECT_EQ(Events(), 10'010u);
  EXPECT_EQ(counts_.source.queue.dropped, 0u);
}

TEST_F(LiveTraceTest, CountsAreNeverBehindWhatIsHandedOn) {
  Play({.stalls = {{500, 100ms}}});
  EXPECT_TRUE(output_->is_counted);
}

TEST_F(LiveTraceTest, AStallDelaysAndLosesNothing) {
  Play({.stalls = {{500, 100ms}}});
  EXPECT_EQ(Events(), 1001u);
}

TEST_F(LiveTraceTest, WhoSleepsLosesWhatThereIsNoRoomForAndItIsCounted) {
  constexpr uint32_t kRepeat = 50;
  constexpr size_t kAll = 1000 * kRepeat;
  trace_ = WrittenTrace({DnsRecords(1000)});  // a session of providers does not get the header
  queue_.bytes = 2 * RecordChunk::kBytes;
  SleepThrough(kAll, {.repeat = kRepeat}, {DnsSession()});
  // Each chunk has as many as fit of the pieces that a play hands over, which are of three
  // milliseconds. Of all chunks the last two are left, the very last as full as it happens to be.
  constexpr size_t kPiece = 3 * kRepeat;
  RecordChunk one;
  one.Add(WrittenEvent(3006), 0);
  const size_t in_chunk = RecordChunk::kBytes / (kPiece * one.bytes().size()) * kPiece;
  const size_t left = in_chunk + kAll % in_chunk;
  counts_ = trace_object_->counts();
  EXPECT_EQ(counts_.source.queue.queued, kAll);
  EXPECT_EQ(counts_.source.queue.dropped, kAll - left);
  EXPECT_EQ(Events(), left);
  EXPECT_EQ(output_->times.back(), TraceFacts().start_time + kSecond + 1)
      << "the oldest were dropped";
}

// However long it sleeps: nothing is taken meanwhile, and what there is no room for gives way.
TEST_F(LiveTraceTest, WhoSleepsKeepsWhatThePolicySaysAndTheRestIsCounted) {
  constexpr uint32_t kRepeat = 20;
  constexpr size_t kAll = 1001 * kRepeat;
  Play({.repeat = kRepeat});
  const std::vector<uint64_t> all = output_->times;
  ASSERT_EQ(all.size(), kAll);
  for (const Overflow overflow : {Overflow::kDropOldest, Overflow::kDropNewest, Overflow::kSpill}) {
    sleeps_ = true;
    ended_ = false;
    started_.reset();
    queue_ = {.bytes = 2 * RecordChunk::kBytes,
              .overflow = overflow,
              .spill_folder = std::filesystem::temp_directory_path().string()};
    // Once nothing comes any more nothing goes to the disk: it gets the time for it.
    Open({.repeat = kRepeat, .stalls = {{900, 300ms}}});
    const bool spills = overflow == Overflow::kSpill;
    const auto queue = [this] { return trace_object_->counts().source.queue; };
    while (queue().queued < kAll) std::this_thread::sleep_for(1ms);
    output_->sleeps = false;
    trace_object_->Wake();
    AwaitEnd();
    const RecordQueue::Counts counts = queue();
    EXPECT_EQ(counts.queued, kAll);
    EXPECT_EQ(Events(), kAll - counts.dropped);
    EXPECT_EQ(counts.dropped == 0, spills);
    EXPECT_EQ(counts.spilled > 0, spills);
    const auto begin =
        all.begin() +
        (overflow == Overflow::kDropOldest ? static_cast<ptrdiff_t>(counts.dropped) : 0);
    EXPECT_EQ(output_->times,
              std::vector(begin, begin + static_cast<ptrdiff_t>(kAll - counts.dropped)));
  }
}

TEST_F(LiveTraceTest, WithRoomEnoughWhoSleepsLosesNothing) {
  SleepThrough(50'050, {.repeat = 50});
  EXPECT_EQ(Events(), 50'050u);
}

// In more chunks than are taken for one reason.
TEST_F(LiveTraceTest, HowManyEverHaveComeMeanwhileTheyAreInOrder) {
  SleepThrough(50'050, {.repeat = 50, .shuffle = 20'000});
  EXPECT_EQ(Events(), 50'050u);
  EXPECT_TRUE(std::is_sorted(output_->times.begin(), output_->times.end()));
}

// Whoever wakes it while it sleeps.
TEST_F(LiveTraceTest, WithoutRoomNoMoreIsTakenThanMayWaitForItsOrder) {
  constexpr size_t kMostInOrder = size_t{32} << 20;
  sleeps_ = true;
  queue_.bytes = 4 * RecordChunk::kBytes;
  PlayScript script{.repeat = 800};
  for (uint64_t at = 5; at < 1000; at += 5) script.stalls.push_back({at, 2ms});
  Open(script);
  RecordQueue::Counts counts;
  while (counts.queued < 800'800u) {
    trace_object_->Wake();
    counts = trace_object_->counts().source.queue;
  }
  RecordChunk one;
  one.Add(WrittenEvent(1), 0);
  EXPECT_LE((counts.queued - counts.dropped) * one.bytes().size(),
            kMostInOrder + queue_.bytes + RecordChunk::kBytes);
  trace_object_->Abort();
}

// Each Machine has these volumes, when it is asked for the first time, the second and so on.
class LiveVolumesTest : public LiveTraceTest {
 protected:
  std::string PathAfter(std::vector<Machine> machines) {
    constexpr const char* kPath = R"(\Device\HarddiskVolume9\a.dll)";
    trace_ = WrittenTrace({{ImageLoad({.tick = 1}, 8, kPath), ImageLoad({.tick = 2}, 8, kPath)}});
    SessionRequest session = KernelSession();
    session.kernel_flags = 7;
    Play({.machines = std::move(machines)}, {session});
    std::string path;
    joiner_->volumes().AppendPath(kPath, &path);
    return path;
  }
  const Machine without_{"", "", {{R"(\Device\HarddiskVolume3)", "C:"}}};
  const Machine with_{
      "", "", {{R"(\Device\HarddiskVolume3)", "C:"}, {R"(\Device\HarddiskVolume9)", "E:"}}};
};

TEST_F(LiveVolumesTest, OneThatIsMountedLaterIsKnownOnceARecordIsOnIt) {
  EXPECT_EQ(PathAfter({without_, with_}), R"(E:\a.dll)");
}

TEST_F(LiveVolumesTest, IsNotAskedForWithEachRecord) {
  EXPECT_EQ(PathAfter({without_, without_, with_}), R"(\Device\HarddiskVolume9\a.dll)");
}

TEST_F(LiveTraceTest, OneWhoseProvidersAreAllRefusedDoesNotStart) {
  PlayScript script;
  script.failures[ToText(kDnsClient)] = {kEtwAccessDenied};
  Open(script, {DnsSession()});
  EXPECT_STREQ(started_->code(), "NUTHATCH_LIVE_PROVIDER");
  EXPECT_NE(started_->message().find("no event would come; the provider DNS cannot be enabled"),
            std::string::npos);
  EXPECT_TRUE(SessionsOf(system_.get()).empty());
  started_.reset();
  Open(script, {KernelSession(), DnsSession()});
  EXPECT_TRUE(started_->ok()) << "the kernel's events come";
  AwaitEnd();
}

TEST_F(LiveTraceTest, LossesOfWindowsAreCounted) {
  Play({.losses = {{100, 7, 2}, {900, 3, 1}}});
  EXPECT_EQ(Events(), 1001u);
  EXPECT_EQ(counts_.source.events_lost, 10u);
  EXPECT_EQ(counts_.source.buffers_lost, 3u);
}

TEST_F(LiveTraceTest, ASessionThatSomebodyStopsEndsTheTraceAndIsToldOf) {
  Play({.killed_at = 300});
  EXPECT_EQ(Events(), 300u);
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_STREQ(problems_[0].code(), "NUTHATCH_LIVE_ENDED");
}

TEST_F(LiveTraceTest, OrIsStartedAnew) {
  restart_ = true;
  Play({.killed_at = 300});
  EXPECT_EQ(Events(), 1001u);
  EXPECT_EQ(counts_.source.restarts, 1u);
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_STREQ(problems_[0].code(), "NUTHATCH_LIVE_ENDED");
  EXPECT_NE(problems_[0].message().find("started anew"), std::string::npos);
}

TEST_F(LiveTraceTest, ThenItsTimesGoOnThoughSomebodyHasSetTheClock) {
  restart_ = true;
  for (const int64_t set : {-int64_t{kSecond}, int64_t{kSecond}}) {
    Play({.killed_at = 300, .clock_set = set});
    ASSERT_EQ(Events(), 1001u);
    EXPECT_TRUE(std::is_sorted(output_->times.begin(), output_->times.end()));
    EXPECT_EQ(output_->times.back(), TraceFacts().start_time + kSecond);
    ended_ = false;
    started_.reset();
  }
}

TEST_F(LiveTraceTest, LossesOfTheStoppedSessionStayCounted) {
  restart_ = true;
  Play({.killed_at = 300, .stalls = {{299, 600ms}}, .losses = {{100, 7, 0}, {900, 3, 0}}});
  EXPECT_EQ(counts_.source.events_lost, 10u);
}

TEST_F(LiveTraceTest, OneOfSeveralSessionsThatSomebodyStopsEndsThemAll) {
  trace_ = WrittenTrace({KernelRecords(10), DnsRecords(1000)});
  Play({.killed_at = 300}, {KernelSession(), DnsSession()});
  EXPECT_EQ(std::count(output_->ids.begin(), output_->ids.end(), 3006), 300);
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_NE(Problem(0).find("providers"), std::string::npos);
}

TEST_F(LiveTraceTest, ProblemsAreToldOfWhenTheyHappen) {
  restart_ = true;
  Open({.killed_at = 300, .stalls = {{301, 5000ms}}});
  Await([this] { return told_ == 1; });
  EXPECT_EQ(trace_object_->TakeProblems().size(), 1u);
}

TEST_F(LiveTraceTest, ASessionThatCannotBeReadEndsTheTraceWithWindowsError) {
  Play({.failures = {{"ProcessTrace", {kEtwNotEnoughMemory}}}});
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_STREQ(problems_[0].code(), "NUTHATCH_LIVE_ENDED");
  EXPECT_NE(Problem(0).find("cannot be read any more: error 8"), std::string::npos);
}

TEST_F(LiveTraceTest, OneThatEndsAgainAndAgainIsStartedAnewMoreAndMoreSeldom) {
  restart_ = true;
  const auto begun = std::chrono::steady_clock::now();
  Open({.failures = {{"ProcessTrace", {kEtwNotEnoughMemory}}}});
  Await([this] { return trace_object_->counts().source.restarts == 3; });
  // At once, and 250 and 500 ms after the restart before.
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 750ms);
}

TEST_F(LiveTraceTest, ARestartThatIsRefusedIsToldOfAndTriedAgain) {
  restart_ = true;
  PlayScript script{.killed_at = 300};
  script.failures["StartTrace"] = {kEtwNoResources, 2, /*after=*/1};
  Play(script);
  EXPECT_EQ(Events(), 1001u);
  EXPECT_EQ(counts_.source.restarts, 1u);
  ASSERT_EQ(problems_.size(), 3u);
  EXPECT_STREQ(problems_[1].code(), "NUTHATCH_LIVE_SESSION");
  EXPECT_STREQ(problems_[2].code(), "NUTHATCH_LIVE_SESSION");
  EXPECT_EQ(told_, 3u);
}

// The others come to their end meanwhile.
TEST_F(LiveTraceTest, NothingIsOverWhileASessionAwaitsItsRestart) {
  std::vector<Bytes> seldom;
  for (uint64_t i = 1; i <= 10; ++i)
    seldom.push_back(Kernel({.tick = i * kSecond / 10, .pid = 8}, 5, 0x48, 2,
                            Payload().U32(8).U32(9).Wide("a")));
  trace_ = WrittenTrace({seldom, DnsRecords(1000)});
  restart_ = true;
  PlayScript script{.killed_at = 300};
  script.failures["StartTrace"] = {kEtwNoResources, 1, /*after=*/2};
  Play(script, {KernelSession(), DnsSession()});
  EXPECT_EQ(counts_.source.restarts, 1u);
  EXPECT_EQ(std::count(output_->ids.begin(), output_->ids.end(), 3006), 1000);
}

TEST_F(LiveTraceTest, WithoutMemoryItEndsAndSaysSo) {
  needs_ = size_t{1} << 28;
  const AllocationLimit limit(needs_ - 1);
  Play({});
  EXPECT_EQ(Events(), 0u);
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_STREQ(problems_[0].code(), "NUTHATCH_OUT_OF_MEMORY");
  trace_object_->Abort();
  EXPECT_TRUE(SessionsOf(system_.get()).empty());
}

// A session that Windows takes its time to stop.
class SlowToStop final : public SilentEtw {
 public:
  uint32_t ControlTrace(uint64_t session, const char16_t* name, WinTraceProperties* properties,
                        TraceControl control) override {
    if (control != TraceControl::kStop)
      return SilentEtw::ControlTrace(session, name, properties, control);
    std::this_thread::sleep_for(100ms);
    has_stopped = true;
    return kEtwSuccess;
  }
  std::atomic<bool> has_stopped = false;
};

TEST_F(LiveTraceTest, AnAbortWaitsUntilItsSessionsHaveEnded) {
  const auto system = std::make_shared<SlowToStop>();
  LiveTraceOptions options;
  options.source.sessions = {DnsSession()};
  LiveTrace trace(system, options, [](TraceJoiner*) { return std::make_unique<Recorded>(); });
  std::promise<bool> started;
  trace.Start([&](const Status& status) { started.set_value(status.ok()); }, [] {}, [] {});
  ASSERT_TRUE(started.get_future().get());
  trace.Abort();
  EXPECT_TRUE(system->has_stopped);
}

TEST_F(LiveTraceTest, DoesNotStartWhereItsOutputCannotBeOpened) {
  opens_ = false;
  Open({});
  EXPECT_STREQ(started_->code(), "NUTHATCH_SYMBOLS_UNAVAILABLE");
  EXPECT_TRUE(SessionsOf(system_.get()).empty());
  trace_object_->Abort();
}

TEST_F(LiveTraceTest, EventsWithoutASchemaAreCountedAndThoseThatAreCutShort) {
  const Bytes cut = Kernel({.tick = 1, .pid = 8}, 5, 0x48, 2, Payload().U32(8));
  trace_ = WrittenTrace({{cut}, DnsRecords(2)});
  Play({}, {KernelSession()});
  EXPECT_EQ(counts_.incomplete, 1u);
  EXPECT_EQ(counts_.raw, 0u);
  ended_ = false;
  started_.reset();
  constexpr Guid kUnknown = ParseGuid("11111111-7eea-49a9-a3fe-a378b03ddb4d");
  SessionRequest session = DnsSession();
  session.providers[0].provider = kUnknown;
  EventRecord unknown;
  unknown.time = kFirstTick + 1;
  unknown.provider = kUnknown;
  unknown.payload = {1, 2, 3};
  trace_ = WrittenTrace({{unknown.Write(), unknown.Write()}});
  Play({}, {session});
  EXPECT_EQ(counts_.incomplete, 0u);
  EXPECT_EQ(counts_.raw, 2u);
}

TEST_F(LiveTraceTest, ASessionThatCannotBeAskedForItsLossesGoesOn) {
  for (const uint32_t error : {kEtwNotEnoughMemory, kEtwAccessDenied}) {
    Play({.stalls = {{500, 600ms}}, .failures = {{"ControlTrace", {error}}}});
    EXPECT_EQ(Events(), 1001u);
    ended_ = false;
    started_.reset();
  }
}

TEST_F(LiveTraceTest, NorDoesOneEndThatWindowsDoesNotKnowForAMoment) {
  Play({.stalls = {{500, 600ms}}, .failures = {{"ControlTrace", {kEtwNoSession, 1}}}});
  EXPECT_EQ(Events(), 1001u);
  EXPECT_TRUE(problems_.empty());
}

TEST_F(LiveTraceTest, OneThatWindowsDoesNotKnowAnyMoreEndsWithinASecondAndTheRestIsCounted) {
  const auto begun = std::chrono::steady_clock::now();
  Play({.speed = 0.1, .failures = {{"ControlTrace", {kEtwNoSession}}}});
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 8s) << "the play takes 10";
  EXPECT_EQ(Events(), counts_.source.queue.queued - counts_.source.queue.dropped);
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_STREQ(problems_[0].code(), "NUTHATCH_LIVE_ENDED");
}

TEST(LiveTraceMachine, ItsVolumesAreKnown) {
  class Machines final : public SilentEtw {
    Machine Describe() override {
      return {"PC", R"(C:\Windows)", {{R"(\Device\HarddiskVolume3)", "C:"}}};
    }
  };
  TraceJoiner* joiner = nullptr;
  LiveTraceOptions options;
  options.source.sessions = {KernelSession()};
  LiveTrace trace(std::make_shared<Machines>(), options, [&](TraceJoiner* made) {
    joiner = made;
    return std::make_unique<Recorded>();
  });
  PlayToEnd(&trace);
  EXPECT_EQ(joiner->computer(), "PC");
  std::string path;
  joiner->volumes().AppendPath(R"(\Device\HarddiskVolume3\a.exe)", &path);
  EXPECT_EQ(path, R"(C:\a.exe)");
  path.clear();
  joiner->volumes().AppendPath(R"(\SystemRoot\b.exe)", &path);
  EXPECT_EQ(path, R"(C:\Windows\b.exe)");
}

TEST_F(LiveTraceTest, TwoTracesOfAProcessHaveSessionsOfTheirOwn) {
  Open({.speed = 0.01});
  LiveTraceOptions options;
  options.source.sessions = {KernelSession()};
  auto other = std::make_unique<LiveTrace>(
      system_, options, [](TraceJoiner*) { return std::make_unique<Recorded>(); });
  std::promise<Status> started;
  other->Start([&](Status status) { started.set_value(std::move(status)); }, [] {}, [] {});
  EXPECT_TRUE(started.get_future().get().ok());
  EXPECT_EQ(SessionsOf(system_.get()).size(), 2u);
  other.reset();
  EXPECT_EQ(SessionsOf(system_.get()).size(), 1u);
  std::this_thread::sleep_for(600ms);
  EXPECT_TRUE(trace_object_->TakeProblems().empty()) << "the first goes on";
}

TEST_F(LiveTraceTest, SessionsThatWereLeftBehindAreStoppedAndCounted) {
  left_behind_ = {"Nuthatch 17 kernel 1 2", "Nuthatch 17 providers 1 3"};
  Play({});
  EXPECT_EQ(counts_.source.orphans, 2u);
}

TEST_F(LiveTraceTest, HowLongRecordsHaveWaitedIsTold) {
  within_ = 100ms;
  Play({.stalls = {{900, 600ms}}});        // what comes last need not wait
  EXPECT_GE(counts_.waited_p99, 90'000u);  // as exactly as the histogram tells
}

TEST_F(LiveTraceTest, AlsoOfThoseThatWaitedForAnOutputWithoutRoom) {
  sleeps_ = true;
  Open({});
  Await([this] { return trace_object_->counts().source.queue.queued == 1001u; });
  std::this_thread::sleep_for(300ms);
  output_->sleeps = false;
  trace_object_->Wake();
  AwaitEnd();
  EXPECT_GE(trace_object_->counts().waited_p50, 270'000u);
}

const Bytes kLoadOfNtdll = ImageRecord({2, 8, 1}, /*group=*/0x14, 10, 8, 0x7FF0'0000,
                                       R"(\Device\HarddiskVolume3\Windows\System32\ntdll.dll)");

SessionRequest ImagesToo() {
  SessionRequest session = KernelSession();
  session.kernel_flags = 7;
  return session;
}

// What has no file may be an image whose load was lost.
TEST_F(LiveTraceTest, AfterALossTheImagesOfWhatRunsAreNotAllKnown) {
  const auto knows = [&](const PlayScript& script) {
    trace_ = WrittenTrace({{kLoadOfNtdll}, KernelRecords(1000)});
    Play(script, {ImagesToo()});
    const bool known = joiner_->images()->Knows(8, joiner_->time());
    ended_ = false;
    started_.reset();
    return known;
  };
  EXPECT_TRUE(knows({}));
  EXPECT_FALSE(knows({.stalls = {{900, 600ms}}, .losses = {{100, 1, 0}}}));
  EXPECT_FALSE(knows({.stalls = {{900, 600ms}}, .losses = {{100, 0, 1}}}));
  restart_ = true;
  EXPECT_FALSE(knows({.killed_at = 300}));
}

TEST_F(LiveTraceTest, NorAfterRecordsHadNoRoom) {
  trace_ = WrittenTrace({{kLoadOfNtdll}, KernelRecords(1000)});
  sleeps_ = true;
  queue_ = {.bytes = 2 * RecordChunk::kBytes, .overflow = Overflow::kDropNewest};
  Open({.repeat = 50}, {ImagesToo()});
  Await([this] { return trace_object_->counts().source.queue.queued == 50'100u; });
  output_->sleeps = false;
  trace_object_->Wake();
  AwaitEnd();
  EXPECT_FALSE(joiner_->images()->Knows(8, joiner_->time()));
}

// Of four seconds. That an image is there is told at its end, as most recorded traces have it.
class LiveTraceLossTest : public LiveTraceTest {
 protected:
  LiveTraceLossTest() {
    trace_ =
        WrittenTrace({KernelRecords(4000),
                      {ImageRecord({4 * kSecond + 1, 8, 1}, /*group=*/0x14, kDcEnd, 8, 0x7FF0'0000,
                                   R"(\Device\HarddiskVolume3\Windows\System32\ntdll.dll)")}});
  }
  // What was lost is known, and what runs told again, before the records after the first 900.
  PlayScript Losing(std::map<std::string, PlayScript::Failure> failures = {}) const {
    return {.clock_set = 100 * int64_t{kSecond},
            .stalls = {{900, 5000ms}},
            .losses = {{100, 1, 0}},
            .failures = std::move(failures)};
  }
  bool KnowsImages() const { return joiner_->images()->Knows(8, joiner_->time()); }
};

TEST_F(LiveTraceLossTest, WhatRunsIsToldAgain) {
  Play(Losing(), {ImagesToo()});
  EXPECT_TRUE(KnowsImages());
  EXPECT_EQ(Events(), 4003u) << "the header, and the image twice: nothing else comes twice";
  EXPECT_EQ(counts_.source.events_lost, 1u);
  EXPECT_EQ(counts_.out_of_order, 0u);
  EXPECT_TRUE(problems_.empty());
  EXPECT_TRUE(SessionsOf(system_.get()).empty());
}

TEST_F(LiveTraceLossTest, ToASessionOfItsOwn) {
  Open(Losing(), {ImagesToo()});
  Await([this] { return SessionsOf(system_.get()).size() == 2; });
  EXPECT_NE(SessionsOf(system_.get())[1].find(" rundown "), std::string::npos);
  AwaitEnd();
}

TEST_F(LiveTraceLossTest, WhereThatIsRefusedItIsToldAndNothingElseIsLost) {
  Play(Losing({{"StartTrace", {kEtwNoResources, 100, /*after=*/1}}}), {ImagesToo()});
  EXPECT_FALSE(KnowsImages());
  EXPECT_EQ(Events(), 4002u);
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_STREQ(problems_[0].code(), "NUTHATCH_LIVE_RUNDOWN");
  EXPECT_NE(Problem(0).find("logman stop"), std::string::npos) << Problem(0);
}

TEST_F(LiveTraceLossTest, ProvidersAreAskedForTheirStateAgain) {
  SessionRequest session = DnsSession();
  session.providers[0].capture_state = true;
  trace_ = WrittenTrace({DnsRecords(1000)});
  const auto refused_after = [&](uint32_t calls) {
    ended_ = false;
    started_.reset();
    Play(Losing({{ToText(kDnsClient), {kEtwInvalidParameter, 100, calls}}}), {session});
    EXPECT_EQ(Events(), 1000u);
    return problems_.size();
  };
  EXPECT_EQ(refused_after(2), 1u) << "enabled, and asked before any loss";
  EXPECT_STREQ(problems_[0].code(), "NUTHATCH_LIVE_PROVIDER");
  EXPECT_EQ(refused_after(3), 0u) << "once for a loss";
}

TEST_F(LiveTraceTest, RecordsThatComeBackwardsArePutInOrder) {
  within_ = 2000ms;
  Play({.shuffle = 50});
  EXPECT_EQ(Events(), 1001u);
  EXPECT_TRUE(std::is_sorted(output_->times.begin(), output_->times.end()));
  EXPECT_EQ(counts_.out_of_order, 0u);
}

TEST_F(LiveTraceTest, AClockThatJumpsBackLosesNothing) {
  within_ = 0ms;
  // After the jump every record is of a time before the last one.
  Play({.clock_back_at = 501, .clock_back = kSecond, .stalls = {{500, 1000ms}}});
  EXPECT_EQ(Events(), 1001u);
  EXPECT_EQ(counts_.out_of_order, 501u);
}

TEST_F(LiveTraceTest, AProviderThatCannotBeEnabledIsToldOfAndTheRestComes) {
  trace_ = WrittenTrace({KernelRecords(10), DnsRecords(10)});
  Play({.failures = {{ToText(kDnsClient), {kEtwAccessDenied}}}}, {KernelSession(), DnsSession()});
  EXPECT_EQ(Events(), 11u);
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_STREQ(problems_[0].code(), "NUTHATCH_LIVE_PROVIDER");
}

TEST_F(LiveTraceTest, WhatCannotBeStartedLeavesNothingBehind) {
  for (const char* function : {"StartTrace", "OpenTrace"}) {
    Open({.failures = {{function, {kEtwNotEnoughMemory}}}}, {DnsSession()});
    EXPECT_STREQ(started_->code(), "NUTHATCH_LIVE_SESSION") << function;
    trace_object_->Abort();
    EXPECT_TRUE(SessionsOf(system_.get()).empty());
    started_.reset();
  }
}

TEST_F(LiveTraceTest, TheSecondOfTwoSessionsThatFailsEndsTheFirst) {
  trace_ = WrittenTrace({KernelRecords(10), DnsRecords(10)});
  Open({.failures = {{"EnablePrivilege", {kEtwNotAllAssigned}}}}, {DnsSession(), KernelSession()});
  EXPECT_STREQ(started_->code(), "NUTHATCH_LIVE_PRIVILEGE");
  EXPECT_TRUE(SessionsOf(system_.get()).empty());
}

TEST_F(LiveTraceTest, StopsInTheMiddle) {
  Open({.speed = 0.1});
  std::this_thread::sleep_for(50ms);
  trace_object_->Stop();
  AwaitEnd();
  EXPECT_LT(Events(), 1001u);
  EXPECT_EQ(Events(), trace_object_->counts().source.queue.queued)
      << "what had been written has come";
}

TEST_F(LiveTraceTest, IsAbortedInTheMiddleOfABurstOverAndOver) {
  for (int i = 0; i < 200; ++i) {
    Open({.repeat = 10});
    trace_object_->Abort();
    trace_object_.reset();
    started_.reset();
    ended_ = false;
  }
}

TEST_F(LiveTraceTest, APlayInItsOwnTimeTakesThatLong) {
  trace_ = WrittenTrace({KernelRecords(100)});
  const auto begun = std::chrono::steady_clock::now();
  Play({.speed = 1});
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 99ms);
  EXPECT_EQ(Events(), 101u);
}

TEST_F(LiveTraceTest, OnlyWhatASessionAsksForIsPlayed) {
  trace_ = WrittenTrace({KernelRecords(5), DnsRecords(7)});
  SessionRequest no_threads = KernelSession();
  no_threads.kernel_flags = 1;
  Play({}, {no_threads});
  EXPECT_EQ(Events(), 1u) << "the trace's header";
}

TEST_F(LiveTraceTest, OfAProviderByLevelAndKeyword) {
  const auto record = [](uint8_t level, uint64_t keyword) {
    EventRecord event;
    event.time = kFirstTick + 1;
    event.provider = kDnsClient;
    event.level = level;
    event.keyword = keyword;
    return event.Write();
  };
  trace_ = WrittenTrace({{record(0, 0), record(4, 1), record(4, 2), record(5, 0), record(5, 1)}});
  const auto events = [&](uint8_t level, uint64_t keyword) {
    SessionRequest session = DnsSession();
    session.providers[0].level = level;
    session.providers[0].keyword = keyword;
    ended_ = false;
    started_.reset();
    Play({}, {session});
    return Events();
  };
  EXPECT_EQ(events(0, 0), 5u);
  EXPECT_EQ(events(4, 0), 3u);
  EXPECT_EQ(events(3, 0), 1u) << "of level 0: always";
  EXPECT_EQ(events(0, 1), 4u) << "without a keyword: always";
  EXPECT_EQ(events(4, 1), 2u);
  EXPECT_EQ(events(4, 3), 3u) << "any of them";
}

}  // namespace
}  // namespace nuthatch
