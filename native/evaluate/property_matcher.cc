#include "evaluate/property_matcher.h"

#include <algorithm>
#include <cassert>
#include <optional>

#include "base/case_fold.h"
#include "base/clock.h"
#include "base/ip_address.h"
#include "evaluate/affix_set.h"
#include "evaluate/hashed_strings.h"
#include "evaluate/literal_set.h"
#include "evaluate/number_set.h"
#include "evaluate/pattern.h"
#include "evaluate/postings.h"
#include "evaluate/stamp_set.h"
#include "evaluate/subnet_set.h"

namespace nuthatch {

class MatchScratch {
 public:
  // Room for `size` bytes and the padding after a text. A very large value's memory is not kept for
  // the ones after it.
  char* TextBuffer(size_t size) {
    constexpr size_t kKeep = size_t{1} << 20;
    size += LiteralSet::kPadding;
    if (folded_.size() < size || (folded_.size() > kKeep && size <= kKeep)) {
      folded_ = std::vector<char>(size);
    }
    return folded_.data();
  }

  std::vector<uint32_t> found;       // by the set at work
  StampSet literals;                 // of LiteralSet
  StampSet terms;                    // true for this value
  StampSet alls;                     // `all` terms with a part in this text
  std::vector<uint32_t> all_counts;  // how many parts, where `alls` has the term
  StampSet patterns;                 // to be tried on this text
  std::vector<uint32_t> pattern_queue;

 private:
  std::vector<char> folded_;
};

std::unique_ptr<MatchScratch, void (*)(MatchScratch*)> NewMatchScratch() {
  return {new MatchScratch, [](MatchScratch* scratch) { delete scratch; }};
}

namespace {

using Kind = Posting::Kind;

// The strings of all terms that compare one form of the text: folded, or as it is.
struct TextForm {
  Postings equals;
  Postings starts;
  Postings ends;
  Postings includes;
  std::optional<HashedStrings> equals_set;
  std::optional<AffixSet> starts_set;
  std::optional<AffixSet> ends_set;
  std::optional<LiteralSet> includes_set;

  Postings& For(MatchKind match) {
    switch (match) {
      case MatchKind::kEquals:
        return equals;
      case MatchKind::kStartsWith:
        return starts;
      case MatchKind::kEndsWith:
        return ends;
      default:
        assert(match == MatchKind::kIncludes);
        return includes;
    }
  }
  bool used() const { return equals_set || starts_set || ends_set || includes_set; }

  void Seal() {
    if (!equals.empty()) equals_set.emplace(equals.Seal());
    if (!starts.empty()) starts_set.emplace(AffixSide::kStart, starts.Seal());
    if (!ends.empty()) ends_set.emplace(AffixSide::kEnd, ends.Seal());
    if (!includes.empty()) includes_set.emplace(includes.Seal());
  }
};

class Matcher final : public PropertyMatcher {
 public:
  Status Add(const Term& term, uint32_t number);
  void Seal();

  void Match(const Value& value, MatchScratch* scratch, std::vector<uint32_t>* hits,
             MatchWork* work) const override;
  bool IsLazy(uint32_t term) const override { return !lazy_[term].patterns.empty(); }
  bool MatchLazy(uint32_t term, const Value& value, MatchScratch* scratch) const override;

 private:
  // A term's parts (strings, patterns, subnets) become postings. `all` terms are counted apart, so
  // that their counters are few.
  Posting PostingFor(const Term& term, uint32_t number);
  void AddPart(Postings* postings, uint32_t part, Posting posting);
  void AddStrings(const Term& term, uint32_t number);
  Status AddPatterns(const Term& term, uint32_t number);
  Status AddSubnets(const Term& term, uint32_t number);

  // What finds parts in one value, and what it finds.
  struct Run {
    MatchScratch* scratch;
    std::vector<uint32_t>* hits;
    MatchWork* work;  // nullptr: not timed
  };
  void MatchText(std::string_view text, const Run& run) const;
  void MatchForm(const TextForm& form, std::string_view text, const Run& run) const;
  void MatchSubnets(std::string_view text, const Run& run) const;
  void ApplyFound(const Postings& postings, const Run& run) const;
  void ApplyOne(std::span<const Posting> postings, const Run& run) const;
  void Apply(std::span<const Posting> postings, const Run& run) const;
  uint32_t TermOf(Posting posting) const {
    return posting.kind == Kind::kAll ? alls_[posting.target].term : posting.target;
  }
  void CountFound(std::span<const Posting> postings, MatchWork* work) const;
  bool TryTimed(uint32_t pattern, std::string_view text, MatchWork* work) const;

  struct AllTerm {
    uint32_t term;
    uint32_t parts;  // distinct ones
  };
  struct LazyTerm {
    std::vector<uint32_t> patterns;  // empty when the term is not lazy
    bool all;
  };

  std::vector<LazyTerm> lazy_;  // by term
  std::vector<AllTerm> alls_;
  TextForm folded_;
  TextForm raw_;
  Postings always_;  // the empty string, which every text includes, starts and ends with
  Postings patterns_;
  std::vector<std::unique_ptr<const Pattern>> compiled_;  // by pattern
  Postings subnets_;
  std::vector<Subnet> subnet_list_;
  std::optional<SubnetSet> subnet_set_;
  NumberSet numbers_;
  std::vector<uint32_t> exists_;
  std::vector<uint32_t> is_true_;
};

Status Matcher::Add(const Term& term, uint32_t number) {
  lazy_.push_back({{}, term.all});
  switch (term.match) {
    case MatchKind::kEquals:
    case MatchKind::kIncludes:
    case MatchKind::kStartsWith:
    case MatchKind::kEndsWith:
      AddStrings(term, number);
      return {};
    case MatchKind::kMatches:
      return AddPatterns(term, number);
    case MatchKind::kInSubnet:
      return AddSubnets(term, number);
    case MatchKind::kExists:
      exists_.push_back(number);
      return {};
    case MatchKind::kIsTrue:
      is_true_.push_back(number);
      return {};
    default:
      numbers_.Add(term, number);
      return {};
  }
}

Posting Matcher::PostingFor(const Term& term, uint32_t number) {
  if (!term.all) return {Kind::kAny, number};
  alls_.push_back({number, 0});
  return {Kind::kAll, static_cast<uint32_t>(alls_.size() - 1)};
}

void Matcher::AddPart(Postings* postings, uint32_t part, Posting posting) {
  if (postings->Add(part, posting) && posting.kind == Kind::kAll) ++alls_[posting.target].parts;
}

void Matcher::AddStrings(const Term& term, uint32_t number) {
  const Posting posting = PostingFor(term, number);
  Postings& form = (term.case_sensitive ? raw_ : folded_).For(term.match);
  for (const std::string& s : term.strings) {
    Postings& postings = s.empty() && term.match != MatchKind::kEquals ? always_ : form;
    AddPart(&postings, postings.NumberOf(term.case_sensitive ? s : FoldCase(s)), posting);
  }
}

Status Matcher::AddPatterns(const Term& term, uint32_t number) {
  std::vector<uint32_t> parts;
  bool lazy = false;
  for (const std::string& s : term.strings) {
    const uint32_t part = patterns_.NumberOf(s);
    if (part == compiled_.size()) {
      std::unique_ptr<const Pattern>& pattern = compiled_.emplace_back();
      if (Status status = Pattern::Compile(s, &pattern); !status.ok()) return status;
    }
    parts.push_back(part);
    lazy |= compiled_[part]->required().empty();
  }
  if (lazy) {
    lazy_.back().patterns = std::move(parts);
    return {};
  }
  const Posting posting = PostingFor(term, number);
  for (const uint32_t part : parts) {
    AddPart(&patterns_, part, posting);
    for (const std::string& literal : compiled_[part]->required()) {
      folded_.includes.Add(folded_.includes.NumberOf(literal), {Kind::kPattern, part});
    }
  }
  return {};
}

Status Matcher::AddSubnets(const Term& term, uint32_t number) {
  const Posting posting = PostingFor(term, number);
  for (const std::string& s : term.strings) {
    const std::optional<Subnet> subnet = ParseSubnet(s);
    if (!subnet) {
      return Status::Error("NUTHATCH_SUBNET_INVALID",
                           "'" + s + "' is not a subnet: write 10.0.0.0/8 or fe80::/10.");
    }
    std::string key(subnet->network.bytes.begin(), subnet->network.bytes.end());
    key.push_back(static_cast<char>(subnet->prefix_length));
    const uint32_t part = subnets_.NumberOf(key);
    if (part == subnet_list_.size()) subnet_list_.push_back(*subnet);
    AddPart(&subnets_, part, posting);
  }
  return {};
}

void Matcher::Seal() {
  always_.Seal();
  folded_.Seal();
  raw_.Seal();
  patterns_.Seal();
  subnets_.Seal();
  numbers_.Seal();
  if (!subnet_list_.empty()) subnet_set_.emplace(subnet_list_);
}

void Matcher::Match(const Value& value, MatchScratch* scratch, std::vector<uint32_t>* hits,
                    MatchWork* work) const {
  assert(value.present());
  hits->assign(exists_.begin(), exists_.end());
  switch (value.kind()) {
    case ValueKind::kNumber:
      numbers_.Find(value.number(), hits);
      return;
    case ValueKind::kBoolean:
      if (value.boolean()) hits->insert(hits->end(), is_true_.begin(), is_true_.end());
      return;
    case ValueKind::kString:
      scratch->terms.Reset(lazy_.size());
      for (const std::string_view text : value.strings()) MatchText(text, {scratch, hits, work});
  }
}

void Matcher::MatchText(std::string_view text, const Run& run) const {
  MatchScratch& scratch = *run.scratch;
  scratch.alls.Reset(alls_.size());
  if (scratch.all_counts.size() < alls_.size()) scratch.all_counts.resize(alls_.size());
  scratch.patterns.Reset(compiled_.size());
  scratch.pattern_queue.clear();
  if (!always_.empty()) ApplyOne(always_[0], run);
  if (folded_.used()) {
    char* buffer = scratch.TextBuffer(FoldedCapacity(text.size()));
    MatchForm(folded_, {buffer, FoldCase(text, buffer)}, run);
  }
  if (raw_.used()) {
    char* buffer = scratch.TextBuffer(text.size());
    MatchForm(raw_, {buffer, text.copy(buffer, text.size())}, run);
  }
  for (const uint32_t pattern : scratch.pattern_queue) {
    const bool matches =
        run.work ? TryTimed(pattern, text, run.work) : compiled_[pattern]->Matches(text);
    if (matches) Apply(patterns_[pattern], run);
  }
  if (subnet_set_) MatchSubnets(text, run);
}

void Matcher::MatchForm(const TextForm& form, std::string_view text, const Run& run) const {
  std::vector<uint32_t>& found = run.scratch->found;
  found.clear();
  if (form.equals_set) {
    const std::optional<uint32_t> number = form.equals_set->Find(text);
    if (number) ApplyOne(form.equals[*number], run);
  }
  if (form.starts_set) form.starts_set->Find(text, &found);
  ApplyFound(form.starts, run);
  if (form.ends_set) form.ends_set->Find(text, &found);
  ApplyFound(form.ends, run);
  if (form.includes_set) form.includes_set->Find(text, &run.scratch->literals, &found);
  ApplyFound(form.includes, run);
}

void Matcher::MatchSubnets(std::string_view text, const Run& run) const {
  const std::optional<IpAddress> address = ParseIpAddress(text);
  if (!address) return;
  subnet_set_->Find(*address, &run.scratch->found);
  ApplyFound(subnets_, run);
}

void Matcher::ApplyFound(const Postings& postings, const Run& run) const {
  std::vector<uint32_t>& found = run.scratch->found;
  if (found.empty()) return;
  for (const uint32_t number : found) ApplyOne(postings[number], run);
  found.clear();
}

// What one string, or one subnet, leads to.
void Matcher::ApplyOne(std::span<const Posting> postings, const Run& run) const {
  if (run.work) CountFound(postings, run.work);
  Apply(postings, run);
}

void Matcher::Apply(std::span<const Posting> postings, const Run& run) const {
  MatchScratch& scratch = *run.scratch;
  for (const Posting& posting : postings) {
    uint32_t term = posting.target;
    if (posting.kind == Kind::kPattern) {
      if (scratch.patterns.Insert(posting.target)) scratch.pattern_queue.push_back(posting.target);
      continue;
    }
    if (posting.kind == Kind::kAll) {
      uint32_t& count = scratch.all_counts[posting.target];
      if (scratch.alls.Insert(posting.target)) count = 0;
      if (++count < alls_[posting.target].parts) continue;
      term = alls_[posting.target].term;
    }
    if (scratch.terms.Insert(term)) run.hits->push_back(term);
  }
}

void Matcher::CountFound(std::span<const Posting> postings, MatchWork* work) const {
  for (const Posting& posting : postings) {
    if (posting.kind == Kind::kPattern) {
      CountFound(patterns_[posting.target], work);
    } else {
      ++work->found[TermOf(posting)];
    }
  }
}

bool Matcher::TryTimed(uint32_t pattern, std::string_view text, MatchWork* work) const {
  const int64_t begin = ClockNanoseconds();
  const bool matches = compiled_[pattern]->Matches(text);
  const int64_t end = ClockNanoseconds();
  const std::span<const Posting> users = patterns_[pattern];
  if (work->trials.size() + users.size() > MatchWork::kMostTrials) return matches;
  const auto count = static_cast<int64_t>(users.size());
  for (int64_t i = 0; i < count; ++i) {
    work->trials.push_back({TermOf(users[static_cast<size_t>(i)]),
                            begin + (end - begin) * i / count,
                            begin + (end - begin) * (i + 1) / count});
  }
  return matches;
}

bool Matcher::MatchLazy(uint32_t term, const Value& value, MatchScratch*) const {
  assert(IsLazy(term) && value.present());
  if (value.kind() != ValueKind::kString) return false;
  const LazyTerm& lazy = lazy_[term];
  return std::ranges::any_of(value.strings(), [&](std::string_view text) {
    const auto matches = [&](uint32_t pattern) { return compiled_[pattern]->Matches(text); };
    return lazy.all ? std::ranges::all_of(lazy.patterns, matches)
                    : std::ranges::any_of(lazy.patterns, matches);
  });
}

}  // namespace

Status PropertyMatcher::Build(std::span<const Term* const> terms,
                              std::unique_ptr<const PropertyMatcher>* out) {
  auto matcher = std::make_unique<Matcher>();
  for (uint32_t i = 0; i < terms.size(); ++i) {
    if (Status status = matcher->Add(*terms[i], i); !status.ok()) return status;
  }
  matcher->Seal();
  *out = std::move(matcher);
  return {};
}

}  // namespace nuthatch
