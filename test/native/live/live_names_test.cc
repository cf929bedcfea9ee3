// Names of files and keys that were open before a live session began: the kernel tells them to a
// session that ends, and most of what it tells of such a file or key has only its number.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "live/endless_etw.h"
#include "live/live_source.h"
#include "live/played_text.h"
#include "live/silent_etw.h"
#include "trace/joined.h"

namespace nuthatch {
namespace {

constexpr uint32_t kFileFlags = 0x6000200;
constexpr uint32_t kRegistryFlag = 0x20000;
constexpr uint64_t kFile = 0x1000;
constexpr uint64_t kKey = 0x2000;

// Written and set within the first second; named at the end.
std::vector<std::vector<Bytes>> OpenBefore() {
  const Header header = {100, 8, 1};
  return {
      {Kernel(header, 4, 0x44, 3,
              Payload().U64(0).Ptr(1).Ptr(0x3000).Ptr(kFile).U32(1).U32(5).U32(0)),
       Kernel(header, 9, 0x0E, 2, Payload().U64(0).U32(0).U32(0).Ptr(kKey).Wide("a value")),
       Kernel({kSecond}, 4, 0x24, 2, Payload().Ptr(kFile).Wide(R"(\Device\HarddiskVolume3\a.txt)")),
       Kernel({kSecond}, 9, 0x19, 2,
              Payload().U64(0).U32(0).U32(0).Ptr(kKey).Wide(R"(\REGISTRY\MACHINE\A)"))}};
}
constexpr const char* kFilePath = R"("\\Device\\HarddiskVolume3\\a.txt")";

SessionRequest Asking(uint32_t flags) {
  SessionRequest request = KernelSession();
  request.kernel_flags = flags;
  return request;
}

// The path of the `what` of the event that has happened.
std::string PathIn(const std::vector<std::string>& lines, const std::string& happened,
                   const std::string& what) {
  for (const std::string& line : lines) {
    if (line.find("\"happened\":\"" + happened + '"') == line.npos) continue;
    const std::string members = Member(line.substr(1), what);
    return members.empty() ? members : Member(members.substr(1, members.size() - 2), "path");
  }
  return "none";
}

// What happens is given out long before the session ends, to which they are told as well.
std::vector<std::string> Played(uint32_t flags) {
  using namespace std::chrono_literals;
  return PlayedLines(OpenBefore(), {Asking(flags)}, {.stalls = {{3, 500ms}}}, 0ms);
}

TEST(LiveNames, AreThoseOfFilesAndKeysThatWereOpenBefore) {
  const auto lines = Played(kFileFlags | kRegistryFlag);
  EXPECT_EQ(PathIn(lines, "file_modify", "file"), kFilePath);
  EXPECT_EQ(PathIn(lines, "registry_set", "key"), R"("\\REGISTRY\\MACHINE\\A")");
}

TEST(LiveNames, AreAskedOnlyForWhatIsWanted) {
  const auto lines = Played(kFileFlags);
  EXPECT_EQ(PathIn(lines, "file_modify", "file"), kFilePath);
  EXPECT_EQ(PathIn(lines, "registry_set", "key"), "none");
}

// Says which flags loggers are started with. The second one loses some of what it is told.
class Loggers final : public SilentEtw {
 public:
  uint32_t StartTrace(uint64_t* session, const char16_t*, WinTraceProperties* asked) override {
    flags.push_back(asked->enable_flags);
    *session = flags.size();
    return flags.size() > allowed ? kEtwNoResources : kEtwSuccess;
  }
  uint32_t ControlTrace(uint64_t session, const char16_t*, WinTraceProperties* told,
                        TraceControl) override {
    told->events_lost = session == 2 ? 7 : 0;
    return kEtwSuccess;
  }
  std::vector<uint32_t> flags;
  size_t allowed = 2;
};

class NamesAtTheStart : public testing::Test {
 protected:
  void Start(SessionRequest session) {
    LiveSourceOptions options;
    options.sessions = {std::move(session)};
    source_ = std::make_unique<LiveSource>(system_, options);
    EXPECT_TRUE(source_->Start([] {}).ok());
  }

  std::shared_ptr<Loggers> system_ = std::make_shared<Loggers>();
  std::unique_ptr<LiveSource> source_;
};

TEST_F(NamesAtTheStart, AreToldToALoggerOfTheirOwn) {
  Start(Asking(kFileFlags | kRegistryFlag | 7));
  EXPECT_EQ(system_->flags, (std::vector<uint32_t>{0x6020207, 0x20200}));
}

TEST_F(NamesAtTheStart, AreNotToldToWhoLooksAtNone) {
  Start(Asking(7));
  EXPECT_EQ(system_->flags.size(), 1u);
}

TEST_F(NamesAtTheStart, WhereTheyCannotBeHadThatIsTold) {
  system_->allowed = 1;
  Start(Asking(kFileFlags));
  const std::vector<Status> problems = source_->TakeProblems();
  ASSERT_GE(problems.size(), 1u);
  EXPECT_STREQ(problems[0].code(), "NUTHATCH_LIVE_RUNDOWN");
}

TEST_F(NamesAtTheStart, AreNotWaitedForByWhoIsAborted) {
  LiveSourceOptions options;
  options.sessions = {Asking(kFileFlags)};
  LiveSource source(std::make_shared<EndlessEtw>(), options);
  source.Abort();
  EXPECT_TRUE(source.Start([] {}).ok());
  EXPECT_TRUE(source.TakeProblems().empty());
}

// Else what is lost of one would be told by the next one, which loses some, too.
TEST_F(NamesAtTheStart, WhatIsLostOfThemIsCountedAndNotToldAgain) {
  Start(Asking(kFileFlags));
  EXPECT_EQ(source_->counts().events_lost, 7u);
  EXPECT_EQ(source_->counts().LostOfSessions(), 0u);
}

}  // namespace
}  // namespace nuthatch
