// Names of the accounts that processes run as, which a live session asks the machine for.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "live/played_text.h"
#include "pipeline/live_evaluation.h"
#include "pipeline/live_text.h"
#include "pipeline/signature_rules.h"
#include "trace/joined.h"
#include "trace/known_accounts.h"

namespace nuthatch {
namespace {

using Lines = std::vector<std::string>;

Bytes StartAs(const Bytes& user, uint64_t tick = 2, uint32_t pid = 500) {
  return ProcessRecord({.tick = tick, .pid = 400}, kStart, pid, 400, "a.exe", "a", 8, user);
}
Bytes ParentAs(const Bytes& user) {
  return ProcessRecord({.tick = 1}, kDcStart, 400, 4, "b.exe", "b", 8, user);
}
Bytes Mark(uint64_t tick) {
  return Kernel({.tick = tick, .pid = 500}, 0x0F, 0x22, 0, Payload().Narrow("a mark"));
}

// That the line's process has, and its parent.
std::string NamesIn(const std::string& line) {
  const std::string process = Member(line.substr(line.find("\"process\":")), "process");
  const std::string parent = Member(process.substr(1), "parent");
  const auto name = [](const std::string& of) {
    return Member(of.substr(1), "user_domain") + Member(of.substr(1), "username");
  };
  const size_t own = process.find(",\"parent\":");
  return name(process.substr(0, own)) + " of " + name(parent);
}

// Records of a session, with accounts that are known at once.
class AccountsOfRecords : public testing::Test {
 protected:
  AccountsOfRecords() { stage_.joiner()->NameAccounts(&accounts_); }

  // As a live session does with records that arrive.
  void Learn(const std::vector<Bytes>& records) {
    bytes_ = WrittenTrace({records});
    EtwRecord record;
    for (const auto reader = Open(bytes_); reader->Next(&record);) stage_.Learn(record);
  }
  Lines Give() {
    TraceText text(stage_.joiner());
    EtwRecord record;
    for (const auto reader = Open(bytes_); reader->Next(&record);) stage_.Give(record, &text);
    Lines lines = LinesOf(text.text());
    lines.erase(lines.begin());  // the trace's header
    return lines;
  }

  KnownAccounts accounts_;
  RecordStage stage_{EventFilter()};
  Bytes bytes_;
};

TEST_F(AccountsOfRecords, AreAskedForWhenTheRecordArrivesAndJoinedToItsEvent) {
  Learn({ParentAs(kAna), StartAs(kAna)});
  EXPECT_EQ(accounts_.asked, (Lines{kAnaSid, kAnaSid}));
  accounts_.Add(kAnaSid, {"ana", "CORP"});
  const Lines lines = Give();
  EXPECT_EQ(NamesIn(lines[1]), R"("CORP""ana" of "CORP""ana")");
  EXPECT_EQ(stage_.joiner()->unnamed_starts(), 0u);
}

TEST_F(AccountsOfRecords, AStartThatDoesNotHaveItsNameInTimeIsCountedAndLaterEventsHaveIt) {
  Learn({ParentAs(kLocalSystem), StartAs(kAna), Mark(3)});
  EXPECT_EQ(NamesIn(Give()[1]), " of ");
  EXPECT_EQ(stage_.joiner()->unnamed_starts(), 1u);
  accounts_.Add(kAnaSid, {"ana", "CORP"});
  Learn({Mark(4)});
  EXPECT_EQ(NamesIn(Give()[0]), R"("CORP""ana" of )");
  EXPECT_EQ(stage_.joiner()->unnamed_starts(), 1u);
}

TEST_F(AccountsOfRecords, ThoseOfWindowsItselfAreAskedForByNobody) {
  Learn({ParentAs(kLocalSystem), StartAs(kLocalSystem), Mark(3)});
  Give();
  EXPECT_EQ(accounts_.asked, Lines());
  EXPECT_EQ(stage_.joiner()->unnamed_starts(), 0u);
  EXPECT_TRUE(IsAccountOfWindows("S-1-5-20"));
  EXPECT_FALSE(IsAccountOfWindows("S-1-5-90-0-1"));
  EXPECT_FALSE(IsAccountOfWindows(kAnaSid));
  EXPECT_FALSE(IsAccountOfWindows("S-1-12-1"));
}

// A live session that plays a start, and gives it when it is told to.
class LiveAccounts : public testing::Test {
 protected:
  class Held final : public LiveOutput {
   public:
    Held(TraceJoiner* joiner, LiveAccounts* test) : text_(joiner), test_(*test) {}

    TraceOutput* Begin(uint64_t) override { return &text_; }
    void End(uint64_t, int64_t) override {
      test_.text_ += text_.text();
      text_.Clear();
    }
    bool HasRoom() const override { return test_.gives_; }
    bool asks_accounts() const override { return test_.asks_; }
    FileOutput* files() override { return &text_; }
    void Finish() override {}

   private:
    TraceText text_;
    LiveAccounts& test_;
  };

  void Start(PlayScript script) {
    LiveTraceOptions options;
    options.source.sessions = {KernelSession()};
    options.in_order_within = std::chrono::hours(1);
    system_ = Playing(trace_, script);
    live_ = std::make_unique<LiveTrace>(system_, options, [this](TraceJoiner* joiner) {
      return std::make_unique<Held>(joiner, this);
    });
    live_->Start([](const Status& status) { EXPECT_TRUE(status.ok()) << status.message(); },
                 [this] { ended_.set_value(); }, [] {});
  }
  AccountCounts Counts() const { return live_->counts().accounts.value_or(AccountCounts()); }
  // Takes what has come, and gives nothing.
  void AwaitAnswer() const {
    for (AccountCounts counts; counts.named + counts.failed == 0; counts = Counts()) {
      live_->Wake();
      std::this_thread::yield();
    }
  }
  // To its end; the line of the start.
  std::string Give() {
    gives_ = true;
    live_->Wake();
    ended_.get_future().wait();
    for (const std::string& line : LinesOf(text_)) {
      if (line.find("\"process_start\"") != line.npos) return line;
    }
    return "";
  }

  const Bytes trace_ = WrittenTrace({{ParentAs(kLocalSystem), StartAs(kAna)}});
  std::atomic<bool> gives_ = false;
  bool asks_ = true;
  std::string text_;
  std::promise<void> ended_;
  std::shared_ptr<EtwSystem> system_;
  std::unique_ptr<LiveTrace> live_;
};

TEST_F(LiveAccounts, AreThoseThatTheMachineSays) {
  Start({.accounts = {{kAnaSid, {"ana", "CORP"}}}});
  AwaitAnswer();
  EXPECT_EQ(NamesIn(Give()), R"("CORP""ana" of )");
  EXPECT_EQ(Counts().named, 1u);
  EXPECT_EQ(live_->counts().unnamed_starts, 0u);
}

TEST_F(LiveAccounts, OneThatThereIsNotIsCountedWithWindowsError) {
  Start({});
  AwaitAnswer();
  EXPECT_EQ(NamesIn(Give()), " of ");
  EXPECT_EQ(Counts().failed, 1u);
  EXPECT_EQ(Counts().failed_sid, kAnaSid);
  EXPECT_EQ(Counts().error, kEtwNoneMapped);
  EXPECT_EQ(live_->counts().unnamed_starts, 1u);
}

TEST_F(LiveAccounts, AreNotAskedForWhereNobodyLooksAtThem) {
  asks_ = false;
  std::atomic<bool> asked = false;
  Start({.accounts = {{kAnaSid, {"ana", "CORP"}}}, .on_lookup = [&](auto&) { asked = true; }});
  EXPECT_EQ(NamesIn(Give()), " of ");
  EXPECT_EQ(live_->counts().accounts, std::nullopt);
  live_.reset();
  EXPECT_FALSE(asked);
}

// Else this waits for ever.
TEST_F(LiveAccounts, WhoStallsHoldsUpNeitherEventsNorTheEnd) {
  std::promise<void> answer;
  std::promise<void> asked;
  Start({.accounts = {{kAnaSid, {"ana", "CORP"}}}, .on_lookup = [&](auto&) {
           asked.set_value();
           answer.get_future().wait();
         }});
  EXPECT_EQ(NamesIn(Give()), " of ");
  EXPECT_EQ(live_->counts().unnamed_starts, 1u);
  asked.get_future().wait();
  live_.reset();
  EXPECT_GT(system_.use_count(), 1) << "the thread has what it needs";
  answer.set_value();
  while (system_.use_count() > 1) std::this_thread::yield();
}

std::shared_ptr<const Program> Asking(PropertyId property, Output output) {
  return std::make_shared<Program>(AsksFor(EventType::kProcessStart, property), Traces(), output);
}

TEST(LiveEvaluationsAccounts, AreAskedForWhenADetectorOrWhoTakesEventsLooksAtThem) {
  const auto asks = [](PropertyId property, Output output) {
    TraceJoiner joiner;
    LiveResults results([] {});
    const LiveEvaluation evaluation(Asking(property, Output::kDetections), Asking(property, output),
                                    PipelineOptions(), "a.etl", &joiner, &results, [] {});
    return evaluation.asks_accounts();
  };
  for (const PropertyId property : {PropertyId::kUsername, PropertyId::kUserDomain,
                                    PropertyId::kParentUsername, PropertyId::kParentUserDomain})
    EXPECT_TRUE(asks(property, Output::kDetections)) << PropertyName(property);
  EXPECT_FALSE(asks(PropertyId::kUserSid, Output::kDetections));
  EXPECT_FALSE(asks(PropertyId::kCommandLine, Output::kDetections));
  EXPECT_TRUE(asks(PropertyId::kCommandLine, Output::kEvents));
}

TEST(LiveTextsAccounts, AreAskedFor) {
  TraceJoiner joiner;
  LiveResults results([] {});
  EXPECT_TRUE(LiveText(&joiner, &results).asks_accounts());
}

}  // namespace
}  // namespace nuthatch
