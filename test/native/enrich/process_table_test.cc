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

// GCC 12 warns of Guid(text) without cause.
std::string Guid(const std::string& number) { return std::string("g").append(number); }

class ProcessTableTest : public testing::Test {
 protected:
  void Make(size_t capacity) { table_ = std::make_unique<ProcessTable>(capacity); }

  void Publish(std::string_view guid, std::string_view start) {
    ProcessStarts starts(table_.get());
    if (std::string* const bytes = starts.Add(guid)) bytes->append(start);
    table_->Publish(starts, table_->published());
  }
  std::string Find(std::string_view guid, ProcessTable::Ordinal as_of) {
    return std::string(table_->Find(guid, as_of).value_or("(unknown)"));
  }

  std::unique_ptr<ProcessTable> table_;
};

TEST_F(ProcessTableTest, AnswersAsOfAStart) {
  Make(10);
  Publish("g", "first");
  Publish("h", "other");
  Publish("g", "second");
  EXPECT_EQ(Find("g", 0), "(unknown)");
  EXPECT_EQ(Find("g", 1), "first");
  EXPECT_EQ(Find("g", 2), "first");
  EXPECT_EQ(Find("g", 3), "second");
  EXPECT_EQ(Find("h", 1), "(unknown)");
  EXPECT_EQ(Find("h", 3), "other");
}

TEST_F(ProcessTableTest, TheOldestGoesFirst) {
  Make(2);
  Publish("a", "1");
  Publish("b", "2");
  Publish("c", "3");
  EXPECT_EQ(Find("a", 2), "1");
  EXPECT_EQ(Find("a", 3), "(unknown)");
  EXPECT_EQ(Find("b", 3), "2");
  EXPECT_EQ(Find("c", 3), "3");
}

TEST_F(ProcessTableTest, EmptyAndLongIds) {
  Make(4);
  Publish("", "");
  EXPECT_EQ(Find("", 1), "");
  const std::string longest(size_t{64} << 10, 'x');
  Publish(longest, "kept");
  EXPECT_EQ(Find(longest, 2), "kept");
  Publish(longest + "x", "not kept");
  EXPECT_EQ(table_->published(), 2);
}

TEST_F(ProcessTableTest, MemoryIsLimitedByWhatTheStartsTake) {
  Make(1000);
  const std::string text(size_t{100} << 10, 'x');
  for (int i = 1; i <= 300; ++i) Publish(Guid(std::to_string(i)), text);
  EXPECT_EQ(Find("g300", 300), text);
  EXPECT_EQ(Find("g200", 300), text);
  EXPECT_EQ(Find("g100", 300), "(unknown)");  // 16 MiB hold some 160 of them
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
    Publish(guid, model.back().second);
    const std::string asked = Guid(std::to_string(random() % 90));
    const size_t as_of = model.size();
    std::string expected = "(unknown)";
    for (size_t back = 0; back < kCapacity && back < as_of; ++back) {
      if (model[as_of - 1 - back].first != asked) continue;
      expected = model[as_of - 1 - back].second;
      break;
    }
    ASSERT_EQ(Find(asked, as_of), expected) << "after " << as_of;
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
        if (Find(Guid(text), as_of) != text) ++wrong;
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
      starts.Add(Guid(text))->append(text);
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
