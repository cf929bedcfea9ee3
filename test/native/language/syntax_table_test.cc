#include "language/syntax_table.h"

#include <gtest/gtest.h>

#include <string>

namespace nuthatch {
namespace {

std::span<const uint8_t> Bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string Repeat(const std::string& text, size_t bytes) {
  std::string repeated;
  while (repeated.size() + text.size() <= bytes) repeated += text;
  return repeated;
}

SyntaxTable Parse(const std::string& text) {
  SyntaxTable table;
  Status status = ParseRules(Bytes(text), SyntaxLimits(), &table);
  EXPECT_TRUE(status.ok()) << status.message();
  return table;
}

// "" when parsing succeeds.
std::string Failure(const std::string& text, SyntaxTable* table, SyntaxLimits limits = {}) {
  Status status = ParseRules(Bytes(text), limits, table);
  return status.ok() ? "" : status.code();
}

TEST(SyntaxTable, HasARowForEveryNodeInPreorder) {
  std::string text = "!a? &&\n  f(b: '\xC3\xBC') # d";
  SyntaxTable table = Parse(text);
  auto kinds = SyntaxKinds();
  auto fields = SyntaxFields();
  std::string rows;
  for (const SyntaxRow& row : table.rows) {
    if (!(row.flags & SyntaxRow::kNamed)) continue;
    rows += std::string(fields[row.field]) + ":" + std::string(kinds[row.kind]) + " " +
            text.substr(row.start, row.end - row.start) + "\n";
  }
  EXPECT_EQ(rows,
            ":source_file !a? &&\n  f(b: '\xC3\xBC') # d\n"
            ":binary_expression !a? &&\n  f(b: '\xC3\xBC')\n"
            "left:unary_expression !a?\n"
            "operand:call a?\n"
            "name:predicate_name a?\n"
            "right:call f(b: '\xC3\xBC')\n"
            "name:identifier f\n"
            "arguments:argument_list (b: '\xC3\xBC')\n"
            ":keyword_argument b: '\xC3\xBC'\n"
            "key:identifier b\n"
            "value:string '\xC3\xBC'\n"
            ":string_content \xC3\xBC\n"
            ":comment # d\n");
  EXPECT_EQ(table.rows.back().row, 1u);
  EXPECT_EQ(table.rows.back().column, 13u);  // bytes
  EXPECT_TRUE(table.rows.back().flags & SyntaxRow::kExtra);
}

TEST(SyntaxTable, SizesNestAndCoverTheTable) {
  SyntaxTable table =
      Parse("detector 'a' do\n  match b? && (c? || d?)\nend\nlist :e, ['f', 'g']\n");
  ASSERT_EQ(table.rows[0].size, table.rows.size());
  for (size_t i = 0; i < table.rows.size(); i++) {
    size_t end = i + table.rows[i].size;
    size_t child = i + 1;
    while (child < end) child += table.rows[child].size;
    EXPECT_EQ(child, end);
  }
}

TEST(SyntaxTable, MarksErrorsAndMissingTokens) {
  SyntaxTable table = Parse("(a? && ]\n b?\n");
  EXPECT_TRUE(table.rows[0].flags & SyntaxRow::kHasError);
  auto kinds = SyntaxKinds();
  bool error = false;
  bool missing = false;
  for (const SyntaxRow& row : table.rows) {
    if (row.flags & SyntaxRow::kError) error = kinds[row.kind] == "ERROR";
    if (row.flags & SyntaxRow::kMissing) missing = kinds[row.kind] == ")" && row.start == row.end;
  }
  EXPECT_TRUE(error);
  EXPECT_TRUE(missing);
}

// Whether tree-sitter or the grammar finds it missing.
TEST(SyntaxTable, AMissingTokenHasTheKindOfThatToken) {
  std::string text = "list :a, [\n  'b'\n  'c,\n  /d,\n  \"e\nlist :f, []\nlist , ['g']";
  auto kinds = SyntaxKinds();
  std::string missing;
  for (const SyntaxRow& row : Parse(text).rows) {
    if (row.flags & SyntaxRow::kMissing) missing += std::string(kinds[row.kind]) + " ";
  }
  EXPECT_EQ(missing, ", ' , / , \" ] symbol ");
}

TEST(SyntaxTable, EmptyAndAllBlankFilesHaveOnlyTheRoot) {
  EXPECT_EQ(Parse("").rows.size(), 1u);
  EXPECT_EQ(Parse(" \r\n\t\n").rows.size(), 1u);
}

TEST(SyntaxTable, RefusesInvalidUtf8AndTellsWhere) {
  SyntaxTable table;
  EXPECT_EQ(Failure("f('\xC3\xBC\xC3')", &table), "NUTHATCH_RULE_FILE_NOT_UTF8");
  EXPECT_EQ(table.stopped_at, 5u);
  EXPECT_TRUE(table.rows.empty());
}

TEST(SyntaxTable, RefusesDeepNesting) {
  SyntaxTable table;
  std::string deep = std::string(5000, '(') + "a?" + std::string(5000, ')');
  EXPECT_EQ(Failure(deep, &table), "NUTHATCH_RULE_FILE_TOO_DEEP");
  EXPECT_GT(table.stopped_at, 0u);
  EXPECT_EQ(Failure(Repeat("!", 5000) + "a?", &table), "NUTHATCH_RULE_FILE_TOO_DEEP");
  EXPECT_EQ(Failure("f(" + Repeat("[", 5000) + Repeat("]", 5000) + ")", &table),
            "NUTHATCH_RULE_FILE_TOO_DEEP");
}

TEST(SyntaxTable, AChainIsNotDeep) {
  SyntaxTable table;
  EXPECT_EQ(
      Failure(Repeat("a? || b? && ", 1 << 20) + "c?", &table, {.time = std::chrono::minutes(2)}),
      "");
  EXPECT_GT(table.rows.size(), 500'000u);
  EXPECT_EQ(Failure("a? || (" + Repeat("b? || ", 20'000) + "c?)", &table, {.depth = 6}), "");
}

TEST(SyntaxTable, GivesUpOnTooManyErrors) {
  SyntaxTable table;
  EXPECT_EQ(Failure(Repeat("'", 1 << 20), &table, {.time = std::chrono::milliseconds(50)}),
            "NUTHATCH_RULE_FILE_TOO_COMPLEX");
  EXPECT_GT(table.stopped_at, 0u);
  EXPECT_TRUE(table.rows.empty());
}

// None of these may crash, hang or overflow the stack; that they return is the test.
TEST(SyntaxTable, SurvivesHostileText) {
  for (const char* piece :
       {"(",        "[",          ")",   "!",         "a",     " ",
        "\n",       "\\",         "f(",  "f([",       "f(a: ", "a&&",
        "f(a,",     "{",          "%r{", "f(%r{{",    "%w[",   "detector 'a' do\n",
        "d <<~A\n", "# \n",       ":",   "f(a # b\n", "end ",  "f(/",
        "=begin\n", "list :a, [", "0_"}) {
    SyntaxTable table;
    std::string code = Failure(Repeat(piece, 1 << 15), &table);
    EXPECT_EQ(table.rows.empty(), !code.empty()) << piece;
  }
  SyntaxTable table;
  EXPECT_EQ(Failure(std::string(1 << 20, '\0'), &table), "");
  EXPECT_EQ(Failure("detector 'a' do\n d <<~" + std::string(1 << 20, 'A'), &table), "");
  EXPECT_EQ(Failure("f('" + std::string(1 << 20, 'x') + "')", &table), "");
}

}  // namespace
}  // namespace nuthatch
