// Any bytes: the table is well-formed, inside the text, and shows its errors.
#include "language/syntax_table.h"

#include <cstdlib>

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using nuthatch::SyntaxRow;
  if (size > nuthatch::kMaxRuleFileBytes) return 0;
  nuthatch::SyntaxTable table;
  nuthatch::Status status = nuthatch::ParseRules({data, size}, {}, &table);
  Require(table.stopped_at <= size);
  Require(status.ok() != table.rows.empty());
  if (!status.ok()) return 0;

  bool shows_error = false;
  for (size_t i = 0; i < table.rows.size(); i++) {
    const SyntaxRow& row = table.rows[i];
    Require(row.start <= row.end && row.end <= size);
    size_t child = i + 1;
    for (; child < i + row.size; child += table.rows[child].size) {
      Require(table.rows[child].start >= row.start && table.rows[child].end <= row.end);
    }
    Require(child == i + row.size && child <= table.rows.size());
    shows_error |= (row.flags & (SyntaxRow::kError | SyntaxRow::kMissing)) != 0;
  }
  Require(shows_error == ((table.rows[0].flags & SyntaxRow::kHasError) != 0));
  return 0;
}
