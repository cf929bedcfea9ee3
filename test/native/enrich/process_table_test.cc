#include "enrich/process_table.h"

#include <atomic>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace nuthatch {
namespace {

const std::vector<PropertyId> kProperties = {PropertyId::kCommandLine, PropertyId::kSessionId,
                                             PropertyId::kProcessName};

// GCC 12 warns of Guid(text) without cause.
std::string Guid(const std::string& number) { return std::string("g").append(number); }

class ProcessTableTest : public testing::Test {
 protected:
  void Make(size_t capacity) { table_ = std::make_unique<ProcessTable>(kProperties, capacity); }

  // Publishes one start; its command line is `text`.
  void Start(std::string_view guid, std::string_view text) {
    ProcessStarts starts(table_.get());
    starts.Add(guid, std::vector<Value>{Value::String(text), Value::Number(7), Value::Missing()});
    table_->Publish(starts, table_->published());
  }
  std::string CommandLine(std::string_view guid, ProcessTable::Ordinal as_of) {
    const ProcessTable::Process process = table_->Find(guid, as_of);
    if (!process.known()) return "(unknown)";
    const Value value = process.Fact(PropertyId::kCommandLine);
    return value.present() ? std::string(value.strings()[0]) : "(missing)";
  }

  std::unique_ptr<ProcessTable> table_;
};

TEST_F(ProcessTableTest, KeepsTheFactsOfAStart) {
  Make(10);
  EXPECT_EQ(CommandLine("g1", 0), "(unknown)");
  Start("g1", "one");
  const ProcessTable::Process process = table_->Find("g1", 1);
  ASSERT_TRUE(process.known());
  EXPECT_EQ(process.Fact(PropertyId::kCommandLine).strings()[0], "one");
  EXPECT_EQ(process.Fact(PropertyId::kSessionId).number(), 7);
  EXPECT_EQ(process.Fact(PropertyId::kProcessName).state(), ValueState::kMissing);
  EXPECT_EQ(process.Fact(PropertyId::kParentName).state(), ValueState::kMissing);  // not kept
}

TEST_F(ProcessTableTest, AnswersAsOfAStart) {
  Make(10);
  Start("g", "first");
  Start("h", "other");
  Start("g", "second");
  EXPECT_EQ(CommandLine("g", 0), "(unknown)");
  EXPECT_EQ(CommandLine("g", 1), "first");
  EXPECT_EQ(CommandLine("g", 2), "first");
  EXPECT_EQ(CommandLine("g", 3), "second");
  EXPECT_EQ(CommandLine("h", 1), "(unknown)");
  EXPECT_EQ(CommandLine("h", 3), "other");
}

TEST_F(ProcessTableTest, TheOldestGoesFirst) {
  Make(2);
  Start("a", "1");
  Start("b", "2");
  Start("c", "3");
  EXPECT_EQ(CommandLine("a", 2), "1");
  EXPECT_EQ(CommandLine("a", 3), "(unknown)");
  EXPECT_EQ(CommandLine("b", 3), "2");
  EXPECT_EQ(CommandLine("c", 3), "3");
}

TEST_F(ProcessTableTest, EmptyAndLongTexts) {
  Make(4);
  Start("", "");
  EXPECT_EQ(CommandLine("", 1), "");
  const std::string most(size_t{128} << 10, 'x');
  Start("long", most);
  Start("longer", most + "x");
  EXPECT_EQ(CommandLine("long", 2), most);
  EXPECT_EQ(CommandLine("longer", 3), "(missing)");
}

TEST_F(ProcessTableTest, MemoryIsLimitedByWhatTheTextsTake) {
  Make(1000);
  const std::string text(size_t{100} << 10, 'x');
  for (int i = 1; i <= 300; ++i) Start(Guid(std::to_string(i)), text);
  EXPECT_EQ(CommandLine("g300", 300), text);
  EXPECT_EQ(CommandLine("g200", 300), text);
  EXPECT_EQ(CommandLine("g100", 300), "(unknown)");  // 16 MiB hold some 160 of them
}

TEST_F(ProcessTableTest, TellsWhenThereIsNoRoom) {
  Make(100);
  EXPECT_TRUE(table_->HasRoom(ProcessTable::kSlack, 0));
  EXPECT_FALSE(table_->HasRoom(ProcessTable::kSlack * 4, 0));
}

// The same questions asked of a plain model.
TEST_F(ProcessTableTest, AgreesWithAPlainModel) {
  constexpr size_t kCapacity = 50;
  Make(kCapacity);
  std::mt19937 random(7);
  std::vector<std::pair<std::string, std::string>> model;
  for (int i = 0; i < 20'000; ++i) {
    const std::string guid = Guid(std::to_string(random() % 80));
    model.emplace_back(guid, std::to_string(i));
    Start(guid, model.back().second);
    const std::string asked = Guid(std::to_string(random() % 90));
    const size_t as_of = model.size();
    std::string expected = "(unknown)";
    for (size_t back = 0; back < kCapacity && back < as_of; ++back) {
      if (model[as_of - 1 - back].first != asked) continue;
      expected = model[as_of - 1 - back].second;
      break;
    }
    ASSERT_EQ(CommandLine(asked, as_of), expected) << "after " << as_of;
  }
}

// Readers ask as of an ordinal that they hold while a writer goes on; ThreadSanitizer watches.
TEST_F(ProcessTableTest, ReadersAndTheWriterDoNotDisturbEachOther) {
  constexpr size_t kCapacity = 64;
  constexpr ProcessTable::Ordinal kLast = 200'000;
  Make(kCapacity);
  std::array<std::atomic<ProcessTable::Ordinal>, 2> held = {0, 0};
  std::atomic<ProcessTable::Ordinal> published = 0;
  std::atomic<int> wrong = 0;
  const auto read = [&](size_t reader) {
    while (published.load() < kLast) {
      // Hold first, then look: the writer may only have passed what nobody held.
      const ProcessTable::Ordinal as_of = held[reader].load();
      for (ProcessTable::Ordinal back = 0; back < 3 && back < as_of; ++back) {
        const std::string text = std::to_string(as_of - back);
        if (CommandLine(Guid(text), as_of) != text) ++wrong;
      }
      held[reader].store(published.load());
    }
    held[reader].store(kLast);
  };
  std::thread first(read, 0);
  std::thread second(read, 1);
  while (published.load() < kLast) {
    const ProcessTable::Ordinal oldest = std::min(held[0].load(), held[1].load());
    if (!table_->HasRoom(10, oldest)) continue;
    ProcessStarts starts(table_.get());
    for (int i = 1; i <= 10; ++i) {
      const std::string text = std::to_string(table_->published() + static_cast<size_t>(i));
      starts.Add(Guid(text),
                 std::vector<Value>{Value::String(text), Value::Missing(), Value::Missing()});
    }
    table_->Publish(starts, oldest);
    published.store(table_->published());
  }
  first.join();
  second.join();
  EXPECT_EQ(wrong.load(), 0);
}

}  // namespace
}  // namespace nuthatch
