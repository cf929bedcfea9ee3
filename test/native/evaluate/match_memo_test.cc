#include "evaluate/match_memo.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "evaluate/tree.h"

namespace nuthatch {
namespace {

class MatchMemoTest : public testing::Test {
 protected:
  using Hits = std::vector<uint32_t>;

  // What is remembered; {99} when nothing is.
  Hits Find(std::string_view text, const Pass* pass = nullptr) {
    const auto hits = memo_.Find(memo_.KeyOf(pass ? pass : &pass_, text));
    return hits ? Hits(hits->begin(), hits->end()) : Hits{99};
  }
  void Keep(std::string_view text, const Hits& hits) {
    const MatchMemo::Key key = memo_.KeyOf(&pass_, text);
    memo_.Find(key);
    memo_.Keep(key, hits);
  }
  const Hits kNothing = {99};

  Pass pass_;
  MatchMemo memo_;
};

TEST_F(MatchMemoTest, RemembersWhatAPassFound) {
  Keep("svchost.exe", {1, 2});
  Keep("", {});
  EXPECT_EQ(Find("svchost.exe"), (Hits{1, 2}));
  EXPECT_EQ(Find(""), Hits{});
}

TEST_F(MatchMemoTest, TakesNoTextAndNoPassForAnother) {
  Keep("svchost.exe", {1});
  const Pass other;
  EXPECT_EQ(Find("svchost.exf"), kNothing);
  EXPECT_EQ(Find("svchost.ex"), kNothing);
  EXPECT_EQ(Find(std::string_view("svchost.exe\0", 12)), kNothing);
  EXPECT_EQ(Find("svchost.exe", &other), kNothing);
}

TEST_F(MatchMemoTest, TellsTextsOfEveryLengthApart) {
  for (size_t size = 0; size <= MatchMemo::kLongest; ++size) {
    std::string text(size, 'x');
    Keep(text, {static_cast<uint32_t>(size)});
    ASSERT_EQ(Find(text), Hits{static_cast<uint32_t>(size)});
    for (char& c : text) {
      c = 'y';
      ASSERT_EQ(Find(text), kNothing) << size;
      c = 'x';
    }
  }
}

TEST_F(MatchMemoTest, LongTextsAndManyHitsAreNotKept) {
  const std::string longest(MatchMemo::kLongest, 'a');
  const Hits most(MatchMemo::kMostHits, 7);
  Keep(longest, most);
  EXPECT_EQ(Find(longest), most);
  Keep(longest + 'a', {1});
  EXPECT_EQ(Find(longest + 'a'), kNothing);
  Keep("many", Hits(MatchMemo::kMostHits + 1, 7));
  EXPECT_EQ(Find("many"), kNothing);
}

// The texts of an attacker who sends new ones all the time.
TEST_F(MatchMemoTest, AFloodOfNewTextsDoesNotDriveOutThoseThatComeAgain) {
  std::vector<std::string> usual;
  for (int i = 0; i < 50; ++i) usual.push_back("c:\\windows\\system32\\" + std::to_string(i));
  int found = 0;
  int asked = 0;
  for (int i = 0; i < 100'000; ++i) {
    Keep("flood " + std::to_string(i), {});
    const std::string& text = usual[static_cast<size_t>(i) % usual.size()];
    ++asked;
    if (Find(text) != kNothing) {
      ++found;
    } else {
      Keep(text, {1});
    }
  }
  EXPECT_GT(found, asked * 9 / 10);
}

}  // namespace
}  // namespace nuthatch
