// Call stacks that come late, early, never, or to what is gone, of a live session: exactly.
#include <gtest/gtest.h>

#include <numeric>
#include <set>
#include <string>
#include <thread>

#include "etw/known_providers.h"
#include "live/play.h"
#include "live/stacked_text.h"
#include "pipeline/live_trace.h"
#include "trace/joined.h"

namespace nuthatch {
namespace {

using namespace std::chrono_literals;

constexpr uint8_t kImageGroup = 0x14;
constexpr uint8_t kUnload = 2;
constexpr uint8_t kLoad = 10;
constexpr uint64_t kProgram = 0x7FF6'0000'0000;
constexpr uint32_t kThread = 80;
constexpr const char* kLibrary = R"(\Device\HarddiskVolume3\b.dll)";

class LiveStacksTest : public testing::Test {
 protected:
  // Fills `summaries_` with those of the events that have a stack, and the counts.
  void Play(const std::vector<std::vector<Bytes>>& buffers, const PlayScript& script = {},
            std::chrono::milliseconds within = 20ms) {
    const Bytes trace = WrittenTrace(buffers);
    SessionRequest session = KernelSession();
    session.kernel_flags = 7;
    if (asks_) session.kernel_stacks = {{KernelClass(kImageGroup), kLoad, {}}};
    LiveTraceOptions options;
    options.source.sessions = {session};
    options.in_order_within = within;
    options.cached_stacks_within = cached_within_;
    TraceJoiner* joiner = nullptr;
    std::string lines;
    LiveTrace live(Playing(trace, script), options, [&](TraceJoiner* made) {
      joiner = made;
      return std::make_unique<StackedText>(made, &lines);
    });
    PlayToEnd(&live);
    stacks_ = joiner->stacks()->counts();
    images_ = {joiner->images()->size(), joiner->images()->path_bytes(),
               joiner->images()->has_left_out()};
    live_ = live.counts();
    const std::string key = "\"callstack\":{";
    for (size_t at = lines.find(key); at != lines.npos; at = lines.find(key, at + 1)) {
      const size_t begin = at + key.size();
      const std::string stack = lines.substr(begin, lines.find("}}\n", begin) - begin);
      summaries_.push_back(Member(stack, "summary"));
      direct_.push_back(Member(stack, "direct_syscall"));
    }
  }

  struct Images {
    size_t size;
    size_t path_bytes;
    bool has_left_out;
  };

  bool asks_ = true;
  std::chrono::milliseconds cached_within_ = 100ms;
  std::vector<std::string> summaries_;
  std::vector<std::string> direct_;  // whether their system calls were
  StackCounts stacks_;
  Images images_{};  // what was known of them in the end
  LiveTraceCounts live_;
};

Bytes Mapped(uint64_t tick, uint8_t type, uint32_t pid, uint64_t base, std::string_view name) {
  return ImageRecord({tick, pid, 1}, kImageGroup, type, pid, base,
                     std::string(R"(\Device\HarddiskVolume3\)").append(name));
}

// A thread of the program loads a library.
Bytes Event(uint64_t tick, uint32_t pid = 8) {
  return ImageLoad({tick, pid, kThread}, pid, kLibrary, 0x6000'0000);
}

Bytes Stack(uint64_t tick, uint64_t of, uint32_t pid = 8, uint64_t address = kProgram + 5) {
  return StackWalk(tick, {of, pid, kThread}, {address});
}

TEST_F(LiveStacksTest, ComeAfterTheirEventBeforeItOrNever) {
  Play({{Mapped(10, kLoad, 8, kProgram, "a.exe"), Event(1000), Stack(1001, 1000), Stack(1999, 2000),
         Event(2000), Event(3000)}});
  EXPECT_EQ(summaries_, (std::vector<std::string>{R"("a.exe")", R"("a.exe")"}));
  EXPECT_EQ(stacks_.matched, 2u);
  EXPECT_EQ(stacks_.early, 1u);
  EXPECT_EQ(stacks_.late, 1u);
  EXPECT_EQ(stacks_.never_came, 3u) << "the third, the program's own image, the trace's header";
  EXPECT_EQ(stacks_.dropped, 0u);
}

// What the key of the first stands for is told half a second later.
TEST_F(LiveStacksTest, OfACacheAreWaitedForAsLongAsIsAsked) {
  cached_within_ = 1000ms;
  Play({{Mapped(10, kLoad, 8, kProgram, "a.exe"), Event(1000),
         StackKeyRecord(1001, kStackKeyUser, {1000, 8, kThread}, 0xB1), Event(kSecond / 2),
         StackKeyRundown(kSecond / 2 + 1, 0xB1, {kProgram + 5})}},
       {.stalls = {{5, 500ms}}});
  EXPECT_EQ(summaries_, (std::vector<std::string>{R"("a.exe")"}));
  EXPECT_EQ(stacks_.untold, 0u);
  ASSERT_TRUE(live_.stacks.has_value());
  EXPECT_EQ(live_.stacks->matched, 1u) << "the counts are told with the others";
}

TEST_F(LiveStacksTest, AreWindowsOnlyWhereTheyAreAskedFor) {
  asks_ = false;
  Play({{Mapped(10, kLoad, 8, kProgram, "a.exe"), Event(1000), Stack(1001, 1000)}});
  EXPECT_TRUE(summaries_.empty());
  EXPECT_EQ(live_.source.queue.queued, 3u) << "the header and two images";
}

TEST_F(LiveStacksTest, AreOfTheImageThatWasThereAtTheEvent) {
  Play({{Mapped(10, kLoad, 8, kProgram, "old.exe"), Event(1000),
         Mapped(1001, kUnload, 8, kProgram, "old.exe"), Mapped(1002, kLoad, 8, kProgram, "new.exe"),
         Stack(1003, 1000), Event(1004), Stack(1005, 1004)}});
  EXPECT_EQ(summaries_, (std::vector<std::string>{R"("old.exe")", R"("new.exe")"}));
}

// As of a recorded trace.
TEST_F(LiveStacksTest, WithASystemCallFromASecondNtdllSayThatItIsDirect) {
  constexpr uint64_t kNtdll = 0x7FFE'0000'0000;
  constexpr uint64_t kCopy = 0x5000'0000;
  constexpr std::string_view kPath = R"(Windows\System32\ntdll.dll)";
  Play({{ProcessRecord({5, 4}, kStart, 8, 4, "a.exe"), Mapped(10, kLoad, 8, kProgram, "a.exe"),
         Mapped(11, kLoad, 8, kNtdll, kPath), Mapped(12, kLoad, 8, kCopy, kPath), Event(1000),
         Stack(1001, 1000, 8, kNtdll + 5), Event(2000), Stack(2001, 2000, 8, kCopy + 5)}});
  EXPECT_EQ(direct_, (std::vector<std::string>{"false", "true"}));
}

TEST_F(LiveStacksTest, OfAProcessThatHasEndedStillHaveItsImages) {
  Play({{Mapped(10, kLoad, 8, kProgram, "a.exe"), Event(1000),
         Mapped(1001, kUnload, 8, kProgram, "a.exe"), ProcessRecord({1002, 8}, kEnd, 8, 4, "a.exe"),
         Stack(1003, 1000)}});
  EXPECT_EQ(summaries_, std::vector<std::string>{R"("a.exe")"});
}

// A millisecond is 10,000 ticks.
TEST_F(LiveStacksTest, OfANumberThatIsUsedAgainWithinAMillisecondAreEachItsOwn) {
  Play({{ProcessRecord({5, 4}, kStart, 8, 4, "a.exe"), Mapped(10, kLoad, 8, kProgram, "a.exe"),
         Event(1000), ProcessRecord({1001, 8}, kEnd, 8, 4, "a.exe"),
         ProcessRecord({2000, 4}, kStart, 8, 4, "n.exe"), Mapped(2001, kLoad, 8, kProgram, "n.exe"),
         Event(3000), Stack(3001, 1000), Stack(3002, 3000)}});
  EXPECT_EQ(summaries_, (std::vector<std::string>{R"("a.exe")", R"("n.exe")"}));
  EXPECT_EQ(stacks_.matched, 2u);
}

TEST_F(LiveStacksTest, OfAClockThatJumpsBackAreThoseOfItsTime) {
  // The header is the first record; the jump comes with the fifth.
  Play({{Mapped(10, kLoad, 8, kProgram, "a.exe"), Event(1000), Stack(1001, 1000), Event(2000),
         Stack(2001, 500)}},
       {.clock_back_at = 5, .clock_back = 1500, .stalls = {{4, 500ms}}}, /*within=*/0ms);
  EXPECT_EQ(live_.out_of_order, 2u);
  EXPECT_EQ(summaries_.size(), 2u);
  EXPECT_EQ(stacks_.matched, 2u);
}

// Each path is that of an image in ten processes.
TEST_F(LiveStacksTest, AreFoundAmongAHundredThousandImages) {
  constexpr uint32_t kProcesses = 1000;
  constexpr uint32_t kPrograms = 100;
  constexpr uint32_t kImages = 100;                                      // of each
  const auto pid_of = [](uint32_t process) { return 4 + 4 * process; };  // 4 is the kernel's
  std::vector<std::vector<Bytes>> buffers;
  uint64_t tick = 0;
  const auto base = [](uint32_t image) { return kProgram + image * uint64_t{0x10000}; };
  const auto name = [](uint32_t process, uint32_t image) {
    return std::to_string(process % kPrograms) + "-" + std::to_string(image) + ".dll";
  };
  std::set<std::string> paths{kLibrary};
  for (uint32_t process = 1; process <= kProcesses; ++process) {
    if (process % 10 == 1) buffers.emplace_back();
    for (uint32_t i = 0; i < kImages; ++i) {
      const std::string below = R"(Program Files\Vendor\Program\)" + name(process, i);
      buffers.back().push_back(Mapped(++tick, kLoad, pid_of(process), base(i), below));
      paths.insert(R"(\Device\HarddiskVolume3\)" + below);
    }
  }
  buffers.emplace_back();
  for (uint32_t process = 1; process <= kProcesses; process += 10) {
    tick += 10;
    buffers.back().push_back(Event(tick, pid_of(process)));
    buffers.back().push_back(Stack(tick + 1, tick, pid_of(process), base(process % kImages) + 5));
  }
  Play(buffers);
  ASSERT_EQ(summaries_.size(), kProcesses / 10);
  for (uint32_t i = 0; i < summaries_.size(); ++i)
    EXPECT_EQ(summaries_[i], '"' + name(1 + 10 * i, (1 + 10 * i) % kImages) + '"');
  EXPECT_EQ(stacks_.matched, kProcesses / 10);
  EXPECT_EQ(live_.source.queue.dropped, 0u);
  EXPECT_EQ(images_.size, kProcesses * kImages + kProcesses / 10) << "and those of the events";
  EXPECT_LE(images_.size, ImageMap::kMaxImages);
  EXPECT_EQ(paths.size(), kPrograms * kImages + 1);
  EXPECT_EQ(images_.path_bytes,
            std::accumulate(paths.begin(), paths.end(), size_t{0},
                            [](size_t sum, const std::string& path) { return sum + path.size(); }))
      << "each once";
  EXPECT_FALSE(images_.has_left_out);
}

TEST_F(LiveStacksTest, OfMoreImagesThanThereIsRoomForTakeNoMoreOfIt) {
  // Ten thousand paths of a kilobyte each.
  constexpr uint32_t kImages = 10'000;
  const std::string folder = std::string(1000, 'x') + '\\';
  std::vector<std::vector<Bytes>> buffers;
  for (uint32_t i = 1; i <= kImages; ++i) {
    if (i % 400 == 1) buffers.emplace_back();
    buffers.back().push_back(
        Mapped(i, kLoad, 8, kProgram + i * uint64_t{0x10000}, folder + std::to_string(i) + ".dll"));
  }
  buffers.push_back({Event(20'000), Stack(20'001, 20'000, 8, kProgram + 0x10005), Event(20'002),
                     Stack(20'003, 20'002, 8, kProgram + kImages * uint64_t{0x10000} + 5)});
  Play(buffers);
  EXPECT_EQ(summaries_, (std::vector<std::string>{R"("1.dll")", R"("unknown")"}));
  EXPECT_LT(images_.size, kImages);
  EXPECT_TRUE(images_.has_left_out);
  EXPECT_GT(images_.path_bytes, ImageMap::kMaxPathBytes);
  EXPECT_LE(images_.path_bytes, ImageMap::kMaxPathBytes + 1100)
      << "the last one that there was room for";
}

}  // namespace
}  // namespace nuthatch
