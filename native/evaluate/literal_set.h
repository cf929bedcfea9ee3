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

// Every place of the text is looked at by a filter, many at a time; those that it lets pass are
// looked up in tables of grams, and few of them lead to a comparison with a literal. Work on a text
// is bounded: one that leads to too many comparisons goes through an Aho-Corasick automaton
// instead, which is built when first needed.
// Immutable but for that; shared by threads.
class LiteralSet {
 public:
  // `literals` are distinct and not empty; a literal's number is its index.
  explicit LiteralSet(std::vector<std::string> literals);

  // Bytes that must be readable after a text.
  static constexpr size_t kPadding = GramFilter::kPadding;
  // Appends the numbers of the literals in `text`, each once. *seen is memory to work in.
  void Find(std::string_view text, StampSet* seen, std::vector<uint32_t>* found) const;

  // The same by the automaton alone.
  void FindByAutomaton(std::string_view text, StampSet* seen, std::vector<uint32_t>* found) const;

 private:
  // `grams` is empty, and memory to gather those of both tables in.
  LiteralSet(std::vector<std::string> literals, std::vector<Gram> grams);
  // False when the budget is used up.
  bool FindGrams(std::string_view text, StampSet* seen, std::vector<uint32_t>* found) const;

  std::vector<std::string> literals_;
  std::vector<uint32_t> bytes_;  // the literals of one byte
  GramTable short_;              // those of two or three
  GramTable long_;               // the others
  GramFilter filter_;            // of both
  mutable std::once_flag automaton_once_;
  mutable std::unique_ptr<const AhoCorasick> automaton_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_LITERAL_SET_H_
