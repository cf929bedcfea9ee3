// What the played system takes of a request for call stacks, and gives: as Windows describes it.
#include "live/played_etw.h"

#include <gtest/gtest.h>

#include <vector>

#include "live/play.h"

namespace nuthatch {
namespace {

constexpr Guid kFile = ParseGuid("edd08927-9cc4-4e65-b970-c2560fb5c289");

// An event with its stack in its record.
Bytes Stacked(uint64_t tick, uint16_t id) {
  ByteSink item;
  for (const uint64_t word : {uint64_t{0}, uint64_t{0x7FFE'0000'0000}}) item.Put(word, 8);
  EventRecord record;
  record.provider = kFile;
  record.id = id;
  record.pid = 8;
  record.tid = 80;
  record.time = kFirstTick + tick;
  record.items = {{6, item.bytes()}};
  return record.Write();
}

struct Given {
  std::vector<uint16_t> all;
  std::vector<uint16_t> stacked;
};

Given Play(const ProviderRequest& provider, const PlayScript& script = {}) {
  const Bytes trace = WrittenTrace({{Stacked(1, 12), Stacked(2, 26), Stacked(3, 27)}});
  const std::shared_ptr<EtwSystem> system = Playing(trace, script);
  SessionRequest request;
  request.name = "providers";
  request.providers = {provider};
  std::vector<Status> problems;
  std::unique_ptr<TraceSession> session;
  EXPECT_TRUE(TraceSession::Start(system.get(), request, &problems, &session).ok());
  EXPECT_TRUE(problems.empty());
  Given given;
  char16_t name[] = u"providers";
  WinTraceFile file;
  file.session = name;
  file.context = &given;
  file.mode = WinTraceFile::kRealTime | WinTraceFile::kRawTime | WinTraceFile::kEventRecord;
  file.on_buffer = [](WinTraceFile*) -> uint32_t { return 1; };
  file.on_event = [](WinEventRecord* record) {
    auto* const to = static_cast<Given*>(record->context);
    to->all.push_back(record->header.id);
    if (record->item_count > 0) to->stacked.push_back(record->header.id);
  };
  uint32_t error = 0;
  const uint64_t opened = system->OpenTrace(&file, &error);
  EXPECT_EQ(error, kEtwSuccess);
  EXPECT_EQ(system->ProcessTrace(opened), kEtwSuccess);
  EXPECT_EQ(given.all, (std::vector<uint16_t>{12, 26, 27}));
  return given;
}

TEST(PlayedEtw, GivesStacksOfTheEventsThatAreAskedForAndOfNoOthers) {
  EXPECT_EQ(Play({.name = "File", .provider = kFile, .stacks = {26}}).stacked,
            std::vector<uint16_t>{26});
  EXPECT_EQ(Play({.name = "File", .provider = kFile, .stacks = {27, 12}}).stacked,
            (std::vector<uint16_t>{12, 27}));
  EXPECT_EQ(Play({.name = "File", .provider = kFile}).stacked, std::vector<uint16_t>());
}

// As before Windows 8.1.
TEST(PlayedEtw, ThatRefusesIdsGivesStacksOfAllEvents) {
  PlayScript script;
  script.failures[ToText(kFile)] = {.error = kEtwInvalidParameter, .times = 1};
  EXPECT_EQ(Play({.name = "File", .provider = kFile, .stacks = {26}}, script).stacked,
            (std::vector<uint16_t>{12, 26, 27}));
}

class PlayedFilter : public testing::Test {
 protected:
  PlayedFilter() {
    ids_.count = 1;
    parameters_.properties = WinEnableParameters::kStackTrace;
    parameters_.filters = &filter_;
    parameters_.filter_count = 1;
    WinTraceProperties properties;
    EXPECT_EQ(system_->StartTrace(&session_, u"a", &properties), kEtwSuccess);
  }
  uint32_t Enable() {
    return system_->EnableTraceEx2(session_, kFile, ProviderControl::kEnable, 4, 0, parameters_);
  }

  const Bytes trace_ = WrittenTrace({KernelRecords(1)});
  const std::shared_ptr<EtwSystem> system_ = Playing(trace_);
  uint64_t session_ = 0;
  WinEventIds ids_;
  WinFilter filter_{reinterpret_cast<uintptr_t>(&ids_), 6, WinFilter::kStackWalk};
  WinEnableParameters parameters_;
};

TEST_F(PlayedFilter, IsTaken) { EXPECT_EQ(Enable(), kEtwSuccess); }

TEST_F(PlayedFilter, OfMoreIdsThanWindowsTakesIsNot) {
  ids_.count = WinEventIds::kMost + 1;
  filter_.size = 4 + 2 * ids_.count;
  EXPECT_EQ(Enable(), kEtwInvalidParameter);
}

TEST_F(PlayedFilter, OfAnotherSizeThanItsIdsIsNot) {
  for (const uint32_t size : {0u, 3u, 4u, 8u}) {
    filter_.size = size;
    EXPECT_EQ(Enable(), kEtwInvalidParameter) << size;
  }
}

TEST_F(PlayedFilter, OfAnotherKindIsNot) {
  filter_.type = 0x80000200;  // which events come at all
  EXPECT_EQ(Enable(), kEtwInvalidParameter);
}

TEST_F(PlayedFilter, InTheParametersOfOldIsNot) {
  parameters_.version = 1;
  EXPECT_EQ(Enable(), kEtwInvalidParameter);
}

TEST_F(PlayedFilter, OfStacksWithoutStacksIsNot) {
  parameters_.properties = 0;
  EXPECT_EQ(Enable(), kEtwInvalidParameter);
}

}  // namespace
}  // namespace nuthatch
