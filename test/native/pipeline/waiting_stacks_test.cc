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
  const Bytes trace = writer.bytes();
  const std::unique_ptr<TraceReader> reader = Open(trace);
  RecordStage stage{EventFilter()};
  Waits waits(stage.joiner(), asked);
  for (EtwRecord record; reader->Next(&record);) stage.Give(record, &waits);
  return waits.waits.substr(1);  // the first is the trace's header
}

TEST(WaitingStacks, OfARecordedTraceMayBeOfAnyEvent) { EXPECT_EQ(WaitsOf(std::nullopt), "yyy"); }

TEST(WaitingStacks, OfALiveSessionAreOfTheTypesAskedForAndInProvidersOwnRecords) {
  EXPECT_EQ(WaitsOf(Only(EventType::kImageLoad)), "yyn");
  EXPECT_EQ(WaitsOf(Only(EventType::kProcessStart)), "nyn");
}

}  // namespace
}  // namespace nuthatch
