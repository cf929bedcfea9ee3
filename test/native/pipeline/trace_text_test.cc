#include "pipeline/trace_text.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "etw/etl_writer.h"
#include "etw/known_providers.h"
#include "pipeline/opening.h"

namespace nuthatch {
namespace {

Bytes ThreadName(uint32_t pid, std::string_view name) {
  ByteSink payload;
  payload.U32(pid);
  payload.U32(9);
  for (const char c : name) payload.U16(static_cast<unsigned char>(c));
  payload.U16(0);
  KernelRecord record;
  record.marker = kPerfInfoMarker;
  record.group = 5;
  record.type = 0x48;
  record.version = 2;
  record.time = 2'000'000;
  record.payload = payload.bytes();
  return record.Write();
}

Bytes TraceOfThree() {
  EventRecord unknown;
  unknown.time = 3'000'000;
  unknown.id = 7;
  unknown.payload = {1, 2, 0xFF};
  EtlWriter writer;
  writer.Add({.records = {ThreadName(5, "a \"b\""), ThreadName(6, "c"), unknown.Write()}});
  return writer.bytes();
}

std::string Read(const Bytes& bytes, EventFilter filter, UndecodedCount* undecoded = nullptr) {
  TraceEvents events(Opening(bytes), std::move(filter));
  TraceText text(events.joiner());
  std::string all;
  for (bool done = false; !done;) {
    text.Clear();
    EXPECT_TRUE(events.Next(&text, &done).ok());
    all += text.text();
  }
  if (undecoded != nullptr) *undecoded = events.stage().undecoded().total();
  return all;
}

size_t Lines(const std::string& text) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(TraceText, ALineForEachEvent) {
  EXPECT_EQ(Read(TraceOfThree(), {.providers = {"thread"}, .ids = {}, .pids = {5}}),
            "{\"record\":2,\"time\":\"2022-06-18T04:26:40.1000000Z\",\"provider\":\"Thread\","
            "\"guid\":\"3d6fa8d1-fe05-11d0-9dda-00c04fd7ba7c\",\"type\":72,\"version\":2,"
            "\"event\":\"SetName\",\"cpu\":0,\"process\":{\"guid\":\"5-0\",\"pid\":5},\"fields\":{"
            "\"ProcessId\":5,\"ThreadId\":9,"
            "\"ThreadName\":\"a \\\"b\\\"\"}}\n");
}

TEST(TraceText, WhatHasNoSchemaIsGivenAsBytesAndCounted) {
  UndecodedCount undecoded;
  EXPECT_EQ(Read(TraceOfThree(), {.providers = {}, .ids = {7}, .pids = {}}, &undecoded),
            "{\"record\":4,\"time\":\"2022-06-18T04:26:40.2000000Z\","
            "\"guid\":\"00000000-0000-0000-0000-000000000000\",\"id\":7,\"version\":0,"
            "\"level\":4,\"cpu\":0,\"pid\":100,\"tid\":200,"
            "\"process\":{\"guid\":\"100-0\",\"pid\":100},\"fields\":{},\"rest\":\"0102ff\"}\n");
  EXPECT_EQ(undecoded.raw, 1u);
}

TEST(TraceText, FiltersByProviderIdAndProcess) {
  const Bytes trace = TraceOfThree();
  EXPECT_EQ(Lines(Read(trace, {})), 4u);  // and the trace's header
  EXPECT_EQ(Lines(Read(trace, {.providers = {"THREAD"}, .ids = {}, .pids = {}})), 2u);
  EXPECT_EQ(Lines(Read(trace, {.providers = {ToText(KernelClass(5))}, .ids = {}, .pids = {}})), 2u);
  EXPECT_EQ(Lines(Read(trace, {.providers = {"Thread"}, .ids = {7}, .pids = {}})), 0u);
  EXPECT_EQ(Lines(Read(trace, {.providers = {}, .ids = {0x48, 7}, .pids = {}})), 3u);
  EXPECT_EQ(Lines(Read(trace, {.providers = {}, .ids = {7}, .pids = {100}})), 1u);
}

}  // namespace
}  // namespace nuthatch
