// Finds which of many literals occur in a text.
#ifndef NUTHATCH_EVALUATE_LITERAL_SET_H_
#define NUTHATCH_EVALUATE_LITERAL_SET_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/aho_corasick.h"
#include "evaluate/gram_filter.h"
#include "evaluate/stamp_set.h"

namespace nuthatch {

// A filter on the rarest few bytes of each literal (see GramFilter) proposes places, where the
// literals are then compared. Work on a text is bounded: a text that makes the filter propose too
// much goes through an Aho-Corasick automaton instead, which is built when first needed.
// Immutable but for that; shared by threads.
class LiteralSet {
 public:
  // `literals` are distinct and not empty; a literal's number is its index.
  explicit LiteralSet(std::vector<std::string> literals);

  // Appends the numbers of the literals in `text`, each once. *seen is memory to work in.
  void Find(std::string_view text, StampSet* seen, std::vector<uint32_t>* found) const;

  // The same by the automaton alone.
  void FindByAutomaton(std::string_view text, StampSet* seen, std::vector<uint32_t>* found) const;

 private:
  std::vector<std::string> literals_;
  std::vector<uint32_t> bytes_;  // the literals of one byte
  GramFilter pairs_;             // those of two or three
  GramFilter quads_;             // the others
  mutable std::once_flag automaton_once_;
  mutable std::unique_ptr<const AhoCorasick> automaton_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_LITERAL_SET_H_
