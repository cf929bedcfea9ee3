#include <gtest/gtest.h>

#include "etw/metadata_writer.h"
#include "trace/joined.h"
#include "trace/trace_records.h"

namespace nuthatch {
namespace {

constexpr Guid kDnsClient = ParseGuid("1c95126e-7eea-49a9-a3fe-a378b03ddb4d");
constexpr Guid kAuditApiCalls = ParseGuid("e02a841c-75a3-4fa7-afc8-ae09cf9b7f23");
constexpr Guid kThreatIntelligence = ParseGuid("f4e1897c-bb5d-5668-f1d8-040f4d8dd344");
constexpr uint32_t kService = 900;

Bytes Answered(uint8_t version) {
  Payload payload;
  payload.Wide("a.example").U32(1).U32(0).U32(0).U32(0).Wide("192.0.2.7;");
  if (version > 0) payload.U32(700);
  return Provider({.tick = 2, .pid = kService}, kDnsClient, 3020, version, payload);
}

TEST(StatedProcesses, WhatAServiceWritesForAClientTheClientDid) {
  const auto lines = Joined::OfFile({
      ProcessRecord({.tick = 1, .pid = 4}, kDcStart, 700, 4, "client.exe"),
      Answered(1),
      Answered(0),
  });
  EXPECT_NE(Member(lines[1], "process").find("\"name\":\"client.exe\""), std::string::npos);
  EXPECT_EQ(Member(lines[2], "process"), R"({"guid":"900-0","pid":900})") << "it does not say who";
}

TEST(StatedProcesses, WhoIsActedUponIsTheTarget) {
  Payload payload;
  payload.U32(700).U32(0x1410).U32(0);
  const auto lines = Joined::OfFile({
      ProcessRecord({.tick = 1, .pid = 4}, kDcStart, 700, 4, "lsass.exe"),
      Provider({.tick = 2, .pid = 800}, kAuditApiCalls, 5, 0, payload),
  });
  EXPECT_EQ(Member(lines[1], "process"), R"({"guid":"800-0","pid":800})");
  EXPECT_EQ(Member(lines[1], "target"), R"({"guid":"700-0","pid":700,"name":"lsass.exe"})");
}

// READVM_REMOTE and WRITEVM_REMOTE: the status, who calls, by which thread, and upon whom. Of a
// process its number, when it began, its start key, and three levels of protection.
Bytes MemoryOfAnother(uint16_t id) {
  Payload payload;
  payload.U32(0);
  const auto process = [&](uint32_t pid) { payload.U32(pid).U64(0).U64(0).U8(0).U8(0).U8(0); };
  process(600);
  payload.U32(60).U64(0);
  process(700);
  payload.Ptr(0x1000).Ptr(64);
  return Provider({.tick = 3, .pid = kService}, kThreatIntelligence, id, 0, payload);
}

TEST(StatedProcesses, ThreatIntelligenceSaysWhoCallsAndUponWhom) {
  constexpr uint16_t kRead = 13;
  constexpr uint16_t kWrite = 14;
  const auto lines = Joined::OfFile({
      ProcessRecord({.tick = 1, .pid = 4}, kDcStart, 600, 4, "dumper.exe"),
      ProcessRecord({.tick = 2, .pid = 4}, kDcStart, 700, 4, "lsass.exe"),
      MemoryOfAnother(kRead),
      MemoryOfAnother(kWrite),
  });
  for (const size_t line : {2, 3}) {
    EXPECT_TRUE(Member(lines[line], "process")
                    .starts_with(R"({"guid":"600-0","pid":600,"name":"dumper.exe")"))
        << lines[line];
    EXPECT_EQ(Member(lines[line], "target"), R"({"guid":"700-0","pid":700,"name":"lsass.exe"})");
  }
}

// Whoever else has a field of that name.
TEST(StatedProcesses, AFieldOfThatNameIsATargetOnlyOfTheProvidersThatAreKnown) {
  Payload payload;
  payload.U32(700).U32(0x1410).U32(0);
  constexpr Guid kOther = ParseGuid("12345678-1234-1234-1234-123456789abc");
  const auto lines = Joined::OfFile({
      Provider({.tick = 2, .pid = 800}, kOther, 5, 0, payload),
      EventInfo(kOther, 5, 0, {{"TargetProcessId"}, {"DesiredAccess"}, {"ReturnCode"}}),
  });
  EXPECT_EQ(Member(lines[0], "process"), R"({"guid":"800-0","pid":800})");
  EXPECT_EQ(Member(lines[0], "target"), "");
}

}  // namespace
}  // namespace nuthatch
