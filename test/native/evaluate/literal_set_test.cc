#include "evaluate/literal_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "evaluate/affix_set.h"
#include "support/allocations.h"

namespace nuthatch {
namespace {

using Numbers = std::vector<uint32_t>;

Numbers Sorted(Numbers numbers) {
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

// What follows a text in memory makes no difference: here it is what the text began with.
Numbers Find(const LiteralSet& set, std::string_view text) {
  std::string padded(text);
  while (padded.size() < text.size() + LiteralSet::kPadding) padded += text.empty() ? "x" : text;
  StampSet seen;
  Numbers found;
  set.Find({padded.data(), text.size()}, &seen, &found);
  return Sorted(found);
}

Numbers FindByAutomaton(const LiteralSet& set, std::string_view text) {
  StampSet seen;
  Numbers found;
  set.FindByAutomaton(text, &seen, &found);
  return Sorted(found);
}

Numbers FindNaively(const std::vector<std::string>& literals, std::string_view text) {
  Numbers found;
  for (uint32_t i = 0; i < literals.size(); ++i) {
    if (text.find(literals[i]) != std::string_view::npos) found.push_back(i);
  }
  return found;
}

std::string RandomBytes(std::mt19937* random, size_t size, int alphabet) {
  std::string text;
  while (text.size() < size) {
    text.push_back(
        static_cast<char>('a' + static_cast<int>((*random)() % static_cast<unsigned>(alphabet))));
  }
  return text;
}

std::string RandomText(std::mt19937* random, size_t max_size, int alphabet) {
  return RandomBytes(random, (*random)() % (max_size + 1), alphabet);
}

std::vector<std::string> RandomLiterals(std::mt19937* random, size_t count, size_t max_size,
                                        int alphabet) {
  std::set<std::string> literals;
  for (size_t i = 0; i < count; ++i) literals.insert(RandomText(random, max_size, alphabet));
  literals.erase("");
  return {literals.begin(), literals.end()};
}

TEST(LiteralSet, AgreesWithANaiveSearchAndTheAutomaton) {
  const uint32_t seed = std::random_device{}();
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 400; ++round) {
    const int alphabet = 1 + static_cast<int>(random() % 4);
    const std::vector<std::string> literals =
        RandomLiterals(&random, 1 + random() % 300, 1 + random() % 12, alphabet);
    if (literals.empty()) continue;
    const LiteralSet set(literals);
    for (int i = 0; i < 20; ++i) {
      const std::string text = RandomText(&random, 200, alphabet + 1);
      const Numbers expected = FindNaively(literals, text);
      ASSERT_EQ(Find(set, text), expected) << text;
      ASSERT_EQ(FindByAutomaton(set, text), expected) << text;
    }
  }
}

TEST(LiteralSet, FindsLiteralsAtEveryPlaceOfTexts) {
  const std::vector<std::string> literals = {"q", "uv", "xyz", "wxyz", "vwxyz", "abcdefghijklmnop"};
  const LiteralSet set(literals);
  for (size_t size = 0; size < 40; ++size) {
    for (size_t at = 0; at <= size; ++at) {
      for (const std::string& literal : literals) {
        std::string text(size, '-');
        text.insert(at, literal);
        ASSERT_EQ(Find(set, text), FindNaively(literals, text)) << text;
      }
    }
  }
}

TEST(LiteralSet, TakesBytesOfAnyValue) {
  using namespace std::string_literals;
  const std::vector<std::string> literals = {"\0"s,       "\0\0"s,    "\0\0\0"s,
                                             "\0\0\0\0"s, "\xff\xff", "a\0b\0"s};
  const LiteralSet set(literals);
  for (const std::string& text :
       {""s, "\0"s, "\0\0\0"s, "aaaa\0\0\0\0"s, "xa\0b"s, "xa\0b\0"s, "\xff\xff\xff"s}) {
    EXPECT_EQ(Find(set, text), FindNaively(literals, text));
    EXPECT_EQ(FindByAutomaton(set, text), FindNaively(literals, text));
  }
}

// Whether comparing was given up for the automaton, which is built at the first text that needs it:
// nothing else takes memory once a search has been run.
bool NeedsTheAutomaton(const std::vector<std::string>& literals, std::string_view text) {
  const LiteralSet set(literals);
  const std::string padded = std::string(text) + std::string(LiteralSet::kPadding, '-');
  StampSet seen;
  Numbers found;
  found.reserve(2 * literals.size());
  set.Find({padded.data() + text.size(), 0}, &seen, &found);
  const size_t before = Allocations();
  set.Find({padded.data(), text.size()}, &seen, &found);
  return Allocations() > before;
}

TEST(LiteralSet, OrdinaryTextNeedsNoAutomaton) {
  std::mt19937 random(2);
  const std::vector<std::string> literals = RandomLiterals(&random, 1000, 20, 26);
  EXPECT_FALSE(NeedsTheAutomaton(literals, RandomText(&random, 1 << 20, 26) + literals[42]));
}

// Unbounded, these would take hundreds of comparisons for each byte.
TEST(LiteralSet, StaysLinearOnRunsOfOneCharacter) {
  std::vector<std::string> literals;
  for (size_t size = 1; size <= 2000; ++size) literals.emplace_back(size, 'a');
  for (size_t size = 4; size <= 500; ++size) literals.push_back(std::string(size, 'a') + "b");
  const LiteralSet set(literals);
  const std::string run(1 << 20, 'a');
  EXPECT_EQ(Find(set, run).size(), 2000u);
  EXPECT_EQ(Find(set, run + "b").size(), literals.size());
  std::string broken;
  while (broken.size() < run.size()) broken += std::string(1999, 'a') + "c";
  EXPECT_EQ(Find(set, broken).size(), 1999u);
  for (const std::string& text : {run, run + "b", broken}) {
    EXPECT_TRUE(NeedsTheAutomaton(literals, text));
  }
}

TEST(LiteralSet, StaysLinearOnTextMadeOfBeginningsOfLiterals) {
  std::mt19937 random(1);
  std::vector<std::string> literals;
  // Of two letters, so that they share their rarest grams.
  for (int i = 0; i < 5000; ++i) literals.push_back(RandomBytes(&random, 300, 2));
  const LiteralSet set(literals);
  std::string text;
  for (const std::string& literal : literals) text += literal.substr(0, 299) + "-";
  EXPECT_TRUE(Find(set, text).empty());
  EXPECT_EQ(Find(set, text + literals[4711]), (Numbers{4711}));
  EXPECT_TRUE(NeedsTheAutomaton(literals, text));
}

TEST(LiteralSet, HoldsThirtyThousandLiterals) {
  std::mt19937 random(7);
  const std::vector<std::string> literals = RandomLiterals(&random, 30000, 20, 26);
  const LiteralSet set(literals);
  for (int i = 0; i < 20; ++i) {
    const std::string text = RandomText(&random, 300, 26) + literals[random() % literals.size()];
    EXPECT_EQ(Find(set, text), FindNaively(literals, text));
  }
}

TEST(AffixSet, FindsEveryAffixHoweverMuchTheyShare) {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    const std::vector<std::string> affixes = RandomLiterals(&random, 100, 14, 2);
    if (affixes.empty()) continue;
    const AffixSet starts(AffixSide::kStart, affixes);
    const AffixSet ends(AffixSide::kEnd, affixes);
    for (int i = 0; i < 50; ++i) {
      const std::string text = RandomText(&random, 20, 2);
      Numbers at_start;
      Numbers at_end;
      for (uint32_t a = 0; a < affixes.size(); ++a) {
        if (text.starts_with(affixes[a])) at_start.push_back(a);
        if (text.ends_with(affixes[a])) at_end.push_back(a);
      }
      Numbers found;
      starts.Find(text, &found);
      ASSERT_EQ(Sorted(found), at_start) << text;
      found.clear();
      ends.Find(text, &found);
      ASSERT_EQ(Sorted(found), at_end) << text;
    }
  }
}

}  // namespace
}  // namespace nuthatch
