// The syntax tree of a rule file as a flat table, which TypeScript walks without native calls.
#ifndef NUTHATCH_LANGUAGE_SYNTAX_TABLE_H_
#define NUTHATCH_LANGUAGE_SYNTAX_TABLE_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace nuthatch {

// One node; its `size - 1` descendants follow it. Positions count from 0, in bytes.
struct SyntaxRow {
  static constexpr uint32_t kNamed = 1;
  static constexpr uint32_t kError = 2;      // tree-sitter skipped this text
  static constexpr uint32_t kMissing = 4;    // tree-sitter supposed this token, or one in this node
  static constexpr uint32_t kExtra = 8;      // a comment
  static constexpr uint32_t kHasError = 16;  // an error, or one in here

  uint32_t kind;   // index into SyntaxKinds()
  uint32_t field;  // index into SyntaxFields(); 0 is none
  uint32_t start;
  uint32_t end;
  uint32_t row;
  uint32_t column;
  uint32_t flags;
  uint32_t size;
};

struct SyntaxTable {
  std::vector<SyntaxRow> rows;
  // Where parsing was given up, when it was: a byte offset.
  uint32_t stopped_at = 0;
};

struct SyntaxLimits {
  // Far above what people write, and within what recursive functions in TypeScript can take. A
  // chain `a || b || c`, which is nested on its left, counts as one level.
  uint32_t depth = 1000;
  // tree-sitter's error recovery is quadratic in the number of errors at worst. A file may take
  // this long, and 4 seconds for each MiB beyond it; one without errors takes about 0.2.
  std::chrono::milliseconds time{5000};
};

inline constexpr size_t kMaxRuleFileBytes = 4u << 20;

// Names by number. The last kind is ERROR.
std::vector<std::string_view> SyntaxKinds();
std::vector<std::string_view> SyntaxFields();

// Parses `source`, at most kMaxRuleFileBytes. Text that is not in the language is no failure: the
// table has nodes for it. Fails with NUTHATCH_RULE_FILE_NOT_UTF8, NUTHATCH_RULE_FILE_TOO_DEEP or
// NUTHATCH_RULE_FILE_TOO_COMPLEX; `table` then has no rows, only `stopped_at`. Any thread.
Status ParseRules(std::span<const uint8_t> source, const SyntaxLimits& limits, SyntaxTable* table);

}  // namespace nuthatch

#endif  // NUTHATCH_LANGUAGE_SYNTAX_TABLE_H_
