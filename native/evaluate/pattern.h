// Regular expressions: RE2's, so that matching takes time linear in the text.
#ifndef NUTHATCH_EVALUATE_PATTERN_H_
#define NUTHATCH_EVALUATE_PATTERN_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace re2 {
class RE2;
}

namespace nuthatch {

// Immutable; shared by threads.
class Pattern {
 public:
  // Fails with NUTHATCH_PATTERN_INVALID and RE2's message.
  static Status Compile(std::string_view text, std::unique_ptr<const Pattern>* out);
  ~Pattern();

  // Whether `text`, not folded, has a match anywhere.
  bool Matches(std::string_view text) const;

  // The leftmost match, a part of `text`.
  std::optional<std::string_view> Find(std::string_view text) const;

  // Folded literals of which at least one occurs in the folded form of every text that matches;
  // empty when no such literals of at least kMinRequired bytes are known.
  const std::vector<std::string>& required() const { return required_; }
  static constexpr size_t kMinRequired = 3;

 private:
  explicit Pattern(std::unique_ptr<const re2::RE2> regexp);

  std::unique_ptr<const re2::RE2> regexp_;
  std::vector<std::string> required_;
};

// What is wrong with `pattern`, in RE2's words; empty when it is right.
std::string CheckPattern(std::string_view pattern);

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_PATTERN_H_
