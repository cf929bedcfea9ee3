#include "evaluate/literal_set.h"

#include <algorithm>
#include <utility>

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

LiteralSet::LiteralSet(std::vector<std::string> literals) : LiteralSet(std::move(literals), {}) {}

LiteralSet::LiteralSet(std::vector<std::string> literals, std::vector<Gram> grams)
    : literals_(std::move(literals)),
      bytes_(OfSize(literals_, 1, 1)),
      short_(GramTable::Key::kTwoBytes, literals_, OfSize(literals_, 2, 3), &grams),
      long_(GramTable::Key::kFourBytes, literals_, OfSize(literals_, 4, SIZE_MAX), &grams),
      filter_(std::move(grams)) {}

void LiteralSet::Find(std::string_view text, StampSet* seen, std::vector<uint32_t>* found) const {
  const size_t found_before = found->size();
  seen->Reset(literals_.size());
  for (const uint32_t i : bytes_) {
    if (text.find(literals_[i][0]) != std::string_view::npos) found->push_back(i);
  }
  if (FindGrams(text, seen, found)) return;
  found->resize(found_before);
  FindByAutomaton(text, seen, found);
}

bool LiteralSet::FindGrams(std::string_view text, StampSet* seen,
                           std::vector<uint32_t>* found) const {
  // Ordinary text takes a comparison for some ten bytes.
  int64_t budget = 1024 + 4 * static_cast<int64_t>(text.size());
  return filter_.Find(text, [&](size_t at) {
    return (short_.empty() || short_.Compare(text, at, seen, found, &budget)) &&
           long_.Compare(text, at, seen, found, &budget);
  });
}

void LiteralSet::FindByAutomaton(std::string_view text, StampSet* seen,
                                 std::vector<uint32_t>* found) const {
  std::call_once(automaton_once_,
                 [this] { automaton_ = std::make_unique<const AhoCorasick>(literals_); });
  automaton_->Find(text, seen, found);
}

}  // namespace nuthatch
