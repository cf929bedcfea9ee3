// Finds which of many terms on numbers are true of one.
#ifndef NUTHATCH_EVALUATE_NUMBER_SET_H_
#define NUTHATCH_EVALUATE_NUMBER_SET_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "evaluate/term.h"

namespace nuthatch {

// Thresholds in order, so that a lookup takes time logarithmic in the terms and linear in the hits
// (and in the ranges of `between`). Built by Add and Seal, then immutable.
class NumberSet {
 public:
  // `term` has one of the match kinds on numbers; `number` is what Find calls it.
  void Add(const Term& term, uint32_t number);
  void Seal();

  // Appends each true term once.
  void Find(double value, std::vector<uint32_t>* found) const;

 private:
  struct Range {
    double min;
    double max;
    uint32_t term;
  };
  using Threshold = std::pair<double, uint32_t>;

  std::vector<Threshold> equals_;
  std::vector<Threshold> greater_;
  std::vector<Threshold> less_;
  std::vector<Range> ranges_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_NUMBER_SET_H_
