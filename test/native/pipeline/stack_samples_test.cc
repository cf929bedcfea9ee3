// The call stacks of a real trace.
#include <gtest/gtest.h>

#include <map>

#include "live/play.h"
#include "live/stacked_text.h"
#include "support/samples.h"

namespace nuthatch {
namespace {

// Of image loads and new files.
std::map<std::string, size_t> CountsOf(std::string_view all) {
  std::map<std::string, size_t> counts;
  const auto has = [](std::string_view line, std::string_view what) {
    return line.find(what) != line.npos;
  };
  for (size_t at = 0; at < all.size();) {
    const size_t end = all.find('\n', at);
    const std::string_view line = all.substr(at, end - at);
    at = end + 1;
    const bool stacked = has(line, "\"callstack\":{");
    for (const char* happened : {"image_load", "file_create"}) {
      if (!has(line, std::string("\"happened\":\"") + happened)) continue;
      ++counts[happened];
      if (stacked) ++counts[std::string(happened) + " with a stack"];
      if (has(line, "\"direct_syscall\":true")) ++counts["direct"];
      if (has(line, "\"direct_syscall\":false")) ++counts["not direct"];
    }
  }
  return counts;
}

// PerfView's, of Windows 8: with cached stacks of samples, disk and image loads, and stacks in the
// items of Kernel-File's events.
TEST(StackSamples, EveryEventThatHappenedWithAStackHasIt) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  const std::vector<uint8_t> bytes = Decompressed(PerfViewFolder() / "net.4.5.2.x64.etl.zst");
  size_t passes = 0;
  TraceEvents events(Opening(bytes, &passes), {});
  TraceText text(events.joiner());
  text.FollowStacks(nullptr);
  std::string all;
  uint64_t bytes_done = 0;
  for (bool done = false; !done;) {
    text.Clear();
    ASSERT_TRUE(events.Next(&text, &done).ok());
    EXPECT_GE(events.bytes_done(), bytes_done);
    bytes_done = events.bytes_done();
    text.FinishStacks(events.stage().time(), done);
    all += text.text();
  }
  EXPECT_EQ(passes, 3u);
  std::map<std::string, size_t> counts = CountsOf(all);
  EXPECT_EQ(counts["image_load"], 35u);
  EXPECT_EQ(counts["image_load with a stack"], 35u);
  EXPECT_EQ(counts["file_create"], 14u);
  EXPECT_EQ(counts["file_create with a stack"], 14u);
  EXPECT_EQ(counts["direct"], 0u) << "nobody evades there";
  EXPECT_EQ(counts["not direct"], 48u) << "of one the process's images are not known yet";
  const StackCounts& stacks = *events.stage().stacks();
  EXPECT_GT(stacks.matched, 8'000u);
  EXPECT_EQ(stacks.dropped, 0u);
}

// What the keys of cached stacks stand for is told up to ten seconds later, and at the end.
TEST(StackSamples, LiveTheyHaveItTooIfThatIsWaitedFor) {
  if (!HasTraces()) GTEST_SKIP() << "no traces at " << TraceFolder();
  const std::vector<uint8_t> bytes = Decompressed(PerfViewFolder() / "net.4.5.2.x64.etl.zst");
  LiveTraceOptions options;
  options.source.attach = "recorded";
  options.cached_stacks_within = std::chrono::seconds(15);
  options.filter.standard.emplace();  // what happened alone: there is room for all of it to wait
  std::string all;
  LiveTrace live(Playing(bytes), options,
                 [&](TraceJoiner* joiner) { return std::make_unique<StackedText>(joiner, &all); });
  PlayToEnd(&live);
  std::map<std::string, size_t> counts = CountsOf(all);
  EXPECT_EQ(counts["image_load with a stack"], 35u);
  EXPECT_EQ(counts["file_create with a stack"], 14u);
  const std::optional<StackCounts> stacks = live.counts().stacks;
  ASSERT_TRUE(stacks.has_value());
  EXPECT_GE(stacks->matched, 49u);
  EXPECT_EQ(stacks->dropped, 0u);
  EXPECT_EQ(stacks->untold, 0u);
}

}  // namespace
}  // namespace nuthatch
