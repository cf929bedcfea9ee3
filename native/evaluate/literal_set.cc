#include "evaluate/literal_set.h"

#include <algorithm>
#include <bit>

#include "evaluate/string_hash.h"

namespace nuthatch {
namespace {

// The numbers of the literals that have `min` to `max` bytes.
std::vector<uint32_t> OfSize(const std::vector<std::string>& literals, size_t min, size_t max) {
  std::vector<uint32_t> numbers;
  for (uint32_t i = 0; i < literals.size(); ++i) {
    if (literals[i].size() >= min && literals[i].size() <= max) numbers.push_back(i);
  }
  return numbers;
}

}  // namespace

LiteralSet::LiteralSet(std::vector<std::string> literals)
    : literals_(std::move(literals)),
      bytes_(OfSize(literals_, 1, 1)),
      pairs_(literals_, OfSize(literals_, 2, 3)),
      quads_(literals_, OfSize(literals_, 4, SIZE_MAX)) {}

void LiteralSet::Find(std::string_view text, StampSet* seen, std::vector<uint32_t>* found) const {
  const size_t found_before = found->size();
  seen->Reset(literals_.size());
  for (const uint32_t i : bytes_) {
    if (text.find(literals_[i][0]) != std::string_view::npos) found->push_back(i);
  }
  if (pairs_.empty() ? FindGrams<false>(text, seen, found) : FindGrams<true>(text, seen, found)) {
    return;
  }
  found->resize(found_before);
  FindByAutomaton(text, seen, found);
}

// The first place from `at` on, in steps of four, at one of whose grams literals may hang; or, when
// there is none, where fewer than eight bytes are left. The loop that looks at all text: a function
// of its own, so that what it needs stays in registers.
template <bool kWithPairs>
size_t LiteralSet::SkipPlaces(std::string_view text, size_t at) const {
  const auto pairs = pairs_.bitmap();
  const auto quads = quads_.bitmap();
  for (; text.size() - at >= 8; at += 4) {
    const uint64_t word = LoadBytes(text.data() + at, 8);
    uint64_t any = 0;
    for (unsigned i = 0; i < 4; ++i) {
      const auto gram = static_cast<uint32_t>(word >> (8 * i));
      any |= quads.MayHave(gram);
      if constexpr (kWithPairs) any |= pairs.MayHave(gram);
    }
    if (any & 1) break;
  }
  return at;
}

template <bool kWithPairs>
bool LiteralSet::FindGrams(std::string_view text, StampSet* seen,
                           std::vector<uint32_t>* found) const {
  // Ordinary text takes a comparison for some ten bytes.
  int64_t budget = 1024 + 4 * static_cast<int64_t>(text.size());
  for (size_t at = 0; at < text.size();) {
    at = SkipPlaces<kWithPairs>(text, at);
    // Four places, or the last ones, with zeros after the text.
    const size_t left = text.size() - at;
    uint64_t word = LoadBytes(text.data() + at, std::min<size_t>(left, 8));
    for (const size_t end = at + (left < 8 ? left : 4); at < end; ++at, word >>= 8) {
      const auto gram = static_cast<uint32_t>(word);
      if (kWithPairs && (pairs_.bitmap().MayHave(gram) & 1) &&
          !pairs_.Compare(text, at, gram, seen, found, &budget)) {
        return false;
      }
      if ((quads_.bitmap().MayHave(gram) & 1) &&
          !quads_.Compare(text, at, gram, seen, found, &budget)) {
        return false;
      }
    }
  }
  return true;
}

void LiteralSet::FindByAutomaton(std::string_view text, StampSet* seen,
                                 std::vector<uint32_t>* found) const {
  std::call_once(automaton_once_,
                 [this] { automaton_ = std::make_unique<const AhoCorasick>(literals_); });
  automaton_->Find(text, seen, found);
}

}  // namespace nuthatch
