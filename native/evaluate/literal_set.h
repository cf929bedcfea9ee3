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
#include "evaluate/gram_table.h"
#include "evaluate/stamp_set.h"

namespace nuthatch {

// Hashed q-grams, in the line of S. Wu, U. Manber: A fast algorithm for multi-pattern searching
// (TR 94-17, University of Arizona, 1994), without its shifts, which short literals rule out. Every
// gram of the text is looked up in a bitmap, few get past it to a table of grams, and fewer to a
// comparison with a literal. Work on a text is bounded: one that leads to too many comparisons goes
// through an Aho-Corasick automaton instead, which is built when first needed.
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
  template <bool kWithPairs>
  size_t SkipPlaces(std::string_view text, size_t at) const;
  // Looks up every gram of the text; false when the budget is used up.
  template <bool kWithPairs>
  bool FindGrams(std::string_view text, StampSet* seen, std::vector<uint32_t>* found) const;

  std::vector<std::string> literals_;
  std::vector<uint32_t> bytes_;  // the literals of one byte
  GramTable<2> pairs_;           // those of two or three
  GramTable<4> quads_;           // the others
  mutable std::once_flag automaton_once_;
  mutable std::unique_ptr<const AhoCorasick> automaton_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_LITERAL_SET_H_
