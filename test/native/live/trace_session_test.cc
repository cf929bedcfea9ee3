#include "live/trace_session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "live/play.h"
#include "live/silent_etw.h"

namespace nuthatch {
namespace {

class TraceSessionTest : public testing::Test {
 protected:
  Status Start(const SessionRequest& request) {
    return TraceSession::Start(system_.get(), request, &problems_, &session_);
  }
  void Fail(const std::string& function, uint32_t error) {
    PlayScript script;
    script.failures[function] = {error};
    system_ = Playing(trace_, script);
  }

  // One of anybody's.
  void StartNamed(const std::string& name) {
    uint64_t session = 0;
    WinTraceProperties properties;
    ASSERT_EQ(system_->StartTrace(&session, Utf8ToUtf16(name).c_str(), &properties), kEtwSuccess);
  }

  const Bytes trace_ = WrittenTrace({KernelRecords(1)});
  std::shared_ptr<EtwSystem> system_ = Playing(trace_);
  std::vector<Status> problems_;
  std::unique_ptr<TraceSession> session_;
};

TEST_F(TraceSessionTest, RunsUntilItIsStopped) {
  ASSERT_TRUE(Start(KernelSession()).ok());
  SessionLosses losses;
  EXPECT_EQ(session_->Query(&losses), kEtwSuccess);
  session_->Stop(&losses);
  EXPECT_EQ(session_->Query(&losses), kEtwNoSession);
  EXPECT_TRUE(problems_.empty());
}

TEST_F(TraceSessionTest, EndsWithItsObject) {
  ASSERT_TRUE(Start(KernelSession()).ok());
  session_.reset();
  std::unique_ptr<TraceSession> attached;
  EXPECT_FALSE(TraceSession::Attach(system_.get(), KernelSession().name, &attached).ok());
}

constexpr const char* kMayNotStart =
    "this process may not start a session of ETW: run it as administrator (an elevated prompt), or "
    "as a service of LocalSystem; members of Performance Log Users may start sessions of "
    "providers, but not of the kernel's events";

TEST_F(TraceSessionTest, OfTheKernelNeedsAPrivilegeAndSaysWhatToDo) {
  for (const uint32_t error : {kEtwNotAllAssigned, kEtwAccessDenied}) {
    Fail("EnablePrivilege", error);
    const Status status = Start(KernelSession());
    EXPECT_STREQ(status.code(), "NUTHATCH_LIVE_PRIVILEGE");
    EXPECT_EQ(status.message(), kMayNotStart);
    EXPECT_TRUE(Start(DnsSession()).ok()) << "one of providers needs no such";
    session_.reset();
  }
}

TEST_F(TraceSessionTest, ThatMayNotBeStartedIsTheSameError) {
  Fail("StartTrace", kEtwAccessDenied);
  const Status status = Start(DnsSession());
  EXPECT_STREQ(status.code(), "NUTHATCH_LIVE_PRIVILEGE");
  EXPECT_EQ(status.message(), kMayNotStart);
}

TEST_F(TraceSessionTest, WithoutRoomForAnotherOneSaysHowToMakeRoom) {
  Fail("StartTrace", kEtwNoResources);
  const Status status = Start(KernelSession());
  EXPECT_STREQ(status.code(), "NUTHATCH_LIVE_SESSION");
  EXPECT_NE(status.message().find("logman stop"), std::string::npos);
}

TEST_F(TraceSessionTest, WithoutMemoryForBuffersSaysSo) {
  Fail("StartTrace", kEtwNotEnoughMemory);
  const Status status = Start(KernelSession());
  EXPECT_STREQ(status.code(), "NUTHATCH_LIVE_SESSION");
  EXPECT_NE(status.message().find("no memory for its buffers"), std::string::npos);
}

TEST_F(TraceSessionTest, NamesAreOfOneSessionEach) {
  const std::string one = SessionName(system_.get(), "kernel");
  const std::string other = SessionName(system_.get(), "kernel");
  EXPECT_NE(one, other);
  EXPECT_TRUE(one.starts_with("Nuthatch 4242 kernel 00000001 ")) << one;
  EXPECT_LE(one.size(), 40u);
}

TEST_F(TraceSessionTest, OneOfAnothersNameIsNotTouched) {
  ASSERT_TRUE(Start(KernelSession()).ok());
  const std::unique_ptr<TraceSession> first = std::move(session_);
  const Status status = Start(KernelSession());
  EXPECT_STREQ(status.code(), "NUTHATCH_LIVE_SESSION");
  SessionLosses losses;
  EXPECT_EQ(first->Query(&losses), kEtwSuccess);
}

TEST_F(TraceSessionTest, IsAskedForByItsHandleForAnotherMayHaveItsNameByNow) {
  ASSERT_TRUE(Start(KernelSession()).ok());
  SessionLosses losses;
  session_->Stop(&losses);
  uint64_t other = 0;
  WinTraceProperties properties;
  ASSERT_EQ(system_->StartTrace(&other, u"kernel", &properties), kEtwSuccess);
  EXPECT_EQ(session_->Query(&losses), kEtwNoSession);
}

TEST_F(TraceSessionTest, ThatCannotBeAskedHasNotEndedForThat) {
  Fail("ControlTrace", kEtwNotEnoughMemory);
  ASSERT_TRUE(Start(KernelSession()).ok());
  SessionLosses losses{7, 3};
  EXPECT_EQ(session_->Query(&losses), kEtwNotEnoughMemory);
  EXPECT_EQ(losses.events, 7u);
}

TEST_F(TraceSessionTest, AProviderThatCannotBeEnabledIsAProblemAndTheOthersAreEnabled) {
  SessionRequest request = DnsSession();
  request.providers.insert(request.providers.begin(), {.name = "Threat", .provider = {1, 2}});
  Fail(ToText(Guid{1, 2}), kEtwAccessDenied);
  ASSERT_TRUE(Start(request).ok());
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_STREQ(problems_[0].code(), "NUTHATCH_LIVE_PROVIDER");
  EXPECT_EQ(problems_[0].message(), "the provider Threat cannot be enabled: this process may not");
  EXPECT_TRUE(session_->tells());
}

TEST_F(TraceSessionTest, OnlyThreatIntelligenceWantsAProtectedProcess) {
  const Guid threat = ParseGuid("f4e1897c-bb5d-5668-f1d8-040f4d8dd344");
  SessionRequest request = DnsSession();
  request.providers = {{.name = "Threat", .provider = threat}};
  Fail(ToText(threat), kEtwAccessDenied);
  ASSERT_TRUE(Start(request).ok());
  EXPECT_EQ(
      problems_.at(0).message(),
      "the provider Threat cannot be enabled: this process may not (it wants a protected one)");
  EXPECT_FALSE(session_->tells()) << "of which no event comes";
}

TEST_F(TraceSessionTest, AnotherErrorOfThePrivilegeIsNotThatTheProcessMayNot) {
  Fail("EnablePrivilege", kEtwNotEnoughMemory);
  const Status status = Start(KernelSession());
  EXPECT_STREQ(status.code(), "NUTHATCH_LIVE_PRIVILEGE");
  EXPECT_NE(status.message().find("cannot be enabled: error 8 of Windows"), std::string::npos);
  EXPECT_EQ(status.message().find("administrator"), std::string::npos);
}

TEST_F(TraceSessionTest, StacksThatCannotBeHadAreAProblem) {
  SessionRequest request = KernelSession();
  request.kernel_stacks = {{{}, 10, {}}};
  Fail("TraceSetInformation", kEtwInvalidParameter);
  ASSERT_TRUE(Start(request).ok());
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_STREQ(problems_[0].code(), "NUTHATCH_LIVE_STACKS");
}

TEST_F(TraceSessionTest, OneThatIsAttachedToGoesOn) {
  ASSERT_TRUE(TraceSession::Attach(system_.get(), "recorded", &session_).ok());
  session_.reset();
  EXPECT_TRUE(TraceSession::Attach(system_.get(), "recorded", &session_).ok());
  const Status status = TraceSession::Attach(system_.get(), "nope", &session_);
  EXPECT_STREQ(status.code(), "NUTHATCH_LIVE_SESSION");
  EXPECT_EQ(
      status.message(),
      "there is no session \"nope\" that this process may read; `logman query -ets` lists them");
}

// Of the session that is there already.
class LossesTest : public TraceSessionTest {
 protected:
  class Counting final : public SilentEtw {
   public:
    uint32_t ControlTrace(uint64_t, const char16_t*, WinTraceProperties* told,
                          TraceControl) override {
      told->mode = WinTraceProperties::kRealTime;
      told->events_lost = events;
      told->real_time_buffers_lost = buffers;
      return kEtwSuccess;
    }
    uint32_t events = 100;
    uint32_t buffers = 50;
  };
  SessionLosses Lost() {
    SessionLosses losses;
    EXPECT_EQ(session_->Query(&losses), kEtwSuccess);
    return losses;
  }

  Counting counting_;
};

TEST_F(LossesTest, OfOneThatIsAttachedToAreThoseSince) {
  ASSERT_TRUE(TraceSession::Attach(&counting_, "a", &session_).ok());
  EXPECT_EQ(Lost().events, 0u);
  EXPECT_EQ(Lost().buffers, 0u);
  counting_.events = 107;
  counting_.buffers = 53;
  EXPECT_EQ(Lost().events, 7u);
  EXPECT_EQ(Lost().buffers, 3u);
  SessionLosses last;
  session_->Stop(&last);
  EXPECT_EQ(last.events, 7u);
  counting_.events = counting_.buffers = 2;
  EXPECT_EQ(Lost().events, 2u) << "another one has its name";
  EXPECT_EQ(Lost().buffers, 2u);
}

TEST_F(TraceSessionTest, WhoseTimesAreCyclesIsNotAttachedTo) {
  PlayScript script;
  script.clock = WinTraceProperties::kProcessorCycles;
  system_ = Playing(trace_, script);
  const Status status = TraceSession::Attach(system_.get(), "recorded", &session_);
  EXPECT_STREQ(status.code(), "NUTHATCH_LIVE_SESSION");
  EXPECT_NE(status.message().find("-ct perf"), std::string::npos);
}

// Of a session that writes to a file, or to memory alone.
class OfAFile final : public SilentEtw {
 public:
  explicit OfAFile(std::u16string_view file) : file_(file) {}
  uint32_t ControlTrace(uint64_t, const char16_t*, WinTraceProperties* told,
                        TraceControl) override {
    told->mode = 1;  // EVENT_TRACE_FILE_MODE_SEQUENTIAL
    if (file_.empty()) told->file_name_at = 0;
    std::copy(file_.begin(), file_.end(), told->file_name);
    return kEtwSuccess;
  }

 private:
  const std::u16string_view file_;
};

TEST_F(TraceSessionTest, WhatIsNotReadInRealTimeIsNotAttachedTo) {
  const auto message = [&](std::u16string_view file) {
    OfAFile system(file);
    const Status status = TraceSession::Attach(&system, "a", &session_);
    EXPECT_STREQ(status.code(), "NUTHATCH_LIVE_SESSION");
    return status.message();
  };
  EXPECT_EQ(
      message(u"C:\\a.etl"),
      "the session \"a\" has no real-time mode: it writes to C:\\a.etl alone; start it with that "
      "(`logman … -rt`)");
  EXPECT_EQ(message(u""),
            "the session \"a\" has no real-time mode; start it with that (`logman … -rt`)");
}

TEST_F(TraceSessionTest, OrphansAreThoseOfProcessesThatHaveEnded) {
  const std::vector<std::string> others = {
      SessionName(system_.get(), "kernel"),  // of a process that runs
      "Nuthatch 17 kernel 1",
      "Nuthatch 17",
      "Nuthatchet 17 kernel 1 2",
      "Nuthatch x kernel 1 2",
      "Nuthatch 17 kernel x 2",
  };
  std::vector<std::string> all = others;
  all.insert(all.begin(), {"Nuthatch 17 kernel 00000001 2", "Nuthatch 17 providers 00000001 3",
                           "Nuthatch 4242 kernel 00000002 9"});  // whose number another has by now
  for (const std::string& name : all) StartNamed(name);
  uint64_t stopped = 0;
  EXPECT_TRUE(StopOrphans(system_.get(), &stopped).ok());
  EXPECT_EQ(stopped, 3u);
  EXPECT_EQ(SessionsOf(system_.get()), others);
}

TEST_F(TraceSessionTest, OrphansAreFoundAmongMoreSessionsThanWindowsUsuallyAllows) {
  for (int i = 0; i < 200; ++i) {
    StartNamed(i < 199 ? "Another " + std::to_string(i) : "Nuthatch 17 kernel 00000001 2");
  }
  uint64_t stopped = 0;
  EXPECT_TRUE(StopOrphans(system_.get(), &stopped).ok());
  EXPECT_EQ(stopped, 1u);
}

TEST_F(TraceSessionTest, ThatOrphansCannotBeLookedForIsTold) {
  Fail("QueryAllTraces", kEtwAccessDenied);
  uint64_t stopped = 9;
  const Status status = StopOrphans(system_.get(), &stopped);
  EXPECT_STREQ(status.code(), "NUTHATCH_LIVE_SESSION");
  EXPECT_EQ(
      status.message(),
      "whether sessions of processes that have ended are left is not known: error 5 of Windows");
  EXPECT_EQ(stopped, 0u);
}

// What a session asks of Windows, number by number.
class Asked final : public SilentEtw {
 public:
  struct Enabled {
    ProviderControl control;
    uint8_t level;
    uint64_t keyword;
    uint32_t properties;
    std::vector<uint16_t> stacks = {};  // of events with these ids
    uint32_t version = 2;
    friend bool operator==(const Enabled&, const Enabled&) = default;
  };

  uint32_t StartTrace(uint64_t* session, const char16_t* name, WinTraceProperties* asked) override {
    properties = *asked;
    return SilentEtw::StartTrace(session, name, asked);
  }
  uint32_t EnableTraceEx2(uint64_t, const Guid&, ProviderControl control, uint8_t level,
                          uint64_t keyword, const WinEnableParameters& parameters) override {
    Enabled asked{control, level, keyword, parameters.properties, {}, parameters.version};
    for (uint32_t i = 0; i < parameters.filter_count; ++i)
      asked.stacks = StacksOf(parameters.filters[i]);
    enabled.push_back(asked);
    if (parameters.filter_count > 0) return error_of_filter;
    return control == ProviderControl::kCaptureState ? error_of_capture : kEtwSuccess;
  }
  // By the words of Microsoft's description.
  static std::vector<uint16_t> StacksOf(const WinFilter& filter) {
    EXPECT_EQ(filter.type, 0x80001000u);
    std::vector<uint8_t> bytes(filter.size);
    std::memcpy(bytes.data(), reinterpret_cast<const void*>(filter.data), bytes.size());
    EXPECT_GE(bytes.size(), 4u);
    EXPECT_EQ(bytes[0], 1) << "FilterIn";
    EXPECT_EQ(bytes[1], 0) << "Reserved";
    std::vector<uint16_t> numbers(bytes.size() / 2 - 1);
    std::memcpy(numbers.data(), bytes.data() + 2, 2 * numbers.size());
    EXPECT_EQ(numbers[0], numbers.size() - 1) << "Count";
    numbers.erase(numbers.begin());
    return numbers;
  }
  uint32_t EnablePrivilege(const char16_t* name) override {
    privilege = name;
    return kEtwSuccess;
  }
  uint32_t SetStackTracing(uint64_t, std::span<const WinClassicEvent> events) override {
    stacks = events.size();
    return kEtwSuccess;
  }

  WinTraceProperties properties;
  std::vector<Enabled> enabled;
  std::u16string privilege;
  size_t stacks = 0;
  uint32_t error_of_capture = kEtwSuccess;
  uint32_t error_of_filter = kEtwSuccess;
};

TEST(TraceSession, OfTheKernelIsASystemLoggerInRealTimeByThePerformanceCounter) {
  Asked system;
  SessionRequest request = KernelSession();
  request.kernel_stacks = {{{}, 10, {}}, {{}, 1, {}}};
  std::vector<Status> problems;
  std::unique_ptr<TraceSession> session;
  ASSERT_TRUE(TraceSession::Start(&system, request, &problems, &session).ok());
  EXPECT_EQ(system.properties.mode, 0x02000110u);  // flushed by milliseconds
  EXPECT_EQ(system.properties.clock, 1u);
  EXPECT_EQ(system.properties.enable_flags, 3u);
  EXPECT_EQ(system.properties.flush_timer, 10u);
  EXPECT_EQ(system.properties.buffer_kilobytes, 64u);
  EXPECT_EQ(system.privilege, u"SeSystemProfilePrivilege");
  EXPECT_EQ(system.stacks, 2u);
  EXPECT_TRUE(system.enabled.empty());
}

TEST(TraceSession, OfProvidersEnablesEachAndAsksForWhatIsThereAlready) {
  Asked system;
  SessionRequest request = DnsSession();
  request.providers.push_back({.name = "File",
                               .provider = {1, 2},
                               .level = 4,
                               .keyword = 0x1ef0,
                               .stacks = {26, 27},
                               .capture_state = true});
  std::vector<Status> problems;
  std::unique_ptr<TraceSession> session;
  ASSERT_TRUE(TraceSession::Start(&system, request, &problems, &session).ok());
  EXPECT_EQ(system.properties.mode, 0x00000110u);
  EXPECT_TRUE(system.privilege.empty());
  const std::vector<Asked::Enabled> expected = {
      {ProviderControl::kEnable, 255, 0, 0},
      {ProviderControl::kEnable, 4, 0x1ef0, 4, {26, 27}},
      {ProviderControl::kCaptureState, 4, 0x1ef0, 0},
  };
  EXPECT_EQ(system.enabled, expected);
  EXPECT_TRUE(problems.empty());
}

SessionRequest WithStacks(std::vector<uint16_t> ids) {
  SessionRequest request;
  request.providers = {{.name = "File", .provider = {1, 2}, .stacks = std::move(ids)}};
  return request;
}

TEST(TraceSession, AsManyIdsAsWindowsTakesAreAskedFor) {
  Asked system;
  std::vector<uint16_t> ids(WinEventIds::kMost);
  std::iota(ids.begin(), ids.end(), uint16_t{1});
  std::vector<Status> problems;
  std::unique_ptr<TraceSession> session;
  ASSERT_TRUE(TraceSession::Start(&system, WithStacks(ids), &problems, &session).ok());
  ASSERT_EQ(system.enabled.size(), 1u);
  EXPECT_EQ(system.enabled[0].stacks, ids);
}

TEST(TraceSession, OnAWindowsThatTakesNoIdsStacksOfAllEventsAreAskedFor) {
  Asked system;
  system.error_of_filter = kEtwInvalidParameter;
  std::vector<Status> problems;
  std::unique_ptr<TraceSession> session;
  ASSERT_TRUE(TraceSession::Start(&system, WithStacks({26}), &problems, &session).ok());
  const std::vector<Asked::Enabled> expected = {
      {ProviderControl::kEnable, 255, 0, 4, {26}},
      {ProviderControl::kEnable, 255, 0, 4, {}, /*version=*/1},
  };
  EXPECT_EQ(system.enabled, expected);
  EXPECT_TRUE(problems.empty());
  EXPECT_TRUE(session->tells());
}

TEST(TraceSession, AProviderThatIsRefusedForAnotherReasonIsNotAskedAgain) {
  Asked system;
  system.error_of_filter = kEtwAccessDenied;
  std::vector<Status> problems;
  std::unique_ptr<TraceSession> session;
  ASSERT_TRUE(TraceSession::Start(&system, WithStacks({26}), &problems, &session).ok());
  EXPECT_EQ(system.enabled.size(), 1u);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].message(), "the provider File cannot be enabled: this process may not");
}

TEST(TraceSession, AProviderThatDoesNotTellWhatIsThereAlreadyTellsTheRest) {
  Asked system;
  system.error_of_capture = kEtwInvalidParameter;
  SessionRequest request;
  request.providers = {{.name = "File", .provider = {1, 2}, .capture_state = true}};
  std::vector<Status> problems;
  std::unique_ptr<TraceSession> session;
  ASSERT_TRUE(TraceSession::Start(&system, request, &problems, &session).ok());
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].message(),
            "the provider File tells of what comes, but not of what is there already: error 87 of "
            "Windows");
}

}  // namespace
}  // namespace nuthatch
