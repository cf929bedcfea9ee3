#include "evaluate/property_matcher.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/allocations.h"

namespace nuthatch {
namespace {

Term Text(MatchKind match, std::vector<std::string> strings) {
  return {PropertyId{}, match, false, false, std::move(strings), {}};
}
Term All(Term term) {
  term.all = true;
  return term;
}
Term CaseSensitive(Term term) {
  term.case_sensitive = true;
  return term;
}
Term Numbers(MatchKind match, std::vector<double> numbers) {
  return {PropertyId{}, match, false, false, {}, std::move(numbers)};
}

// The answer to one term; it must be the same beside other terms, and Explain's.
bool Matches(const Term& term, const Value& value) {
  const Term other = Text(MatchKind::kIncludes, {"zz top", "a", "ab"});
  const Term another = All(CaseSensitive(Text(MatchKind::kIncludes, {"aa", "b"})));
  const Term* terms[] = {&other, &term, &another};
  std::unique_ptr<const PropertyMatcher> matcher;
  const Status status = PropertyMatcher::Build(terms, &matcher);
  EXPECT_TRUE(status.ok()) << status.message();
  const auto scratch = NewMatchScratch();
  std::vector<uint32_t> hits = {7, 8, 9};
  matcher->Match(value, scratch.get(), &hits);
  const bool hit = std::count(hits.begin(), hits.end(), 1u) == 1;
  const bool matches = matcher->IsLazy(1) ? matcher->MatchLazy(1, value, scratch.get()) : hit;
  EXPECT_EQ(!Explain(term, value).empty(), matches);
  return matches;
}
bool Matches(const Term& term, std::string_view text) { return Matches(term, Value::String(text)); }
using Texts = std::vector<std::string_view>;
bool Matches(const Term& term, const Texts& texts) { return Matches(term, Value::Strings(texts)); }

TEST(PropertyMatcher, ComparesWholeValues) {
  const Term term = Text(MatchKind::kEquals, {"cmd.exe", "Straße"});
  EXPECT_TRUE(Matches(term, "CMD.exe"));
  EXPECT_TRUE(Matches(term, "STRAßE"));
  EXPECT_FALSE(Matches(term, "STRASSE"));
  EXPECT_FALSE(Matches(term, "cmd.ex"));
  EXPECT_FALSE(Matches(term, "cmd.exe "));
  EXPECT_FALSE(Matches(term, ""));
}

TEST(PropertyMatcher, FindsParts) {
  const Term term = Text(MatchKind::kIncludes, {"-EncodedCommand", "\\Temp\\"});
  EXPECT_TRUE(Matches(term, "powershell -encodedcommand AAAA"));
  EXPECT_TRUE(Matches(term, "c:\\TEMP\\x"));
  EXPECT_TRUE(Matches(term, "-encodedcommand"));
  EXPECT_FALSE(Matches(term, "-encodedcomman"));
  EXPECT_FALSE(Matches(term, "c:\\temp"));
}

TEST(PropertyMatcher, FindsShortParts) {
  for (const std::string part : {"x", "xy", "xyz", "xyzw"}) {
    EXPECT_TRUE(Matches(Text(MatchKind::kIncludes, {part}), part));
    EXPECT_TRUE(Matches(Text(MatchKind::kIncludes, {part}), "--" + part));
    EXPECT_TRUE(Matches(Text(MatchKind::kIncludes, {part}), part + "-----------"));
    EXPECT_FALSE(Matches(Text(MatchKind::kIncludes, {part}), "------------" + part.substr(1)));
  }
}

TEST(PropertyMatcher, ComparesBeginnings) {
  const Term term = Text(MatchKind::kStartsWith, {"C:\\Windows\\", "C:\\Windows\\Temp\\", "\\\\"});
  EXPECT_TRUE(Matches(term, "c:\\windows\\x"));
  EXPECT_TRUE(Matches(term, "c:\\windows\\temp\\x"));
  EXPECT_TRUE(Matches(term, "\\\\server"));
  EXPECT_FALSE(Matches(term, "c:\\windows"));
  EXPECT_FALSE(Matches(term, "xc:\\windows\\"));
}

TEST(PropertyMatcher, ComparesEnds) {
  const Term term = Text(MatchKind::kEndsWith, {"\\powershell.exe", ".EXE:Zone.Identifier", "ß"});
  EXPECT_TRUE(Matches(term, "C:\\Windows\\PowerShell.EXE"));
  EXPECT_TRUE(Matches(term, "a.exe:zone.identifier"));
  EXPECT_TRUE(Matches(term, "\u1E9E"));
  EXPECT_FALSE(Matches(term, "powershell.exe"));
  EXPECT_FALSE(Matches(term, "C:\\powershell.exe "));
}

TEST(PropertyMatcher, TellsCasesApartWhenAsked) {
  const Term term = CaseSensitive(Text(MatchKind::kIncludes, {"iEx"}));
  EXPECT_TRUE(Matches(term, "x iEx"));
  EXPECT_FALSE(Matches(term, "x iex"));
  EXPECT_TRUE(Matches(CaseSensitive(Text(MatchKind::kEquals, {"K"})), "K"));
  EXPECT_FALSE(Matches(CaseSensitive(Text(MatchKind::kEquals, {"K"})), "\u212A"));
  EXPECT_TRUE(Matches(Text(MatchKind::kEquals, {"K"}), "\u212A"));
}

TEST(PropertyMatcher, AllWantsEveryStringInOneValue) {
  const Term term = All(Text(MatchKind::kIncludes, {"one", "TWO", "two"}));
  EXPECT_TRUE(Matches(term, "Two one"));
  EXPECT_FALSE(Matches(term, "two two"));
  EXPECT_FALSE(Matches(term, Texts{"one", "two"}));
  EXPECT_TRUE(Matches(term, Texts{"one", "one two", "two"}));
}

TEST(PropertyMatcher, AnyWantsOneStringInSomeValue) {
  const Term term = Text(MatchKind::kIncludes, {"one", "two"});
  EXPECT_TRUE(Matches(term, Texts{"three", "two", "two"}));
  EXPECT_FALSE(Matches(term, Texts{"three", "four"}));
}

TEST(PropertyMatcher, TheEmptyStringIsInEveryPresentText) {
  for (const MatchKind match :
       {MatchKind::kIncludes, MatchKind::kStartsWith, MatchKind::kEndsWith}) {
    EXPECT_TRUE(Matches(Text(match, {""}), ""));
    EXPECT_TRUE(Matches(Text(match, {""}), "x"));
    EXPECT_TRUE(Matches(All(Text(match, {"", "x"})), "x"));
    EXPECT_FALSE(Matches(All(Text(match, {"", "x"})), "y"));
  }
  EXPECT_TRUE(Matches(Text(MatchKind::kEquals, {""}), ""));
  EXPECT_FALSE(Matches(Text(MatchKind::kEquals, {""}), "x"));
}

TEST(PropertyMatcher, PatternsAreUnanchoredAndKeepTheirFlags) {
  EXPECT_TRUE(Matches(Text(MatchKind::kMatches, {"enc.*==$"}), "-enc aa=="));
  EXPECT_FALSE(Matches(Text(MatchKind::kMatches, {"enc.*==$"}), "-ENC aa=="));
  EXPECT_TRUE(Matches(Text(MatchKind::kMatches, {"(?i)enc.*==$"}), "-ENC aa=="));
  EXPECT_TRUE(Matches(All(Text(MatchKind::kMatches, {"^a+", "b+$"})), "aabb"));
  EXPECT_FALSE(Matches(All(Text(MatchKind::kMatches, {"^a+", "b+$"})), Texts{"aa", "bb"}));
}

TEST(PropertyMatcher, OnlyPatternsWithoutALiteralAreLazy) {
  const Term with = Text(MatchKind::kMatches, {"(?i)invoke-(mimikatz|bloodhound)"});
  const Term without = Text(MatchKind::kMatches, {"[a-z]{40}"});
  const Term mixed = Text(MatchKind::kMatches, {"mimikatz", "[a-z]{40}"});
  const Term string = Text(MatchKind::kIncludes, {"a"});
  const Term* terms[] = {&with, &without, &mixed, &string};
  std::unique_ptr<const PropertyMatcher> matcher;
  ASSERT_TRUE(PropertyMatcher::Build(terms, &matcher).ok());
  EXPECT_FALSE(matcher->IsLazy(0));
  EXPECT_TRUE(matcher->IsLazy(1));
  EXPECT_TRUE(matcher->IsLazy(2));
  EXPECT_FALSE(matcher->IsLazy(3));
}

TEST(PropertyMatcher, HoldsAddressesInSubnets) {
  const Term term = Text(MatchKind::kInSubnet, {"10.0.0.0/8", "192.168.0.0/16", "fe80::/10"});
  EXPECT_TRUE(Matches(term, "10.1.2.3"));
  EXPECT_TRUE(Matches(term, "::ffff:192.168.1.1"));
  EXPECT_TRUE(Matches(term, "FE80::1%4"));
  EXPECT_FALSE(Matches(term, "11.1.2.3"));
  EXPECT_FALSE(Matches(term, "10.1.2"));
  EXPECT_TRUE(Matches(All(Text(MatchKind::kInSubnet, {"10.0.0.0/8", "10.1.0.0/16"})), "10.1.0.1"));
  EXPECT_FALSE(Matches(All(Text(MatchKind::kInSubnet, {"10.0.0.0/8", "10.1.0.0/16"})), "10.2.0.1"));
  EXPECT_TRUE(Matches(All(Text(MatchKind::kInSubnet, {"10.0.0.0/8", "10.9.9.9/8"})), "10.2.0.1"));
}

TEST(PropertyMatcher, ComparesNumbers) {
  EXPECT_TRUE(Matches(Numbers(MatchKind::kNumberEquals, {1, 4444, 1}), Value::Number(4444)));
  EXPECT_FALSE(Matches(Numbers(MatchKind::kNumberEquals, {1, 4444}), Value::Number(4445)));
  EXPECT_FALSE(Matches(All(Numbers(MatchKind::kNumberEquals, {1, 2})), Value::Number(1)));
  EXPECT_TRUE(Matches(All(Numbers(MatchKind::kNumberEquals, {1, 1})), Value::Number(1)));
  EXPECT_TRUE(Matches(Numbers(MatchKind::kGreaterThan, {10}), Value::Number(10.5)));
  EXPECT_FALSE(Matches(Numbers(MatchKind::kGreaterThan, {10}), Value::Number(10)));
  EXPECT_TRUE(Matches(Numbers(MatchKind::kLessThan, {10}), Value::Number(-1e300)));
  EXPECT_FALSE(Matches(Numbers(MatchKind::kLessThan, {10}), Value::Number(10)));
  EXPECT_TRUE(Matches(Numbers(MatchKind::kBetween, {10, 20}), Value::Number(10)));
  EXPECT_TRUE(Matches(Numbers(MatchKind::kBetween, {10, 20}), Value::Number(20)));
  EXPECT_FALSE(Matches(Numbers(MatchKind::kBetween, {10, 20}), Value::Number(20.001)));
}

TEST(PropertyMatcher, EachNumberTermAnswersForItself) {
  std::vector<Term> terms;
  for (int i = 0; i < 50; ++i) {
    terms.push_back(Numbers(static_cast<MatchKind>(5 + i % 3), {static_cast<double>(i / 3)}));
  }
  std::vector<const Term*> pointers;
  for (const Term& term : terms) pointers.push_back(&term);
  std::unique_ptr<const PropertyMatcher> matcher;
  ASSERT_TRUE(PropertyMatcher::Build(pointers, &matcher).ok());
  const auto scratch = NewMatchScratch();
  std::vector<uint32_t> hits;
  for (double n = -1; n < 18; n += 0.5) {
    matcher->Match(Value::Number(n), scratch.get(), &hits);
    std::sort(hits.begin(), hits.end());
    std::vector<uint32_t> expected;
    for (uint32_t i = 0; i < terms.size(); ++i) {
      if (!Explain(terms[i], Value::Number(n)).empty()) expected.push_back(i);
    }
    EXPECT_EQ(hits, expected) << n;
  }
}

TEST(PropertyMatcher, KindsDoNotMix) {
  EXPECT_FALSE(Matches(Text(MatchKind::kEquals, {"1"}), Value::Number(1)));
  EXPECT_FALSE(Matches(Text(MatchKind::kIncludes, {""}), Value::Number(1)));
  EXPECT_FALSE(Matches(Text(MatchKind::kMatches, {"."}), Value::Number(1)));
  EXPECT_FALSE(Matches(Numbers(MatchKind::kNumberEquals, {1}), "1"));
  EXPECT_TRUE(Matches(Numbers(MatchKind::kExists, {}), Value::Number(1)));
  EXPECT_TRUE(Matches(Numbers(MatchKind::kExists, {}), ""));
  EXPECT_TRUE(Matches(Numbers(MatchKind::kIsTrue, {}), Value::Boolean(true)));
  EXPECT_FALSE(Matches(Numbers(MatchKind::kIsTrue, {}), Value::Boolean(false)));
  EXPECT_FALSE(Matches(Numbers(MatchKind::kIsTrue, {}), "true"));
}

TEST(PropertyMatcher, RefusesWhatDoesNotParse) {
  const Term pattern = Text(MatchKind::kMatches, {"ok", "a(b"});
  const Term subnet = Text(MatchKind::kInSubnet, {"10.0.0.0/40"});
  std::unique_ptr<const PropertyMatcher> matcher;
  const Term* bad_pattern[] = {&pattern};
  Status status = PropertyMatcher::Build(bad_pattern, &matcher);
  EXPECT_STREQ(status.code(), "NUTHATCH_PATTERN_INVALID");
  EXPECT_NE(status.message().find("a(b"), std::string::npos) << status.message();
  const Term* bad_subnet[] = {&subnet};
  status = PropertyMatcher::Build(bad_subnet, &matcher);
  EXPECT_STREQ(status.code(), "NUTHATCH_SUBNET_INVALID");
  EXPECT_EQ(matcher, nullptr);
}

TEST(PropertyMatcher, AllocatesNothingOnceItHasSeenSuchValues) {
  std::vector<Term> terms = {Text(MatchKind::kIncludes, {"a", "bc", "def", "windows", "system32"}),
                             Text(MatchKind::kEquals, {"x"}),
                             Text(MatchKind::kStartsWith, {"c:\\windows"}),
                             Text(MatchKind::kEndsWith, {".exe"}),
                             All(CaseSensitive(Text(MatchKind::kIncludes, {"System32", "cmd"}))),
                             Text(MatchKind::kInSubnet, {"10.0.0.0/8"})};
  std::vector<const Term*> pointers;
  for (const Term& term : terms) pointers.push_back(&term);
  std::unique_ptr<const PropertyMatcher> matcher;
  ASSERT_TRUE(PropertyMatcher::Build(pointers, &matcher).ok());
  const auto scratch = NewMatchScratch();
  std::vector<uint32_t> hits;
  const std::string_view texts[] = {"C:\\Windows\\System32\\cmd.exe", "10.1.1.1", "Ä\xff", ""};
  for (const std::string_view text : texts)
    matcher->Match(Value::String(text), scratch.get(), &hits);
  const size_t before = Allocations();
  for (int i = 0; i < 100; ++i) {
    for (const std::string_view text : texts)
      matcher->Match(Value::String(text), scratch.get(), &hits);
  }
  EXPECT_EQ(Allocations(), before);
}

}  // namespace
}  // namespace nuthatch
