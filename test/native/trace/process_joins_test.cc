#include "trace/process_joins.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "trace/joined.h"
#include "trace/trace_records.h"

namespace nuthatch {
namespace {

constexpr std::string_view kSystem32 = "\\Device\\HarddiskVolume3\\Windows\\System32\\";

std::string System32(std::string_view file) { return std::string(kSystem32) + std::string(file); }

// The id of a process: its number and its start as a FILETIME.
std::string IdOf(uint32_t pid, uint64_t start) {
  char text[40];
  std::snprintf(text, sizeof(text), "\"guid\":\"%u-%llx\"", pid,
                static_cast<unsigned long long>(start));
  return text;
}

TEST(ProcessJoins, AProcessIsKnownByWhatIsToldOfItLater) {
  const auto lines = Joined::OfFile({
      Kernel({.tick = 1, .pid = 500}, 0x0F, 0x22, 0, Payload().Narrow("a mark")),
      ProcessRecord({.tick = 2}, kDcEnd, 4, 0, "System"),
      ProcessRecord({.tick = 2}, kDcEnd, 400, 4, "explorer.exe"),
      ProcessRecord({.tick = 3}, kDcEnd, 500, 400, "cmd.exe", "cmd /c \"x\""),
      ImageRecord({.tick = 4}, 0x14, kDcEnd, 500, 0x10000, System32("ntdll.dll")),
      ImageRecord({.tick = 5}, 0x14, kDcEnd, 500, 0x20000, System32("CMD.EXE")),
      VolumeMapping(6, "\\Device\\HarddiskVolume3\\", "D:\\"),
  });
  EXPECT_EQ(lines[0],
            "\"process\":{\"guid\":\"500-0\",\"pid\":500,\"name\":\"CMD.EXE\","
            "\"path\":\"D:\\\\Windows\\\\System32\\\\CMD.EXE\","
            "\"command_line\":\"cmd /c \\\"x\\\"\",\"user_sid\":\"S-1-5-18\",\"session_id\":1,"
            "\"parent\":{\"guid\":\"400-0\",\"pid\":400,\"name\":\"explorer.exe\","
            "\"user_sid\":\"S-1-5-18\",\"session_id\":1,\"parent\":{\"name\":\"System\"}},"
            "\"ancestor_names\":[\"explorer.exe\",\"System\"]}");
}

TEST(ProcessJoins, AStartAndAnEndAreOfTheirProcessAndRundownIsNothing) {
  const auto lines = Joined::OfFile({
      ProcessRecord({.tick = 1}, kDcStart, 400, 4, "explorer.exe"),
      ProcessRecord({.tick = 2, .pid = 400}, kStart, 500, 400, "cmd.exe"),
      ProcessRecord({.tick = 3, .pid = 500}, kEnd, 500, 400, "cmd.exe"),
      ProcessRecord({.tick = 4}, kDcEnd, 400, 4, "explorer.exe"),
  });
  EXPECT_EQ(AllHappened(lines), (std::vector<std::string>{"", "process_start", "process_end", ""}));
  EXPECT_EQ(Member(lines[1], "process"), Member(lines[2], "process"));
  EXPECT_NE(lines[1].find(IdOf(500, TraceFacts().start_time + 2)), lines[1].npos) << lines[1];
}

TEST(ProcessJoins, ANumberThatIsGivenAgainIsAnotherProcess) {
  const auto mark = [](uint64_t tick) {
    return Kernel({.tick = tick, .pid = 500}, 0x0F, 0x22, 0, Payload().Narrow("a mark"));
  };
  const std::vector<Bytes> records = {
      ProcessRecord({.tick = 1000, .pid = 4}, kStart, 500, 4, "first.exe"),
      mark(2000),
      ProcessRecord({.tick = 3000, .pid = 500}, kEnd, 500, 4, "first.exe"),
      mark(3500),  // closes its handles
      ProcessRecord({.tick = 4000, .pid = 4}, kStart, 500, 4, "second.exe"),
      mark(5000),
      ProcessRecord({.tick = 6000, .pid = 500}, kEnd, 500, 4, "second.exe"),
      mark(6000 + 6 * kSecond),  // nobody's, as far as is known
  };
  for (const auto& lines : {Joined::OfFile(records), Joined::OfSession(records)}) {
    EXPECT_EQ(AllHappened(lines),
              (std::vector<std::string>{"process_start", "", "process_end", "", "process_start", "",
                                        "process_end", ""}));
    for (const size_t i : {0, 1, 2, 3})
      EXPECT_NE(lines[i].find("\"name\":\"first.exe\""), lines[i].npos) << i << lines[i];
    for (const size_t i : {4, 5, 6})
      EXPECT_NE(lines[i].find("\"name\":\"second.exe\""), lines[i].npos) << i << lines[i];
    EXPECT_EQ(lines[7], "\"process\":{\"guid\":\"500-0\",\"pid\":500}");
  }
}

Bytes ProviderStart(uint64_t tick, uint32_t pid, uint64_t created, std::string_view path,
                    uint32_t parent = 4, uint32_t creator = 4) {
  Payload payload;
  payload.U32(pid).U64(pid).U64(created).U32(parent).U64(parent).U32(1).U32(0).U32(1).U32(1);
  payload.U8(1).U8(1).Raw({0, 0, 0, 0, 0, 16}).U32(12288);
  payload.Wide(path).U32(0).U32(0).Wide({}).Wide({});
  return Provider({.tick = tick, .pid = creator}, kKernelProcess, 1, 3, payload);
}
Bytes ProviderStop(uint64_t tick, uint32_t pid, uint64_t created) {
  Payload payload;
  payload.U32(pid).U64(created).U64(0).U32(0).U32(0).U32(0).U64(0).U64(0).Narrow("x.exe");
  return Provider({.tick = tick, .pid = pid}, kKernelProcess, 2, 0, payload);
}

TEST(ProcessJoins, BothSourcesTellOfOneProcess) {
  constexpr uint64_t kCreated = 133'000'000'000'012'345;
  const std::vector<Bytes> records = {
      ProviderStart(1000, 500, kCreated, System32("x.exe")),
      ProcessRecord({.tick = 1100, .pid = 4}, kStart, 500, 4, "x.exe", "x -y"),
      ProcessRecord({.tick = 5000, .pid = 500}, kEnd, 500, 4, "x.exe", "x -y"),
      ProviderStop(5100, 500, kCreated),
  };
  const auto lines = Joined::OfFile(records);
  EXPECT_EQ(AllHappened(lines), (std::vector<std::string>{"", "process_start", "process_end", ""}));
  for (const std::string& line : lines) {
    EXPECT_EQ(Member(line, "process"),
              "{" + IdOf(500, kCreated) +
                  ",\"pid\":500,\"name\":\"x.exe\","
                  "\"path\":\"C:\\\\Windows\\\\System32\\\\x.exe\","
                  "\"command_line\":\"x -y\",\"user_sid\":\"S-1-5-18\",\"session_id\":1,"
                  "\"integrity\":\"High\",\"parent\":{\"pid\":4}}");
  }
  // Live, who speaks first.
  EXPECT_EQ(AllHappened(Joined::OfSession(records)),
            (std::vector<std::string>{"process_start", "", "", "process_end"}));
}

TEST(ProcessJoins, AnIdThatWasGivenOutStays) {
  const auto lines = Joined::OfSession({
      ProcessRecord({.tick = 1000, .pid = 4}, kStart, 500, 4, "x.exe"),
      ProviderStart(1100, 500, 133'000'000'000'012'345, System32("x.exe")),
  });
  for (const std::string& line : lines)
    EXPECT_NE(line.find(IdOf(500, TraceFacts().start_time + 1000)), line.npos) << line;
}

TEST(ProcessJoins, TheEndThatTheOtherSourceTellsLateIsNotTheNextProcess) {
  const auto lines = Joined::OfFile({
      ProviderStart(1000, 500, 11, System32("first.exe")),
      ProviderStart(3000, 500, 22, System32("second.exe")),
      ProviderStop(3100, 500, 11),
      Kernel({.tick = 6 * kSecond, .pid = 500}, 0x0F, 0x22, 0, Payload().Narrow("a mark")),
  });
  EXPECT_NE(lines[2].find("first.exe"), lines[2].npos) << lines[2];
  EXPECT_NE(lines[3].find("second.exe"), lines[3].npos) << lines[3];
}

TEST(ProcessJoins, AParentIsWhoHadTheNumberWhenTheProcessStarted) {
  const auto lines = Joined::OfFile({
      ProcessRecord({.tick = 1000, .pid = 4}, kStart, 400, 4, "right.exe"),
      ProcessRecord({.tick = 2000, .pid = 400}, kStart, 500, 400, "child.exe"),
      ProcessRecord({.tick = 3000, .pid = 400}, kEnd, 400, 4, "right.exe"),
      ProcessRecord({.tick = 4000, .pid = 4}, kStart, 400, 4, "wrong.exe"),
      ProcessRecord({.tick = 5000, .pid = 500}, kEnd, 500, 400, "child.exe"),
  });
  const std::string parent = "\"parent\":{" + IdOf(400, TraceFacts().start_time + 1000) +
                             ",\"pid\":400,\"name\":\"right.exe\"";
  EXPECT_NE(lines[4].find(parent), lines[4].npos) << lines[4];
}

// Started, used, ended and started again within a millisecond.
TEST(ProcessJoins, ANumberThatIsGivenAgainWithinAMillisecondIsAnotherProcess) {
  const auto child = [](uint64_t tick, uint32_t pid) {
    return ProcessRecord({.tick = tick, .pid = 400}, kStart, pid, 400, "child.exe");
  };
  const std::vector<Bytes> records = {
      ProcessRecord({.tick = 1000, .pid = 4}, kStart, 400, 4, "first.exe"),
      child(2000, 500),
      ProcessRecord({.tick = 3000, .pid = 400}, kEnd, 400, 4, "first.exe"),
      ProcessRecord({.tick = 4000, .pid = 4}, kStart, 400, 4, "second.exe"),
      child(5000, 504),
      ProcessRecord({.tick = 6000, .pid = 500}, kEnd, 500, 400, "child.exe"),
      ProcessRecord({.tick = 7000, .pid = 504}, kEnd, 504, 400, "child.exe"),
  };
  const auto parent = [](uint64_t start, const std::string& name) {
    return "\"parent\":{" + IdOf(400, TraceFacts().start_time + start) +
           ",\"pid\":400,\"name\":\"" + name + "\"";
  };
  for (const auto& lines : {Joined::OfFile(records), Joined::OfSession(records)}) {
    for (const size_t i : {1, 5})
      EXPECT_NE(lines[i].find(parent(1000, "first.exe")), lines[i].npos) << i << lines[i];
    for (const size_t i : {4, 6})
      EXPECT_NE(lines[i].find(parent(4000, "second.exe")), lines[i].npos) << i << lines[i];
  }
}

TEST(ProcessJoins, AncestorsAreTheParentAndItsParents) {
  const std::vector<Bytes> records = {
      ProcessRecord({.tick = 1, .pid = 4}, kStart, 400, 4, "first.exe"),
      ImageLoad({.tick = 2, .pid = 400}, 400, System32("ntdll.dll")),
      ImageLoad({.tick = 3, .pid = 400}, 400, System32("first.exe")),
      ProcessRecord({.tick = 4, .pid = 400}, kStart, 500, 400, "second.exe"),
      ProcessRecord({.tick = 5, .pid = 500}, kStart, 600, 500, "third.exe"),
      ImageLoad({.tick = 6, .pid = 600}, 600, System32("a.dll")),
  };
  for (const auto& lines : {Joined::OfFile(records), Joined::OfSession(records)}) {
    const std::string process = Member(lines[5], "process");
    const std::string ancestors = R"("ancestor_names":["second.exe","first.exe"],)"
                                  R"("ancestor_paths":["C:\\Windows\\System32\\first.exe"]})";
    EXPECT_TRUE(process.ends_with(ancestors)) << process;
  }
}

std::string CreatorIn(const std::string& line) {
  const std::string process = Member(line, "process");
  return Member(process.substr(1, process.size() - 2), "creator");
}

TEST(ProcessJoins, WhoCreatedAProcessIsToldWhereItIsNotTheParent) {
  const std::vector<Bytes> records = {
      ProcessRecord({.tick = 1}, kDcStart, 400, 4, "explorer.exe"),
      ProcessRecord({.tick = 2}, kDcStart, 600, 400, "evil.exe", "evil -x"),
      ProcessRecord({.tick = 3, .pid = 600}, kStart, 500, 400, "child.exe"),
      ProcessRecord({.tick = 4, .pid = 400}, kStart, 504, 400, "own.exe"),
      ProcessRecord({.tick = 5}, kStart, 508, 400, "unknown.exe"),
      ProcessRecord({.tick = 6, .pid = 700}, kStart, 512, 400, "stranger.exe"),
      ProcessRecord({.tick = 7, .pid = 500}, kEnd, 500, 400, "child.exe"),
  };
  const std::string evil = R"({"guid":"600-0","pid":600,"name":"evil.exe",)"
                           R"("command_line":"evil -x","user_sid":"S-1-5-18","session_id":1})";
  for (const auto& lines : {Joined::OfFile(records), Joined::OfSession(records)}) {
    for (const size_t i : {2, 6}) {
      EXPECT_EQ(CreatorIn(lines[i]), evil);
      EXPECT_NE(lines[i].find(R"("parent":{"guid":"400-0","pid":400)"), lines[i].npos) << lines[i];
    }
    EXPECT_EQ(CreatorIn(lines[3]), "");
    EXPECT_EQ(CreatorIn(lines[4]), "");
    EXPECT_EQ(CreatorIn(lines[5]), R"({"pid":700})");
  }
}

TEST(ProcessJoins, KernelProcessTellsOfTheCreatorToo) {
  const auto lines = Joined::OfFile({
      ProviderStart(1, 400, 11, System32("services.exe")),
      ProviderStart(2, 600, 12, System32("evil.exe")),
      ProviderStart(3, 500, 13, System32("child.exe"), 400, 600),
  });
  EXPECT_EQ(CreatorIn(lines[1]), "");
  EXPECT_NE(CreatorIn(lines[2]).find(R"(\\System32\\evil.exe")"), std::string::npos) << lines[2];
}

TEST(ProcessJoins, AnEndSaysHowTheCommandLineStoodThen) {
  const std::vector<Bytes> records = {
      ProcessRecord({.tick = 1, .pid = 4}, kStart, 500, 4, "x.exe", "x --harmless"),
      ProcessRecord({.tick = 2, .pid = 500}, kEnd, 500, 4, "x.exe", "x --evil"),
  };
  for (const auto& lines : {Joined::OfFile(records), Joined::OfSession(records)})
    EXPECT_NE(lines[1].find(R"("command_line":"x --harmless")"), lines[1].npos) << lines[1];
}

TEST(ProcessJoins, ANameThatIsCutOffFindsItsImage) {
  const auto lines = Joined::OfFile({
      ProcessRecord({.tick = 1, .pid = 4}, kStart, 500, 4, "a-long-name-of"),
      ImageLoad({.tick = 2, .pid = 500}, 500, System32("a-long.exe")),
      ImageLoad({.tick = 3, .pid = 500}, 500, System32("A-long-name-of-it.exe")),
  });
  EXPECT_NE(lines[0].find("\"name\":\"A-long-name-of-it.exe\""), lines[0].npos) << lines[0];
}

TEST(ProcessJoins, ImagesAloneTellWhatAProcessIs) {
  const auto lines = Joined::OfFile({
      ImageLoad({.tick = 2, .pid = 500}, 500, System32("ntdll.dll")),
      ImageLoad({.tick = 3, .pid = 500}, 500, System32("x.exe")),
  });
  EXPECT_EQ(AllHappened(lines), (std::vector<std::string>{"image_load", "image_load"}));
  EXPECT_EQ(Member(lines[0], "process"),
            "{\"guid\":\"500-0\",\"pid\":500,\"name\":\"x.exe\","
            "\"path\":\"C:\\\\Windows\\\\System32\\\\x.exe\"}");
}

TEST(ProcessJoins, WhatTheKernelLoadsIsADriver) {
  const auto lines = Joined::OfFile({
      ImageLoad({.tick = 1, .pid = 4}, 0, "\\SystemRoot\\System32\\drivers\\a.sys",
                0xFFFF'F800'0000'0000),
      ImageLoad({.tick = 2, .pid = 4}, 4, "\\SystemRoot\\System32\\drivers\\b.sys"),
      ImageLoad({.tick = 3, .pid = 700}, 700, "\\??\\C:\\c.sys", 0xFFFF'F800'0000'0000),
      ImageRecord({.tick = 4}, 0x14, kDcStart, 0, 0xFFFF'F800'0000'0000, "\\??\\C:\\d.sys"),
      ImageRecord({.tick = 5, .pid = 8}, 3, 0x0A, 8, 0x8123'4000, "\\??\\C:\\e.sys", 4),
      ImageRecord({.tick = 6, .pid = 8}, 3, 0x0A, 8, 0x7123'4000, "\\??\\C:\\f.dll", 4),
  });
  EXPECT_EQ(AllHappened(lines),
            (std::vector<std::string>{"driver_load", "driver_load", "driver_load", "",
                                      "driver_load", "image_load"}));
  EXPECT_EQ(Member(lines[0], "image"), R"({"path":"C:\\Windows\\System32\\drivers\\a.sys"})");
  EXPECT_EQ(Member(lines[0], "process"), R"({"guid":"4-0","pid":4})");
}

TEST(ProcessJoins, AThreadInAnotherProcessIsRemote) {
  const auto lines = Joined::OfFile({
      ProcessRecord({.tick = 1}, kDcStart, 400, 4, "victim.exe"),
      ThreadRecord({.tick = 2, .pid = 600}, kStart, 400, 41),  // into one from before
      ProcessRecord({.tick = 3, .pid = 600}, kStart, 500, 600, "child.exe"),
      ThreadRecord({.tick = 4, .pid = 600}, kStart, 500, 51),  // the first of a child
      ThreadRecord({.tick = 5, .pid = 500}, kStart, 500, 52),
      ThreadRecord({.tick = 6, .pid = 600}, kStart, 500, 53),
      ThreadRecord({.tick = 7, .pid = 4}, kStart, 500, 54),
      ThreadRecord({.tick = 8, .pid = 600}, kStart, 4, 55),
      ThreadRecord({.tick = 9, .pid = 600}, kDcEnd, 500, 56),
      ThreadRecord({.tick = 9}, kStart, 500, 57),
  });
  EXPECT_EQ(AllHappened(lines), (std::vector<std::string>{"", "remote_thread", "process_start", "",
                                                          "", "remote_thread", "", "", "", ""}));
  EXPECT_EQ(Member(lines[1], "target"), R"({"guid":"400-0","pid":400,"name":"victim.exe"})");
  EXPECT_EQ(Member(lines[1], "process"), R"({"guid":"600-0","pid":600})");
}

TEST(ProcessJoins, TheProvidersThreadInAnotherProcessIsRemote) {
  Payload payload;
  payload.U32(400).U32(41);
  for (int i = 0; i < 7; ++i) payload.Ptr(0);
  const auto lines =
      Joined::OfFile({Provider({.tick = 2, .pid = 600}, kKernelProcess, 3, 1, payload.U32(0))});
  EXPECT_EQ(HappenedIn(lines[0]), "remote_thread");
  EXPECT_EQ(Member(lines[0], "target"), R"({"guid":"400-0","pid":400})");
}

TEST(ProcessJoins, RecordsOf32BitsSayTheSame) {
  const auto lines = Joined::OfFile({
      ProcessRecord({.tick = 1, .pid = 4}, kStart, 500, 4, "x.exe", "x", 4),
      ImageRecord({.tick = 2, .pid = 500}, 3, 0x0A, 500, 0x400000, System32("x.exe"), 4),
  });
  EXPECT_EQ(AllHappened(lines), (std::vector<std::string>{"process_start", "image_load"}));
  EXPECT_NE(lines[0].find("\"name\":\"x.exe\",\"path\""), lines[0].npos) << lines[0];
}

}  // namespace
}  // namespace nuthatch
