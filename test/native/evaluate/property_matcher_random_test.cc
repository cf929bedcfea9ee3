// PropertyMatcher against a matcher that does the plainest thing, and against Explain.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/case_fold.h"
#include "evaluate/property_matcher.h"
#include "re2/re2.h"

namespace nuthatch {
namespace {

// Fragments that overlap, fold to other lengths, are not UTF-8, or are in typical text.
const std::vector<std::string>& Fragments() {
  static const auto* fragments = new std::vector<std::string>{"a",
                                                              "A",
                                                              "b",
                                                              "aa",
                                                              "ab",
                                                              "aaaa",
                                                              "abab",
                                                              "Ab",
                                                              ".exe",
                                                              ".EXE",
                                                              "\\",
                                                              "C:\\Wind",
                                                              "power",
                                                              "SHELL",
                                                              "-enc",
                                                              " ",
                                                              "\xc3\x84",
                                                              "\xc3\xa4",
                                                              "\xc8\xba",
                                                              "\xe2\xb1\xa5",
                                                              "\xe2\x84\xaa",
                                                              "k",
                                                              "K",
                                                              "\xff",
                                                              "\xc3",
                                                              "\x84",
                                                              "\xe1\xba",
                                                              "\xe1\xba\x9e",
                                                              "\xc3\x9f",
                                                              "ss",
                                                              "\xc4\xb0",
                                                              "i",
                                                              "I",
                                                              "\xc4\xb1",
                                                              "\xce\xa3",
                                                              "\xcf\x82",
                                                              "\xcf\x83",
                                                              "0",
                                                              "1",
                                                              "powershell",
                                                              "\xc5\xbf",
                                                              "\xf0\x90\x90\x80",
                                                              "\xf0\x90\x90\xa8",
                                                              "",
                                                              "xyzzy",
                                                              "aaaaaaab",
                                                              "baaaaaaa"};
  return *fragments;
}

const std::vector<std::string>& Patterns() {
  static const auto* patterns = new std::vector<std::string>{"power.*shell",
                                                             "(?i)POWER(shell)?",
                                                             "aaaa|abab",
                                                             "a+b",
                                                             "^a",
                                                             "(?i)\xc3\x84"
                                                             "ab",
                                                             "[ab]{4}",
                                                             "(?i)k.*exe",
                                                             "\\.exe$",
                                                             "(?i)\\.EXE$",
                                                             "x(yz)+",
                                                             "(?i)(wind|shell)[0-9]",
                                                             "\xc4\xb0",
                                                             "(?i)s{3}",
                                                             "(?i:SHELL)",
                                                             "(?i)ss\xe2\x84\xaa",
                                                             ".",
                                                             "",
                                                             "ab(?:ab|aa)ab"};
  return *patterns;
}

class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}
  size_t Below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }

  std::string Text(size_t max_fragments) {
    std::string text;
    for (size_t n = Below(max_fragments + 1); n > 0; --n) {
      text += Fragments()[Below(Fragments().size())];
    }
    return text;
  }

  Term RandomTerm() {
    Term term{PropertyId{}, static_cast<MatchKind>(Below(5)), Below(3) == 0, Below(4) == 0, {}, {}};
    if (Below(20) == 0) term.match = MatchKind::kExists;
    const bool pattern = term.match == MatchKind::kMatches;
    for (size_t n = 1 + Below(4); n > 0; --n) {
      term.strings.push_back(pattern ? Patterns()[Below(Patterns().size())] : Text(3));
    }
    return term;
  }

 private:
  std::mt19937_64 random_;
};

bool PatternMatches(const std::string& text, const std::string& pattern) {
  static auto* compiled = new std::map<std::string, std::unique_ptr<RE2>>;
  std::unique_ptr<RE2>& regexp = (*compiled)[pattern];
  if (!regexp) regexp = std::make_unique<RE2>(pattern);
  return RE2::PartialMatch(text, *regexp);
}

bool StringMatches(const Term& term, const std::string& text, const std::string& part) {
  switch (term.match) {
    case MatchKind::kEquals:
      return text == part;
    case MatchKind::kIncludes:
      return text.find(part) != std::string::npos;
    case MatchKind::kStartsWith:
      return text.substr(0, part.size()) == part;
    case MatchKind::kEndsWith:
      return text.size() >= part.size() && text.substr(text.size() - part.size()) == part;
    case MatchKind::kMatches:
      return PatternMatches(text, part);
    default:
      return true;
  }
}

bool NaiveMatch(const Term& term, const std::vector<std::string>& values) {
  return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
    const bool fold = !term.case_sensitive && term.match != MatchKind::kMatches;
    const auto matches = [&](const std::string& part) {
      return fold ? StringMatches(term, FoldCase(value), FoldCase(part))
                  : StringMatches(term, value, part);
    };
    return term.all ? std::all_of(term.strings.begin(), term.strings.end(), matches)
                    : std::any_of(term.strings.begin(), term.strings.end(), matches);
  });
}

// Matches some random values with a matcher of random terms; returns the comparisons made.
size_t CompareOnce(uint64_t seed, MatchScratch* scratch) {
  Generator generate(seed);
  std::vector<Term> terms;
  for (size_t n = 1 + generate.Below(40); n > 0; --n) terms.push_back(generate.RandomTerm());
  std::vector<const Term*> pointers;
  for (const Term& term : terms) pointers.push_back(&term);
  std::unique_ptr<const PropertyMatcher> matcher;
  const Status status = PropertyMatcher::Build(pointers, &matcher);
  EXPECT_TRUE(status.ok()) << status.message();

  size_t comparisons = 0;
  std::vector<uint32_t> hits;
  for (int round = 0; round < 20; ++round) {
    std::vector<std::string> texts;
    for (size_t n = generate.Below(3) == 0 ? 3 : 1; n > 0; --n) texts.push_back(generate.Text(12));
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    const Value value = views.size() == 1 ? Value::String(views[0]) : Value::Strings(views);
    matcher->Match(value, scratch, &hits);
    for (uint32_t i = 0; i < terms.size(); ++i) {
      const bool expected = NaiveMatch(terms[i], texts);
      const auto count = std::count(hits.begin(), hits.end(), i);
      const bool actual = matcher->IsLazy(i) ? matcher->MatchLazy(i, value, scratch) : count == 1;
      EXPECT_LE(count, matcher->IsLazy(i) ? 0 : 1) << "seed " << seed;
      EXPECT_EQ(actual, expected) << "seed " << seed << " round " << round << " term " << i;
      EXPECT_EQ(!Explain(terms[i], value).empty(), expected) << "Explain, seed " << seed;
      comparisons += 2;
    }
    if (testing::Test::HasFailure()) break;
  }
  return comparisons;
}

TEST(PropertyMatcherRandom, AgreesWithANaiveMatcherAndWithExplain) {
  // NUTHATCH_SEED=… repeats a run; NUTHATCH_ROUNDS=… makes it longer.
  const char* given_seed = std::getenv("NUTHATCH_SEED");
  const char* given_rounds = std::getenv("NUTHATCH_ROUNDS");
  const uint64_t seed =
      given_seed ? std::strtoull(given_seed, nullptr, 10) : std::random_device{}();
  const int rounds = given_rounds ? std::atoi(given_rounds) : 2000;
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  const auto scratch = NewMatchScratch();
  size_t comparisons = 0;
  for (int i = 0; i < rounds && !HasFailure(); ++i) {
    comparisons += CompareOnce(seed + static_cast<uint64_t>(i), scratch.get());
  }
  std::printf("%zu comparisons\n", comparisons);
}

}  // namespace
}  // namespace nuthatch
