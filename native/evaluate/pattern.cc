#include "evaluate/pattern.h"

#include <algorithm>
#include <tuple>

#include "base/case_fold.h"
#include "evaluate/typical_text.h"
#include "re2/prefilter.h"
#include "re2/re2.h"

namespace nuthatch {
namespace {

std::unique_ptr<const re2::RE2> NewRegexp(std::string_view text) {
  re2::RE2::Options options(re2::RE2::Quiet);
  options.set_max_mem(int64_t{4} << 20);  // bytes, for the program and its cached states
  return std::make_unique<const re2::RE2>(absl::string_view(text.data(), text.size()), options);
}

size_t ShortestSize(const std::vector<std::string>& literals) {
  size_t size = SIZE_MAX;
  for (const std::string& l : literals) size = std::min(size, l.size());
  return size;
}

// Of literals one of which must be there, how few texts the commonest one is in.
size_t Rarity(const std::vector<std::string>& literals) {
  size_t rarity = SIZE_MAX;
  for (const std::string& l : literals) {
    const bool common = kTypicalText.find(l) != kTypicalText.npos;
    rarity = std::min(rarity, common ? 0 : l.size());
  }
  return rarity;
}

// Of two sets of required literals, the one that is rarer in texts.
bool IsBetter(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (a.empty() || b.empty()) return !a.empty();
  const auto rank = [](const std::vector<std::string>& literals) {
    // One too short to look for is no better than none.
    const size_t size = ShortestSize(literals);
    return std::tuple(size >= Pattern::kMinRequired, Rarity(literals), size);
  };
  return rank(a) != rank(b) ? rank(a) > rank(b) : a.size() < b.size();
}

// RE2's prefilter is a tree of AND and OR over literals that it has lowered code point by code
// point; folded, these are what the folded text holds. A text that matches has one of the literals
// returned; none are returned when nothing is known. (Prefilter's accessors are not const.)
std::vector<std::string> RequiredLiterals(re2::Prefilter* filter) {
  std::vector<std::string> best;
  switch (filter->op()) {
    case re2::Prefilter::ATOM:
      best.push_back(FoldCase(filter->atom()));
      break;
    case re2::Prefilter::AND:
      for (re2::Prefilter* sub : *filter->subs()) {
        std::vector<std::string> required = RequiredLiterals(sub);
        if (IsBetter(required, best)) best = std::move(required);
      }
      break;
    case re2::Prefilter::OR:
      for (re2::Prefilter* sub : *filter->subs()) {
        std::vector<std::string> required = RequiredLiterals(sub);
        if (required.empty()) return {};
        best.insert(best.end(), required.begin(), required.end());
      }
      break;
    case re2::Prefilter::ALL:
    case re2::Prefilter::NONE:
      break;
  }
  return best;
}

}  // namespace

Pattern::Pattern(std::unique_ptr<const re2::RE2> regexp) : regexp_(std::move(regexp)) {
  const std::unique_ptr<re2::Prefilter> filter(re2::Prefilter::FromRE2(regexp_.get()));
  if (filter == nullptr) return;
  required_ = RequiredLiterals(filter.get());
  if (ShortestSize(required_) < kMinRequired) required_.clear();
  std::sort(required_.begin(), required_.end());
  required_.erase(std::unique(required_.begin(), required_.end()), required_.end());
}

Pattern::~Pattern() = default;

Status Pattern::Compile(std::string_view text, std::unique_ptr<const Pattern>* out) {
  std::unique_ptr<const re2::RE2> regexp = NewRegexp(text);
  if (!regexp->ok()) {
    return Status::Error("NUTHATCH_PATTERN_INVALID", "The regular expression " + std::string(text) +
                                                         " is not valid: " + regexp->error());
  }
  out->reset(new Pattern(std::move(regexp)));
  return {};
}

bool Pattern::Matches(std::string_view text) const {
  return regexp_->Match(absl::string_view(text.data(), text.size()), 0, text.size(),
                        re2::RE2::UNANCHORED, nullptr, 0);
}

std::optional<std::string_view> Pattern::Find(std::string_view text) const {
  absl::string_view match;
  if (!regexp_->Match(absl::string_view(text.data(), text.size()), 0, text.size(),
                      re2::RE2::UNANCHORED, &match, 1)) {
    return std::nullopt;
  }
  return std::string_view(match.data(), match.size());
}

std::string CheckPattern(std::string_view pattern) {
  const std::unique_ptr<const re2::RE2> regexp = NewRegexp(pattern);
  return regexp->ok() ? "" : regexp->error();
}

}  // namespace nuthatch
