// Finds many literals in a text in time linear in the text, whatever it holds.
#ifndef NUTHATCH_EVALUATE_AHO_CORASICK_H_
#define NUTHATCH_EVALUATE_AHO_CORASICK_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/stamp_set.h"

namespace nuthatch {

// A. V. Aho, M. J. Corasick: Efficient string matching, CACM 18 (1975), with failure links and the
// goto function in one hash table: a dense automaton of 30,000 literals would take 100 MB.
// Immutable.
class AhoCorasick {
 public:
  // `literals` are distinct and not empty; a literal's number is its index.
  explicit AhoCorasick(const std::vector<std::string>& literals);

  // Appends the numbers of the literals in `text`, each once. *seen is memory to work in.
  void Find(std::string_view text, StampSet* seen, std::vector<uint32_t>* found) const;

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  struct State {
    uint32_t failure;  // the longest proper suffix that is a state too
    uint32_t literal;  // the one that ends here, or kNone
    uint32_t report;   // the longest suffix, or this state, in which a literal ends; or 0
  };
  // An edge of the trie is one word: 28 bits of the source, 8 of the byte, 28 of the target. Total
  // length of the literals is below 2^28; the root is state 0 and no target, so 0 is an empty slot.
  static uint64_t EdgeKey(uint32_t from, char byte) {
    return uint64_t{from} << 8 | static_cast<unsigned char>(byte);
  }
  uint32_t Child(uint32_t from, char byte) const;  // 0 when there is none
  void AddEdge(uint32_t from, char byte, uint32_t to);
  uint32_t Next(uint32_t state, char byte) const;

  size_t literals_;
  std::vector<State> states_;
  std::vector<uint64_t> edges_;  // open addressing, a power of two, at most half full
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_AHO_CORASICK_H_
