// Processes of a live session, of the kernel's logger with Kernel-Process beside it, and of
// Kernel-Process alone.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "live/play.h"
#include "live/played_text.h"
#include "trace/joined.h"

namespace nuthatch {
namespace {

using Lines = std::vector<std::string>;

constexpr uint32_t kProgram = 500;
constexpr uint32_t kParent = 400;
constexpr uint64_t kCreated = TraceFacts().start_time + 70;  // before it is told of
constexpr uint64_t kParentCreated = TraceFacts().start_time - kSecond;
const Bytes kHighLabel = {1, 1, 0, 0, 0, 0, 0, 16, 0, 0x30, 0, 0};

// Version 3 of ProcessStart and 1 of ProcessRundown.
Bytes KernelProcess(uint64_t tick, uint16_t id, uint32_t pid, uint64_t created, uint32_t parent) {
  Payload payload;
  payload.U32(pid).U64(pid).U64(created).U32(parent).U64(parent).U32(1).U32(0).U32(1).U32(1);
  payload.Raw(kHighLabel).Wide(R"(\Device\HarddiskVolume3\a.exe)").U32(0).U32(0).Wide("").Wide("");
  return Provider({.tick = tick, .pid = parent}, kKernelProcess, id, id == 1 ? 3 : 1, payload);
}

Bytes StartByLogger(uint64_t tick) {
  return ProcessRecord({.tick = tick, .pid = kParent}, kStart, kProgram, kParent, "a.exe", "a -b");
}

SessionRequest ProcessProvider() {
  SessionRequest request;
  request.name = "providers";
  request.providers = {{.name = "Kernel-Process", .provider = kKernelProcess, .keyword = 0x10}};
  return request;
}

std::vector<SessionRequest> Logger() { return {KernelSession(), ProcessProvider()}; }

// Of a process that starts, and of its parent, which ran before.
std::vector<std::vector<Bytes>> ToldByBoth() {
  return {{StartByLogger(100)},
          {KernelProcess(2, 15, kParent, kParentCreated, 4),
           KernelProcess(101, 1, kProgram, kCreated, kParent)}};
}

// As ids have times.
std::string HexOf(uint64_t number) {
  std::ostringstream text;
  text << std::hex << number;
  return text.str();
}

// What has happened, of each event its line.
Lines Happened(const Lines& lines) {
  Lines happened;
  for (const std::string& line : lines) {
    if (line.find("\"happened\":") != line.npos) happened.push_back(line);
  }
  return happened;
}

std::string ProcessIn(const std::string& line) {
  return Member(line.substr(line.find("\"process\":")), "process");
}

std::string InProcess(const std::string& line, const std::string& member) {
  return Member(ProcessIn(line).substr(1), member);
}

TEST(LiveProcesses, AStartThatBothTellIsOneEventWithWhatEachAloneTells) {
  const Lines starts = Happened(PlayedLines(ToldByBoth(), Logger()));
  ASSERT_EQ(starts.size(), 1u);
  EXPECT_NE(starts[0].find("\"happened\":\"process_start\""), std::string::npos);
  EXPECT_EQ(InProcess(starts[0], "command_line"), "\"a -b\"") << "the logger's";
  EXPECT_EQ(InProcess(starts[0], "integrity"), "\"High\"") << "Kernel-Process's";
}

TEST(LiveProcesses, TheLoggerAloneSaysThatOneStarts) {
  const std::vector<std::vector<Bytes>> told = {{KernelProcess(2, 1, kProgram, kCreated, kParent)}};
  EXPECT_EQ(Happened(PlayedLines(told, Logger())).size(), 0u);
  EXPECT_EQ(Happened(PlayedLines(told, {ProcessProvider()})).size(), 1u);
}

TEST(LiveProcesses, IdsAreThoseOfTheOtherModeAndOfARecordedTrace) {
  const auto ids = [](const Lines& lines) {
    const Lines starts = Happened(lines);
    if (starts.size() != 1) return Lines{std::to_string(starts.size())};
    return Lines{InProcess(starts[0], "guid"),
                 Member(InProcess(starts[0], "parent").substr(1), "guid")};
  };
  const Lines by_logger = ids(PlayedLines(ToldByBoth(), Logger()));
  EXPECT_EQ(by_logger, ids(PlayedLines(ToldByBoth(), {ProcessProvider()})));
  EXPECT_EQ(by_logger, ids(RecordedLines(ToldByBoth())));
  EXPECT_EQ(by_logger,
            (Lines{"\"500-" + HexOf(kCreated) + '"', "\"400-" + HexOf(kParentCreated) + '"'}));
}

// An id stays what it was when it was asked for first.
TEST(LiveProcesses, WithoutKernelProcessTheIdIsOfTheRecordsTime) {
  const Lines starts = Happened(PlayedLines(ToldByBoth(), {KernelSession()}));
  ASSERT_EQ(starts.size(), 1u);
  EXPECT_EQ(InProcess(starts[0], "guid"), "\"500-" + HexOf(TraceFacts().start_time + 100) + '"');
}

}  // namespace
}  // namespace nuthatch
