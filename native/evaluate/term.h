// A term: one predicate that any number of detectors share.
#ifndef NUTHATCH_EVALUATE_TERM_H_
#define NUTHATCH_EVALUATE_TERM_H_

#include <cstdint>
#include <string>
#include <vector>

#include "model/schema.h"

namespace nuthatch {

using TermId = uint32_t;

// Kleene's three values. Unknown: hangs on something still being found out.
enum class Truth : uint8_t { kFalse, kTrue, kUnknown };

// The positive half of every helper; does_not_ is a negation in the expression. The numbers are
// those of lib/compile/match-kinds.ts.
enum class MatchKind : uint8_t {
  kEquals = 0,
  kIncludes = 1,
  kStartsWith = 2,
  kEndsWith = 3,
  kMatches = 4,  // RE2 syntax, unanchored
  kNumberEquals = 5,
  kGreaterThan = 6,
  kLessThan = 7,
  kBetween = 8,   // numbers = {min, max}, both included
  kInSubnet = 9,  // strings are CIDR
  kExists = 10,
  kIsTrue = 11,
};

// True when, for at least one value of the property, any (or, with `all`, every) one of `strings`
// or `numbers` matches. A missing property makes it false, a pending one unknown.
struct Term {
  PropertyId property;
  MatchKind match;
  bool all;
  bool case_sensitive;  // else strings and values are compared by simple Unicode case folding
  std::vector<std::string> strings;  // UTF-8
  std::vector<double> numbers;
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_TERM_H_
