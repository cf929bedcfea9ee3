#include "live/trace_consumer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <future>
#include <vector>

#include "etw/kernel_groups.h"
#include "etw/known_providers.h"
#include "live/silent_etw.h"
#include "live/written_events.h"

namespace nuthatch {
namespace {

// A tick a microsecond; the thousandth was in 1601.
const TraceClock kClock(1000, 1000, 1'000'000);

// Gives what it is told to give, and then its error.
class Giving final : public SilentEtw {
 public:
  using Give = std::function<void(WinEventRecord)>;
  explicit Giving(std::function<uint32_t(const Give&)> play) : play_(std::move(play)) {}

  uint32_t ControlTrace(uint64_t, const char16_t*, WinTraceProperties* properties,
                        TraceControl) override {
    properties->clock = clock;
    properties->mode = WinTraceProperties::kRealTime;
    return kEtwSuccess;
  }
  uint64_t OpenTrace(WinTraceFile* file, uint32_t*) override {
    file_ = file;
    mode = file->mode;
    return 1;
  }
  uint32_t ProcessTrace(uint64_t) override {
    return play_([this](WinEventRecord event) {
      event.context = file_->context;
      file_->on_event(&event);
    });
  }
  uint32_t CloseTrace(uint64_t) override {
    closed.set_value();
    return kEtwSuccess;
  }
  uint32_t clock = WinTraceProperties::kPerformanceCounter;
  uint32_t mode = 0;
  std::promise<void> closed;

 private:
  const std::function<uint32_t(const Give&)> play_;
  WinTraceFile* file_ = nullptr;
};

class TraceConsumerTest : public testing::Test {
 protected:
  // Until the system gives no more.
  void Consume(Giving* system, bool is_ours = true) {
    std::unique_ptr<TraceSession> session;
    std::vector<Status> problems;
    const Status status = is_ours ? TraceSession::Start(system, {}, &problems, &session)
                                  : TraceSession::Attach(system, "a", &session);
    ASSERT_TRUE(status.ok()) << status.message();
    std::promise<uint32_t> ended;
    ASSERT_TRUE(TraceConsumer::Open(
                    system, *session, kClock, takes_, &queue_,
                    [&](uint32_t error) { ended.set_value(error); }, &consumer_)
                    .ok());
    if (wait_) error_ = ended.get_future().get();
    if (wait_) too_large_ = consumer_->too_large();
    consumer_.reset();
  }

  RecordQueue queue_{{}};
  TraceConsumer::Takes takes_ = TraceConsumer::Takes::kAll;
  std::unique_ptr<TraceConsumer> consumer_;
  bool wait_ = true;
  uint32_t error_ = 0;
  uint64_t too_large_ = 0;
};

// PROCESS_TRACE_MODE_REAL_TIME, RAW_TIMESTAMP and EVENT_RECORD of evntrace.h.
TEST_F(TraceConsumerTest, AsksForEventRecordsAsTheyComeWithTheTimesOfTheSessionsClock) {
  Giving system([](const auto&) { return kEtwSuccess; });
  Consume(&system);
  EXPECT_EQ(system.mode, 0x10001100u);
}

TEST_F(TraceConsumerTest, TellsWithWhichErrorItEnded) {
  Giving system([](const auto&) { return uint32_t{5}; });
  Consume(&system);
  EXPECT_EQ(error_, 5u);
}

TEST_F(TraceConsumerTest, CountsWhatIsLargerThanAnyEventIs) {
  Giving system([](const Giving::Give& give) {
    const std::vector<uint8_t> data(0xFFF8);
    const std::vector<WinExtendedItem> items(8, {0, 10, 0, 0xFFF8, data.data()});
    WinEventRecord large = WrittenEvent(1);
    large.items = items.data();
    large.item_count = 8;
    give(large);
    give(WrittenEvent(2));
    give(large);
    return kEtwSuccess;
  });
  Consume(&system);
  EXPECT_EQ(too_large_, 2u);
  EXPECT_EQ(queue_.counts().queued, 1u);
}

TEST_F(TraceConsumerTest, WhatComesOnceItIsLeftIsDroppedAndCountedIfItsSessionIsOurs) {
  for (const bool is_ours : {true, false}) {
    const uint64_t before = queue_.counts().dropped;
    Giving system([&](const Giving::Give& give) {
      system.closed.get_future().wait();
      for (uint16_t id = 1; id <= 3; ++id) give(WrittenEvent(id));
      return kEtwSuccess;
    });
    wait_ = false;
    Consume(&system, is_ours);
    EXPECT_EQ(queue_.counts().dropped - before, is_ours ? 3u : 0u);
  }
}

// It would be told again, lose some at its end again, and so on.
TEST_F(TraceConsumerTest, WhatComesOnceARundownIsLeftIsNoLoss) {
  Giving system([&](const Giving::Give& give) {
    system.closed.get_future().wait();
    WinEventRecord event = WrittenEvent(1);
    event.header.flags = WinEventHeader::kClassic;
    event.header.opcode = 3;
    give(event);
    return kEtwSuccess;
  });
  takes_ = TraceConsumer::Takes::kRundown;
  wait_ = false;
  Consume(&system);
  EXPECT_EQ(queue_.counts().dropped, 0u);
}

TEST_F(TraceConsumerTest, OfARundownTakesWhatFilesAndKeysAreCalled) {
  for (const auto takes : {TraceConsumer::Takes::kRundown, TraceConsumer::Takes::kNames}) {
    const uint64_t before = queue_.counts().queued;
    Giving system([](const Giving::Give& give) {
      for (const uint8_t group : {kFileGroup, kRegistryGroup, kProcessGroup}) {
        for (uint8_t opcode = 5; opcode < 40; ++opcode) {
          WinEventRecord event = WrittenEvent(1);
          event.header.flags = WinEventHeader::kClassic;
          event.header.provider = KernelClass(group);
          event.header.opcode = opcode;
          give(event);
        }
      }
      return kEtwSuccess;
    });
    takes_ = takes;
    Consume(&system);
    EXPECT_EQ(queue_.counts().queued - before, 3u) << "FileRundown, KCBRundownBegin and -End";
  }
}

TEST_F(TraceConsumerTest, OfARundownTakesWhatTheKernelSaysOfWhatRuns) {
  Giving system([](const Giving::Give& give) {
    for (const uint16_t flags : {WinEventHeader::kClassic, uint16_t{0}}) {
      for (uint8_t opcode = 0; opcode < 40; ++opcode) {
        WinEventRecord event = WrittenEvent(1);
        event.header.flags = flags;
        event.header.opcode = opcode;
        give(event);
      }
    }
    return kEtwSuccess;
  });
  takes_ = TraceConsumer::Takes::kRundown;
  Consume(&system);
  EXPECT_EQ(queue_.counts().queued, 2u) << "DCStart and DCEnd, of kernel's records alone";
}

// Of somebody else's session, whose clock may be another.
// Whether who waits for many chunks is woken by this one.
bool IsUrgent(RecordQueue* queue, bool wanted) {
  const auto until = std::chrono::steady_clock::now() +
                     (wanted ? std::chrono::milliseconds(3'600'000) : std::chrono::milliseconds(1));
  EXPECT_NE(queue->Take(until, 3), nullptr);
  return std::chrono::steady_clock::now() < until;
}

TEST_F(TraceConsumerTest, HurriesWhereSignaturesAndNamesOfAccountsAreAskedFor) {
  struct Case {
    Guid provider;
    uint16_t flags;
    uint16_t id;
    uint8_t opcode;
    bool is_urgent;
  };
  constexpr Guid kDns = ParseGuid("1c95126e-7eea-49a9-a3fe-a378b03ddb4d");
  const Case cases[] = {
      {KernelClass(kProcessGroup), WinEventHeader::kClassic, 0, 1, true},
      {KernelClass(kProcessGroup), WinEventHeader::kClassic, 0, 2, false},
      {KernelClass(kImageGroup), WinEventHeader::kClassic, 0, 10, true},
      {KernelClass(kImageGroup), WinEventHeader::kClassic, 0, 3, false},
      {KernelClass(kThreadGroup), WinEventHeader::kClassic, 0, 1, false},
      {KernelClass(kFileGroup), WinEventHeader::kClassic, 5, 10, false},
      {kKernelProcessProvider, 0, 1, 1, true},
      {kKernelProcessProvider, 0, 5, 0, true},
      {kKernelProcessProvider, 0, 2, 10, false},
      {kDns, 0, 1, 1, false},
  };
  for (const Case& each : cases) {
    Giving system([&](const Giving::Give& give) {
      WinEventRecord event = WrittenEvent(each.id);
      event.header.provider = each.provider;
      event.header.flags = each.flags;
      event.header.opcode = each.opcode;
      give(event);
      return kEtwSuccess;
    });
    Consume(&system);
    EXPECT_EQ(IsUrgent(&queue_, each.is_urgent), each.is_urgent)
        << ToText(each.provider) << ' ' << each.id << ' ' << int{each.opcode};
  }
}

TEST_F(TraceConsumerTest, TimesAreThoseOfTheSessionsClock) {
  const auto time_of = [&](uint32_t clock) {
    Giving system([](const Giving::Give& give) {
      WinEventRecord event = WrittenEvent(1);
      event.header.time = 1003;
      give(event);
      return kEtwSuccess;
    });
    system.clock = clock;
    Consume(&system, /*is_ours=*/false);
    EtwRecord record;
    queue_.Take(std::chrono::steady_clock::now())->Read(0, &record);
    return record.time;
  };
  EXPECT_EQ(time_of(WinTraceProperties::kPerformanceCounter), 1030u);
  EXPECT_EQ(time_of(0), 1030u) << "as Windows calls it where nobody has chosen";
  EXPECT_EQ(time_of(WinTraceProperties::kSystemTime), 1003u);
}

}  // namespace
}  // namespace nuthatch
