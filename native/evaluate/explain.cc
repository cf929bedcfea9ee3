// A second, plain way to answer a term, for reports and to check the first one against.
#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>

#include "base/case_fold.h"
#include "base/ip_address.h"
#include "base/utf8.h"
#include "evaluate/pattern.h"
#include "evaluate/property_matcher.h"

namespace nuthatch {
namespace {

constexpr size_t kMaxValue = 1024;  // bytes of a value that a report shows
constexpr size_t kMaxMatches = 32;  // pairs of one term

// A part of a text.
struct Place {
  size_t begin;
  size_t end;
};

// A text folded; with the place in the original that each folded byte comes from, unless that is
// the same place.
struct Folded {
  std::string text;
  std::vector<Place> origins;
};

Folded Fold(std::string_view original) {
  const bool ascii = std::none_of(original.begin(), original.end(),
                                  [](char c) { return static_cast<signed char>(c) < 0; });
  if (ascii) return {FoldCase(original), {}};
  Folded folded;
  for (size_t at = 0; at < original.size();) {
    const DecodedCodePoint c = DecodeUtf8(original.substr(at));
    if (c.valid) {
      AppendUtf8(FoldCodePoint(c.code_point), &folded.text);
    } else {
      folded.text.push_back(original[at]);
    }
    folded.origins.resize(folded.text.size(), {at, at + c.length});
    at += c.length;
  }
  return folded;
}

std::optional<Place> FindString(std::string_view text, std::string_view pattern, MatchKind match) {
  size_t at = std::string_view::npos;
  if (match == MatchKind::kEquals && text == pattern) at = 0;
  if (match == MatchKind::kIncludes) at = text.find(pattern);
  if (match == MatchKind::kStartsWith && text.starts_with(pattern)) at = 0;
  if (match == MatchKind::kEndsWith && text.ends_with(pattern)) at = text.size() - pattern.size();
  if (at == std::string_view::npos) return std::nullopt;
  return Place{at, at + pattern.size()};
}

// The place in the original.
std::optional<Place> FindFolded(const Folded& folded, std::string_view pattern, MatchKind match) {
  const std::optional<Place> at = FindString(folded.text, FoldCase(pattern), match);
  if (!at || folded.origins.empty()) return at;
  if (at->begin == at->end) {
    const size_t end = folded.origins.back().end;
    return at->begin == 0 ? Place{0, 0} : Place{end, end};
  }
  return Place{folded.origins[at->begin].begin, folded.origins[at->end - 1].end};
}

std::optional<Place> FindPattern(std::string_view text, std::string_view pattern) {
  std::unique_ptr<const Pattern> compiled;
  if (!Pattern::Compile(pattern, &compiled).ok()) return std::nullopt;
  const std::optional<std::string_view> match = compiled->Find(text);
  if (!match) return std::nullopt;
  const auto begin = static_cast<size_t>(match->data() - text.data());
  return Place{begin, begin + match->size()};
}

bool IsInSubnet(std::string_view text, std::string_view cidr) {
  const std::optional<IpAddress> address = ParseIpAddress(text);
  const std::optional<Subnet> subnet = ParseSubnet(cidr);
  return address && subnet && MaskAddress(*address, subnet->prefix_length) == subnet->network;
}

bool ComparesFolded(const Term& term) {
  return !term.case_sensitive && term.match != MatchKind::kMatches &&
         term.match != MatchKind::kInSubnet;
}

// Where `text` satisfies one part of the term; `folded` is the text folded, if ComparesFolded.
std::optional<Place> FindPart(const Term& term, std::string_view text, const Folded& folded,
                              std::string_view part) {
  if (term.match == MatchKind::kMatches) return FindPattern(text, part);
  if (term.match == MatchKind::kInSubnet) {
    return IsInSubnet(text, part) ? std::optional(Place{0, text.size()}) : std::nullopt;
  }
  return ComparesFolded(term) ? FindFolded(folded, part, term.match)
                              : FindString(text, part, term.match);
}

// At most kMaxValue bytes of `text`, around `place`, and no code point cut.
std::string Excerpt(std::string_view text, Place place) {
  if (text.size() <= kMaxValue) return std::string(text);
  const size_t length = std::min(place.end - place.begin, kMaxValue);
  const size_t lead = std::min(place.begin, (kMaxValue - length) / 2);
  size_t begin = std::min(place.begin - lead, text.size() - kMaxValue);
  size_t end = begin + kMaxValue;
  const auto continues = [&](size_t i) { return i < text.size() && (text[i] & 0xc0) == 0x80; };
  for (int i = 0; i < 3 && continues(begin); ++i) ++begin;
  for (int i = 0; i < 3 && continues(end); ++i) --end;
  return std::string(text.substr(begin, end - begin));
}

std::vector<MatchedText> ExplainStrings(const Term& term, const Value& value) {
  std::vector<MatchedText> result;
  if (value.kind() != ValueKind::kString) return result;
  for (const std::string_view text : value.strings()) {
    std::vector<MatchedText> here;
    size_t matched = 0;
    // Once for all parts: there may be thousands.
    const Folded folded = ComparesFolded(term) ? Fold(text) : Folded{};
    for (const std::string& part : term.strings) {
      const std::optional<Place> place = FindPart(term, text, folded, part);
      if (!place) continue;
      ++matched;
      if (here.size() + result.size() < kMaxMatches) here.push_back({Excerpt(text, *place), part});
    }
    if (term.all && matched < term.strings.size()) continue;
    std::move(here.begin(), here.end(), std::back_inserter(result));
  }
  return result;
}

std::string Format(double number) {
  char text[32];
  const std::to_chars_result end = std::to_chars(text, text + sizeof text, number);
  return std::string(text, end.ptr);
}

bool NumberMatches(MatchKind match, double value, double number) {
  switch (match) {
    case MatchKind::kNumberEquals:
      return value == number;
    case MatchKind::kGreaterThan:
      return value > number;
    default:
      return value < number;
  }
}

std::vector<MatchedText> ExplainNumbers(const Term& term, const Value& value) {
  if (value.kind() != ValueKind::kNumber) return {};
  const double n = value.number();
  if (term.match == MatchKind::kBetween) {
    if (!(n >= term.numbers[0] && n <= term.numbers[1])) return {};
    return {{Format(n), Format(term.numbers[0]) + ".." + Format(term.numbers[1])}};
  }
  std::vector<MatchedText> result;
  for (const double number : term.numbers) {
    if (NumberMatches(term.match, n, number)) result.push_back({Format(n), Format(number)});
  }
  if (term.all && result.size() < term.numbers.size()) return {};
  if (result.size() > kMaxMatches) result.resize(kMaxMatches);
  return result;
}

}  // namespace

std::vector<MatchedText> Describe(const Value& value) {
  if (!value.present()) return {};
  if (value.kind() == ValueKind::kNumber) return {{Format(value.number()), ""}};
  if (value.kind() == ValueKind::kBoolean) return {{value.boolean() ? "true" : "false", ""}};
  std::vector<MatchedText> result;
  for (const std::string_view text : value.strings()) {
    if (result.size() < kMaxMatches) result.push_back({Excerpt(text, {0, 0}), ""});
  }
  return result;
}

std::vector<MatchedText> Explain(const Term& term, const Value& value) {
  if (!value.present()) return {};
  switch (term.match) {
    case MatchKind::kExists:
      return Describe(value);
    case MatchKind::kIsTrue:
      if (value.kind() != ValueKind::kBoolean || !value.boolean()) return {};
      return {{"true", ""}};
    case MatchKind::kNumberEquals:
    case MatchKind::kGreaterThan:
    case MatchKind::kLessThan:
    case MatchKind::kBetween:
      return ExplainNumbers(term, value);
    default:
      return ExplainStrings(term, value);
  }
}

}  // namespace nuthatch
