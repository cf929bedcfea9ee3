#include "evaluate/affix_set.h"

#include <algorithm>
#include <random>

#include "gtest/gtest.h"

namespace nuthatch {
namespace {

std::vector<uint32_t> Find(const AffixSet& set, std::string_view text) {
  std::vector<uint32_t> found;
  set.Find(text, &found);
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<uint32_t> FindPlainly(AffixSide side, const std::vector<std::string>& affixes,
                                  std::string_view text) {
  std::vector<uint32_t> found;
  for (uint32_t i = 0; i < affixes.size(); ++i) {
    const bool is =
        side == AffixSide::kStart ? text.starts_with(affixes[i]) : text.ends_with(affixes[i]);
    if (is) found.push_back(i);
  }
  return found;
}

// Each begins with all before it: what a text begins with is the end of one long chain.
TEST(AffixSet, FindsTheEndOfALongChain) {
  std::vector<std::string> affixes;
  for (size_t i = 0; i < 500; ++i) affixes.push_back("c:\\windows\\" + std::string(i, '!'));
  const AffixSet set(AffixSide::kStart, affixes);
  for (const size_t marks :
       {size_t{0}, size_t{1}, size_t{2}, size_t{3}, size_t{254}, size_t{499}}) {
    const std::string text = "c:\\windows\\" + std::string(marks, '!') + "system32";
    std::vector<uint32_t> expected(marks + 1);
    for (uint32_t i = 0; i <= marks; ++i) expected[i] = i;
    EXPECT_EQ(Find(set, text), expected);
  }
  EXPECT_TRUE(Find(set, "c:\\window").empty());
}

TEST(AffixSet, AgreesWithAPlainSearch) {
  std::mt19937 random(1);
  const auto text = [&](size_t most) {
    std::string made(random() % most, ' ');
    for (char& c : made) c = "ab"[random() % 8 == 0];
    return made;
  };
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> affixes;
    for (int i = 0; i < 60; ++i) affixes.push_back(text(30) + 'a');
    std::sort(affixes.begin(), affixes.end());
    affixes.erase(std::unique(affixes.begin(), affixes.end()), affixes.end());
    for (const AffixSide side : {AffixSide::kStart, AffixSide::kEnd}) {
      const AffixSet set(side, affixes);
      for (int i = 0; i < 50; ++i) {
        const std::string in = text(40);
        ASSERT_EQ(Find(set, in), FindPlainly(side, affixes, in)) << in;
      }
    }
  }
}

}  // namespace
}  // namespace nuthatch
