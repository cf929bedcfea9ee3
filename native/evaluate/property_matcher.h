// Answers all terms on one property together, by one pass over its value.
#ifndef NUTHATCH_EVALUATE_PROPERTY_MATCHER_H_
#define NUTHATCH_EVALUATE_PROPERTY_MATCHER_H_

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "evaluate/term.h"
#include "model/value.h"

namespace nuthatch {

// What one thread needs to match; reused from event to event, so that the steady state allocates
// nothing.
class MatchScratch;
std::unique_ptr<MatchScratch, void (*)(MatchScratch*)> NewMatchScratch();

// What the terms put to work while a value was matched, for CostMeter; terms by their numbers.
struct MatchWork {
  // A regular expression of the term was tried, from one reading of the clock to another. Terms
  // that have the same one get equal parts.
  struct Trial {
    uint32_t term;
    int64_t begin;  // ns
    int64_t end;
  };
  // So many are timed for a value, however many texts it has; the pass has the time of the others.
  static constexpr size_t kMostTrials = 256;

  uint64_t* found = nullptr;  // by term: counts strings, subnets and patterns' literals found
  std::vector<Trial> trials;  // as time went
};

// Immutable once built, shared by threads.
class PropertyMatcher {
 public:
  // `terms` are all on one property; a term's index in it is its number in this matcher. They must
  // outlive the matcher. Fails on a regular expression or subnet that does not parse.
  static Status Build(std::span<const Term* const> terms,
                      std::unique_ptr<const PropertyMatcher>* out);
  virtual ~PropertyMatcher() = default;

  // Replaces *hits with the numbers of the terms that are true for `value` (which is present),
  // each once, in no particular order. Lazy terms are left out. In an event that is timed, adds to
  // *work. (Code of its own for these would be cold, and cost more than a few branches for a text.)
  virtual void Match(const Value& value, MatchScratch* scratch, std::vector<uint32_t>* hits,
                     MatchWork* work = nullptr) const = 0;

  // Terms too dear to answer for every event (regular expressions without a literal to look for
  // first): answered one by one, only when the tree asks.
  virtual bool IsLazy(uint32_t term) const = 0;
  virtual bool MatchLazy(uint32_t term, const Value& value, MatchScratch* scratch) const = 0;
};

// One value of a property, for a detection's report, and the pattern that matched it, if any.
// Numbers and truth values are as in JSON; long texts are cut.
struct MatchedText {
  std::string value;
  std::string pattern;
};
// What made `term` true. Slow and obvious; empty when the term is not true.
std::vector<MatchedText> Explain(const Term& term, const Value& value);
// The values without a pattern; empty for one that is not present.
std::vector<MatchedText> Describe(const Value& value);

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_PROPERTY_MATCHER_H_
