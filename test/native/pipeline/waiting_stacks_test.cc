#include "pipeline/waiting_stacks.h"

#include <gtest/gtest.h>

#include <string>

#include "etw/open_trace.h"
#include "pipeline/record_stage.h"
#include "trace/trace_records.h"

namespace nuthatch {
namespace {

using EventTypes = WaitingStacks::EventTypes;

// Which of the events wait.
class Waits final : public TraceOutput {
 public:
  Waits(TraceJoiner* joiner, std::optional<EventTypes> asked) : stacks_(joiner, nullptr, asked) {}
  void Add(const DecodedEvent& event, const JoinedEvent& joined, uint64_t) override {
    waits += stacks_.Add(event, joined) ? 'y' : 'n';
  }
  bool full() const override { return false; }

  std::string waits;

 private:
  WaitingStacks stacks_;
};

EventTypes Only(EventType type) { return EventTypes().set(static_cast<size_t>(type)); }

std::string WaitsIn(const Bytes& trace, std::optional<EventTypes> asked) {
  const std::unique_ptr<TraceReader> reader = Open(trace);
  RecordStage stage{EventFilter()};
  Waits waits(stage.joiner(), asked);
  for (EtwRecord record; reader->Next(&record);) stage.Give(record, &waits);
  return waits.waits.substr(1);  // the first is the trace's header
}

// Of a load by the kernel's logger, and of two events of a provider, the first with its stack.
std::string WaitsOf(std::optional<EventTypes> asked) {
  EventRecord event;
  event.pid = 8;
  event.time = kFirstTick + 3;
  EventRecord stacked = event;
  stacked.time = kFirstTick + 2;
  stacked.items = {{6, Payload().U64(0).U64(0x1000).bytes()}};
  EtlWriter writer;
  writer.Add({.records = {ImageLoad({1, 8}, 8, "a.dll", 0x1000), stacked.Write(), event.Write()}});
  return WaitsIn(writer.bytes(), asked);
}

TEST(WaitingStacks, OfARecordedTraceMayBeOfAnyEvent) { EXPECT_EQ(WaitsOf(std::nullopt), "yyy"); }

TEST(WaitingStacks, OfALiveSessionAreOfTheTypesAskedForAndInProvidersOwnRecords) {
  EXPECT_EQ(WaitsOf(Only(EventType::kImageLoad)), "yyn");
  EXPECT_EQ(WaitsOf(Only(EventType::kProcessStart)), "nyn");
}

// Who acted may not be told, but in which thread.
TEST(WaitingStacks, MayBeOfARecordThatHasAThreadAlone) {
  EventRecord event;
  event.pid = kNoId;
  event.tid = 80;
  event.time = kFirstTick + 1;
  EventRecord of_nobody = event;
  of_nobody.tid = kNoId;
  EtlWriter writer;
  writer.Add({.records = {event.Write(), of_nobody.Write()}});
  EXPECT_EQ(WaitsIn(writer.bytes(), std::nullopt), "yn");
}

// One that waits, of more than there is room for.
class Full final : public TraceOutput {
 public:
  explicit Full(TraceJoiner* joiner) : joiner_(*joiner), stacks_(joiner, nullptr) {}
  void Add(const DecodedEvent& event, const JoinedEvent& joined, uint64_t) override {
    if (stacks_.size() == 0) stacks_.Add(event, joined);
  }
  bool full() const override { return false; }
  bool HasNext() { return stacks_.Next(joiner_.time(), /*now=*/false) != nullptr; }

 private:
  TraceJoiner& joiner_;
  WaitingStacks stacks_;
};

TEST(WaitingStacks, WhereThereIsNoRoomTheFirstDoesNotWait) {
  EtlWriter writer;
  writer.Add({.records = {ImageLoad({1, 8}, 8, "a.dll", 0x1000)}});
  const Bytes trace = writer.bytes();
  const std::unique_ptr<TraceReader> reader = Open(trace);
  RecordStage stage{EventFilter()};
  Full full(stage.joiner());
  for (EtwRecord record; reader->Next(&record);) stage.Give(record, &full);
  for (size_t i = 1; i < StackMatcher::kMaxWaiting; ++i)
    stage.joiner()->stacks()->Await({i, 8, 80}, stage.time());
  EXPECT_FALSE(full.HasNext());
  stage.joiner()->stacks()->Await({1, 8, 80}, stage.time());
  EXPECT_TRUE(full.HasNext());
}

}  // namespace
}  // namespace nuthatch
