#include "language/syntax_table.h"

#include <tree_sitter/api.h>

#include <cassert>
#include <memory>
#include <string>
#include <utility>

#include "base/utf8.h"

extern "C" const TSLanguage* tree_sitter_nuthatch(void);

namespace nuthatch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr TSSymbol kErrorSymbol = static_cast<TSSymbol>(-1);

// A token that the grammar itself finds missing is shown like one that tree-sitter does.
struct MissingToken {
  std::string_view kind;
  std::string_view token;
};

constexpr MissingToken kMissingTokens[] = {
    {"missing_comma", ","},        {"missing_parenthesis", ")"},   {"missing_bracket", "]"},
    {"missing_single_quote", "'"}, {"missing_double_quote", "\""}, {"missing_slash", "/"},
};

TSSymbol SymbolOf(std::string_view name, bool named) {
  return ts_language_symbol_for_name(tree_sitter_nuthatch(), name.data(),
                                     static_cast<uint32_t>(name.size()), named);
}

struct Deleter {
  void operator()(TSParser* parser) const { ts_parser_delete(parser); }
  void operator()(TSTree* tree) const { ts_tree_delete(tree); }
};

struct Cursor {
  explicit Cursor(TSNode node) : cursor(ts_tree_cursor_new(node)) {}
  ~Cursor() { ts_tree_cursor_delete(&cursor); }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  TSTreeCursor cursor;
};

const char* ReadSource(void* payload, uint32_t offset, TSPoint, uint32_t* length) {
  const auto& source = *static_cast<const std::span<const uint8_t>*>(payload);
  if (offset >= source.size()) {
    *length = 0;
    return "";
  }
  *length = static_cast<uint32_t>(source.size() - offset);
  return reinterpret_cast<const char*>(source.data() + offset);
}

constexpr std::chrono::microseconds kTimePerByte{4};

struct Deadline {
  Clock::time_point time;
  uint32_t reached = 0;
};

// tree-sitter asks every hundred operations.
bool IsOverdue(TSParseState* state) {
  auto* deadline = static_cast<Deadline*>(state->payload);
  deadline->reached = state->current_byte_offset;
  return Clock::now() >= deadline->time + deadline->reached * kTimePerByte;
}

SyntaxRow MakeRow(const TSTreeCursor* cursor, uint32_t error_kind) {
  TSNode node = ts_tree_cursor_current_node(cursor);
  TSSymbol symbol = ts_node_symbol(node);
  TSPoint point = ts_node_start_point(node);
  uint32_t flags = 0;
  if (ts_node_is_named(node)) flags |= SyntaxRow::kNamed;
  if (symbol == kErrorSymbol) flags |= SyntaxRow::kError;
  if (ts_node_is_missing(node)) flags |= SyntaxRow::kMissing;
  if (ts_node_is_extra(node)) flags |= SyntaxRow::kExtra;
  if (ts_node_has_error(node)) flags |= SyntaxRow::kHasError;
  return {.kind = symbol == kErrorSymbol ? error_kind : symbol,
          .field = ts_tree_cursor_current_field_id(cursor),
          .start = ts_node_start_byte(node),
          .end = ts_node_end_byte(node),
          .row = point.row,
          .column = point.column,
          .flags = flags,
          .size = 1};
}

bool FindInvalidUtf8(std::span<const uint8_t> source, uint32_t* offset) {
  std::string_view rest(reinterpret_cast<const char*>(source.data()), source.size());
  while (!rest.empty()) {
    DecodedCodePoint decoded = DecodeUtf8(rest);
    if (!decoded.valid) {
      *offset = static_cast<uint32_t>(source.size() - rest.size());
      return true;
    }
    rest.remove_prefix(decoded.length);
  }
  return false;
}

// Walks the tree in preorder without recursion.
class Flattener {
 public:
  Flattener(uint32_t max_depth, SyntaxTable* table) : max_depth_(max_depth), table_(*table) {
    for (const MissingToken& missing : kMissingTokens) {
      missing_.emplace_back(SymbolOf(missing.kind, true), SymbolOf(missing.token, false));
    }
  }

  // Leaves at the first node that is too deep.
  bool Run(TSNode root) {
    Cursor walk(root);
    for (;;) {
      if (!Enter(Shown(MakeRow(&walk.cursor, error_kind_)))) return false;
      if (ts_tree_cursor_goto_first_child(&walk.cursor)) continue;
      for (;;) {
        Leave();
        if (ts_tree_cursor_goto_next_sibling(&walk.cursor)) break;
        if (!ts_tree_cursor_goto_parent(&walk.cursor)) return true;
      }
    }
  }

 private:
  struct Open {
    size_t row;
    uint32_t depth;
    bool error_shown;  // by a row under it
  };

  bool Enter(const SyntaxRow& row) {
    uint32_t depth = open_.empty() ? 1 : open_.back().depth + (ContinuesChain(row) ? 0 : 1);
    if (depth > max_depth_) {
      table_.stopped_at = row.start;
      return false;
    }
    open_.push_back({table_.rows.size(), depth, false});
    table_.rows.push_back(row);
    return true;
  }

  void Leave() {
    const Open done = open_.back();
    open_.pop_back();
    SyntaxRow& row = table_.rows[done.row];
    row.size = static_cast<uint32_t>(table_.rows.size() - done.row);
    if (!(row.flags & SyntaxRow::kHasError)) return;
    // A token without a row of its own is missing.
    if (!done.error_shown && !(row.flags & SyntaxRow::kError)) row.flags |= SyntaxRow::kMissing;
    if (open_.empty()) return;
    open_.back().error_shown = true;
    table_.rows[open_.back().row].flags |= SyntaxRow::kHasError;
  }

  // Whether this is the first operand of an && or ||, and one itself.
  bool ContinuesChain(const SyntaxRow& row) const {
    const size_t parent = open_.back().row;
    return row.kind == binary_kind_ && table_.rows[parent].kind == binary_kind_ &&
           table_.rows.size() == parent + 1;
  }

  // A missing token's row is that token's.
  SyntaxRow Shown(SyntaxRow row) const {
    if (row.kind == misplaced_newline_ || row.kind == missing_space_)
      row.flags &= ~SyntaxRow::kNamed;
    for (const auto& [kind, token] : missing_) {
      if (row.kind != kind) continue;
      row.kind = token;
      row.flags = SyntaxRow::kMissing | SyntaxRow::kHasError;
    }
    return row;
  }

  const uint32_t error_kind_ = ts_language_symbol_count(tree_sitter_nuthatch());
  const TSSymbol binary_kind_ = SymbolOf("binary_expression", true);
  const TSSymbol misplaced_newline_ = SymbolOf("misplaced_newline", true);
  const TSSymbol missing_space_ = SymbolOf("missing_space", true);
  std::vector<std::pair<TSSymbol, TSSymbol>> missing_;
  const uint32_t max_depth_;
  SyntaxTable& table_;
  std::vector<Open> open_;  // rows whose descendants are being added
};

}  // namespace

std::vector<std::string_view> SyntaxKinds() {
  const TSLanguage* language = tree_sitter_nuthatch();
  std::vector<std::string_view> names;
  for (uint32_t i = 0; i < ts_language_symbol_count(language); i++) {
    names.emplace_back(ts_language_symbol_name(language, static_cast<TSSymbol>(i)));
  }
  names.emplace_back("ERROR");
  return names;
}

std::vector<std::string_view> SyntaxFields() {
  const TSLanguage* language = tree_sitter_nuthatch();
  std::vector<std::string_view> names{""};
  for (uint32_t i = 1; i <= ts_language_field_count(language); i++) {
    names.emplace_back(ts_language_field_name_for_id(language, static_cast<TSFieldId>(i)));
  }
  return names;
}

Status ParseRules(std::span<const uint8_t> source, const SyntaxLimits& limits, SyntaxTable* table) {
  assert(source.size() <= kMaxRuleFileBytes);
  table->rows.clear();
  table->stopped_at = 0;
  if (FindInvalidUtf8(source, &table->stopped_at)) {
    return Status::Error("NUTHATCH_RULE_FILE_NOT_UTF8",
                         "the file is not UTF-8 from here on; save it as UTF-8");
  }
  std::unique_ptr<TSParser, Deleter> parser(ts_parser_new());
  [[maybe_unused]] bool compatible = ts_parser_set_language(parser.get(), tree_sitter_nuthatch());
  assert(compatible);
  Deadline deadline{Clock::now() + limits.time};
  TSInput input{&source, ReadSource, TSInputEncodingUTF8, nullptr};
  std::unique_ptr<TSTree, Deleter> tree(
      ts_parser_parse_with_options(parser.get(), nullptr, input, {&deadline, IsOverdue}));
  if (!tree) {
    table->stopped_at = deadline.reached;
    return Status::Error("NUTHATCH_RULE_FILE_TOO_COMPLEX",
                         "the file has too many errors to tell them apart; correct the first ones, "
                         "or check that it is a rule file");
  }
  if (!Flattener(limits.depth, table).Run(ts_tree_root_node(tree.get()))) {
    table->rows.clear();
    return Status::Error("NUTHATCH_RULE_FILE_TOO_DEEP",
                         "more than " + std::to_string(limits.depth) +
                             " levels of nesting; use a list, or split the expression with define");
  }
  return Status();
}

}  // namespace nuthatch
