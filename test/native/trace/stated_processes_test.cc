#include <gtest/gtest.h>

#include "trace/joined.h"
#include "trace/trace_records.h"

namespace nuthatch {
namespace {

constexpr Guid kDnsClient = ParseGuid("1c95126e-7eea-49a9-a3fe-a378b03ddb4d");
constexpr Guid kAuditApiCalls = ParseGuid("e02a841c-75a3-4fa7-afc8-ae09cf9b7f23");
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

}  // namespace
}  // namespace nuthatch
