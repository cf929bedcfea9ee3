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
