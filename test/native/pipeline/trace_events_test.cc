#include "pipeline/trace_events.h"

#include <gtest/gtest.h>

#include "etw/known_providers.h"
#include "pipeline/opening.h"
#include "trace/trace_records.h"

namespace nuthatch {
namespace {

// The numbers of the events' records.
class Numbers final : public TraceOutput {
 public:
  void Add(const DecodedEvent&, const JoinedEvent&, uint64_t record) override {
    numbers.push_back(record);
  }
  bool full() const override { return numbers.size() >= most; }

  size_t most = SIZE_MAX;
  std::vector<uint64_t> numbers;
};

Bytes ThreadName(uint64_t tick) {
  return Kernel({.tick = tick}, 5, 0x48, 2, Payload().U32(5).U32(9).Wide("a"));
}

Bytes Event(const Guid& provider, uint16_t id) {
  EventRecord event;
  event.time = 4'000'000;
  event.provider = provider;
  event.id = id;
  return event.Write();
}

Bytes TraceOf(const std::vector<Bytes>& records) {
  EtlWriter writer;
  writer.Add({.records = records});
  return writer.bytes();
}

constexpr Guid kDnsClient = ParseGuid("1c95126e-7eea-49a9-a3fe-a378b03ddb4d");

TEST(TraceEvents, StandardOnesKeepTheNumbersOfTheirRecords) {
  const Bytes trace = TraceOf(
      {ThreadName(1), Event(kDnsClient, 3010), Event(kDnsClient, 3008), Event(kDnsClient, 3010)});
  EventFilter filter;
  filter.standard = {{kDnsClient, {3006, 3008}}};
  TraceEvents events(Opening(trace), filter);
  Numbers numbers;
  for (bool done = false; !done;) ASSERT_TRUE(events.Next(&numbers, &done).ok());
  EXPECT_EQ(numbers.numbers, std::vector<uint64_t>{4})
      << "after the trace's header and two records";
  EXPECT_EQ(events.stage().records(), 5u);
}

TEST(TraceEvents, WhatIsLeftOutIsCountedByEvent) {
  const Bytes trace = TraceOf({ThreadName(1), ThreadName(2), Event({}, 7)});
  EventFilter filter;
  filter.standard.emplace();
  TraceEvents events(Opening(trace), filter);
  EXPECT_EQ(events.bytes_done(), 0u);
  Numbers numbers;
  uint64_t before = 0;
  for (bool done = false; !done;) {
    ASSERT_TRUE(events.Next(&numbers, &done).ok());
    EXPECT_GE(events.bytes_done(), before);
    before = events.bytes_done();
  }
  EXPECT_EQ(events.bytes_done(), trace.size());
  EXPECT_EQ(events.stage().left_out().records, 4u);
  EXPECT_EQ(
      events.stage().left_out().events.at({KernelClass(5), 0x48, 2, 5, EventForm::kType}).records,
      2u);
}

// They take memory, and a pass of their own.
TEST(TraceEvents, WhereImagesAreIsLearntOnlyOfATraceThatHasStacks) {
  const Bytes load = ImageLoad({.tick = 1, .pid = 8}, 8, "\\Windows\\a.dll", 0x6000'0000);
  const Bytes stack = StackWalk(2, {1, 8, 80}, {0x6000'0010});
  for (const bool has_stacks : {false, true}) {
    const Bytes trace = has_stacks ? TraceOf({load, stack}) : TraceOf({load, ThreadName(2)});
    size_t passes = 0;
    TraceEvents events(Opening(trace, &passes), {});
    events.joiner()->FollowStacks();
    Numbers numbers;
    for (bool done = false; !done;) {
      ASSERT_TRUE(events.Next(&numbers, &done).ok());
      EXPECT_EQ(events.joiner()->images() != nullptr, passes > 1 && has_stacks);
    }
    EXPECT_EQ(passes, has_stacks ? 3u : 2u);
    EXPECT_EQ(events.joiner()->images() == nullptr ? 0 : events.joiner()->images()->size(),
              has_stacks ? 1u : 0u);
  }
}

TEST(TraceEvents, AStepEndsWhenTheOutputIsFull) {
  const Bytes trace = TraceOf({ThreadName(1), ThreadName(2), ThreadName(3)});
  TraceEvents events(Opening(trace), {});
  Numbers numbers;
  numbers.most = 2;
  bool done = false;
  for (size_t i = 0; numbers.numbers.empty(); ++i) {
    ASSERT_LT(i, 10u);
    ASSERT_TRUE(events.Next(&numbers, &done).ok());
  }
  EXPECT_FALSE(done);
  EXPECT_EQ(numbers.numbers, (std::vector<uint64_t>{1, 2}));
  EXPECT_EQ(events.stage().records(), 2u);
}

// Says how many of its sources there are.
OpenSource CountingOpen(const Bytes& bytes, size_t* open) {
  class Counted final : public MemorySource {
   public:
    Counted(const Bytes& bytes, size_t* open) : MemorySource(bytes), open_(open) { ++*open_; }
    ~Counted() override { --*open_; }

   private:
    size_t* const open_;
  };
  return [&bytes, open](std::unique_ptr<ByteSource>* source) {
    *source = std::make_unique<Counted>(bytes, open);
    return Status();
  };
}

TEST(TraceEvents, AfterTheLastStepTheTraceIsClosed) {
  const Bytes trace = TraceOf({ThreadName(1), ThreadName(2)});
  size_t open = 0;
  TraceEvents events(CountingOpen(trace, &open), {});
  Numbers numbers;
  bool done = false;
  ASSERT_TRUE(events.Next(&numbers, &done).ok());
  EXPECT_EQ(open, 1u);
  while (!done) ASSERT_TRUE(events.Next(&numbers, &done).ok());
  EXPECT_EQ(open, 0u);
  EXPECT_EQ(events.bytes_done(), trace.size());
  EXPECT_EQ(events.reader()->file().header().session, "A session");
}

TEST(TraceEvents, ClosedAfterAnyStepItIsAtItsEnd) {
  const Bytes trace = TraceOf({ThreadName(1), ThreadName(2), ThreadName(3)});
  bool done = false;
  for (size_t steps = 0; !done; ++steps) {
    size_t open = 0;
    TraceEvents events(CountingOpen(trace, &open), {});
    Numbers numbers;
    numbers.most = 2;
    ASSERT_LT(steps, 10u);
    for (size_t i = 0; i < steps; ++i) {
      numbers.numbers.clear();
      ASSERT_TRUE(events.Next(&numbers, &done).ok());
    }
    numbers.numbers.clear();
    events.Close();
    EXPECT_EQ(open, 0u) << steps;
    bool at_end = false;
    EXPECT_TRUE(events.Next(&numbers, &at_end).ok());
    EXPECT_TRUE(at_end) << steps;
    EXPECT_TRUE(numbers.numbers.empty());
    EXPECT_EQ(events.reader() != nullptr, steps > 0);
  }
}

TEST(TraceEvents, WhatIsNoTraceIsAnError) {
  const Bytes bytes(2000, 'x');
  TraceEvents events(Opening(bytes), {});
  Numbers numbers;
  bool done = false;
  EXPECT_STREQ(events.Next(&numbers, &done).code(), "NUTHATCH_ETL_FORMAT");
  EXPECT_TRUE(done);
}

}  // namespace
}  // namespace nuthatch
