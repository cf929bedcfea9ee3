#include "live/trace_session.h"

#include <gtest/gtest.h>

#include <string>

#include "live/play.h"

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

  const Bytes trace_ = WrittenTrace({KernelRecords(1)});
  std::shared_ptr<EtwSystem> system_ = Playing(trace_);
  std::vector<Status> problems_;
  std::unique_ptr<TraceSession> session_;
};

TEST_F(TraceSessionTest, RunsUntilItIsStopped) {
  ASSERT_TRUE(Start(KernelSession()).ok());
  SessionLosses losses;
  EXPECT_TRUE(session_->Query(&losses));
  session_->Stop();
  EXPECT_FALSE(session_->Query(&losses));
  EXPECT_TRUE(problems_.empty());
}

TEST_F(TraceSessionTest, EndsWithItsObject) {
  ASSERT_TRUE(Start(KernelSession()).ok());
  session_.reset();
  std::unique_ptr<TraceSession> attached;
  EXPECT_FALSE(TraceSession::Attach(system_.get(), KernelSession().name, &attached).ok());
}

TEST_F(TraceSessionTest, OfTheKernelNeedsAPrivilegeAndSaysWhatToDo) {
  Fail("EnablePrivilege", kEtwNotAllAssigned);
  const Status status = Start(KernelSession());
  EXPECT_STREQ(status.code(), "NUTHATCH_LIVE_PRIVILEGE");
  EXPECT_NE(status.message().find("run it as administrator"), std::string::npos);
  EXPECT_TRUE(Start(DnsSession()).ok()) << "one of providers needs no such";
}

TEST_F(TraceSessionTest, ThatMayNotBeStartedIsTheSameError) {
  Fail("StartTrace", kEtwAccessDenied);
  EXPECT_STREQ(Start(DnsSession()).code(), "NUTHATCH_LIVE_PRIVILEGE");
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

TEST_F(TraceSessionTest, TakesThePlaceOfOneOfItsName) {
  uint64_t left_behind = 0;
  WinTraceProperties properties;
  ASSERT_EQ(system_->StartTrace(&left_behind, u"Nuthatch 4242 1 kernel", &properties), kEtwSuccess);
  EXPECT_TRUE(Start(KernelSession()).ok());
}

TEST_F(TraceSessionTest, AProviderThatCannotBeEnabledIsAProblemAndTheOthersAreEnabled) {
  SessionRequest request = DnsSession();
  request.providers.insert(request.providers.begin(), {.name = "Threat", .provider = {1, 2}});
  Fail(ToText(Guid{1, 2}), kEtwAccessDenied);
  ASSERT_TRUE(Start(request).ok());
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_STREQ(problems_[0].code(), "NUTHATCH_LIVE_PROVIDER");
  EXPECT_EQ(
      problems_[0].message(),
      "the provider Threat cannot be enabled: this process may not (it wants a protected one)");
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
  EXPECT_NE(status.message().find("\"nope\""), std::string::npos);
}

TEST_F(TraceSessionTest, OrphansAreThoseOfProcessesThatHaveEnded) {
  for (const char16_t* name : {u"Nuthatch 17 1 kernel", u"Nuthatch 17 1 providers",
                               u"Nuthatch 4242 9 kernel", u"Nuthatch 17", u"Nuthatchet 17 1"}) {
    uint64_t session = 0;
    WinTraceProperties properties;
    ASSERT_EQ(system_->StartTrace(&session, name, &properties), kEtwSuccess);
  }
  EXPECT_EQ(StopOrphans(system_.get()), 2u);
  std::unique_ptr<TraceSession> attached;
  EXPECT_FALSE(TraceSession::Attach(system_.get(), "Nuthatch 17 1 kernel", &attached).ok());
  EXPECT_TRUE(TraceSession::Attach(system_.get(), "Nuthatch 4242 9 kernel", &attached).ok());
  EXPECT_TRUE(TraceSession::Attach(system_.get(), "Nuthatch 17", &attached).ok());
}

}  // namespace
}  // namespace nuthatch
