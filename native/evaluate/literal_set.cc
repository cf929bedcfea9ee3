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

template <bool kWithPairs>
bool LiteralSet::FindGrams(std::string_view text, StampSet* seen,
                           std::vector<uint32_t>* found) const {
  // Ordinary text takes a comparison for some ten bytes.
  int64_t budget = 1024 + 4 * static_cast<int64_t>(text.size());
  const auto pairs_may_have = [this](uint32_t gram) -> uint64_t {
    return kWithPairs ? pairs_.MayHave(gram) : 0;
  };
  const auto compare = [&](size_t at, uint32_t gram) {
    return (!(pairs_may_have(gram) & 1) || pairs_.Compare(text, at, gram, seen, found, &budget)) &&
           (!(quads_.MayHave(gram) & 1) || quads_.Compare(text, at, gram, seen, found, &budget));
  };
  size_t at = 0;
  // Most places end here: four with one branch.
  for (; text.size() - at >= 8; at += 4) {
    const uint64_t word = LoadBytes(text.data() + at, 8);
    uint64_t any = 0;
    for (unsigned i = 0; i < 4; ++i) {
      const auto gram = static_cast<uint32_t>(word >> (8 * i));
      any |= quads_.MayHave(gram) | pairs_may_have(gram);
    }
    if (!(any & 1)) continue;
    for (unsigned i = 0; i < 4; ++i) {
      if (!compare(at + i, static_cast<uint32_t>(word >> (8 * i)))) return false;
    }
  }
  // The rest, with zeros after it.
  uint64_t word = LoadBytes(text.data() + at, text.size() - at);
  for (; at < text.size(); ++at, word >>= 8) {
    if (!compare(at, static_cast<uint32_t>(word))) return false;
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
