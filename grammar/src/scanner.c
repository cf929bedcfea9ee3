/**
 * The tokens that a regular expression cannot tell: the newline that ends an item, the space after
 * a command word, the colon of a label, and heredocs. The state is the open heredoc's word, bounded
 * by kMaxWord; nothing is allocated but the state itself.
 */
#include "tree_sitter/alloc.h"
#include "tree_sitter/parser.h"

#include <string.h>

enum TokenType {
  NEWLINE,
  NEWLINE_BEFORE_CLOSE,
  COMMAND_SPACE,
  MISSING_SPACE,
  MISSING_COMMA,
  NEWLINE_BEFORE_OPERATOR,
  NEWLINE_BEFORE_COMMA,
  MISSING_CLOSE,
  MISSING_QUOTE,
  LABEL_COLON,
  HEREDOC_START,
  HEREDOC_BEGIN,
  HEREDOC_CONTENT,
  HEREDOC_END,
  NEVER,
  ERROR_SENTINEL,
};

enum { kMaxWord = 64 };

typedef struct {
  uint8_t raw;         // <<'WORD': no escapes, no interpolation
  uint8_t indented;    // <<-WORD, <<~WORD: the end may be indented
  uint8_t at_end;      // the line that ends the heredoc comes next
  uint8_t word_length;
  char word[kMaxWord];
} Scanner;

void *tree_sitter_nuthatch_external_scanner_create(void) { return ts_calloc(1, sizeof(Scanner)); }

void tree_sitter_nuthatch_external_scanner_destroy(void *payload) { ts_free(payload); }

unsigned tree_sitter_nuthatch_external_scanner_serialize(void *payload, char *buffer) {
  memcpy(buffer, payload, sizeof(Scanner));
  return sizeof(Scanner);
}

void tree_sitter_nuthatch_external_scanner_deserialize(void *payload, const char *buffer,
                                                       unsigned length) {
  memset(payload, 0, sizeof(Scanner));
  if (length == sizeof(Scanner)) memcpy(payload, buffer, sizeof(Scanner));
}

static inline bool is_blank(int32_t c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static inline bool is_word(int32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static inline bool accept(TSLexer *lexer, enum TokenType token) {
  lexer->mark_end(lexer);
  lexer->result_symbol = (TSSymbol)token;
  return true;
}

static bool scan_newline(TSLexer *lexer, enum TokenType token) {
  while (is_blank(lexer->lookahead)) lexer->advance(lexer, true);
  if (lexer->lookahead != '\n') return false;
  lexer->advance(lexer, false);
  return accept(lexer, token);
}

static bool starts_argument(int32_t c) { return is_word(c) || (c != 0 && strchr("'\":[%<!(-", c)); }

static void skip_to_next_text(TSLexer *lexer) {
  for (;;) {
    while (is_blank(lexer->lookahead) || lexer->lookahead == '\n') lexer->advance(lexer, false);
    if (lexer->lookahead != '#') return;
    while (lexer->lookahead != '\n' && !lexer->eof(lexer)) lexer->advance(lexer, false);
  }
}

// Ruby ends the item here, and the operator on the next line is an error.
static bool scan_newline_after_condition(TSLexer *lexer) {
  if (!scan_newline(lexer, NEWLINE)) return false;
  skip_to_next_text(lexer);
  int32_t next = lexer->lookahead;
  if (next == '&' || next == '|') lexer->result_symbol = NEWLINE_BEFORE_OPERATOR;
  return true;
}

enum NextLine { CLOSES, IS_OPERATOR, IS_COMMA, IS_VALUE, IS_COMMAND };

// What a line inside brackets begins with; reads its first words. `title 'a'` is a command: no value
// is a name, a space and then something other than an operator.
static enum NextLine scan_next_line(TSLexer *lexer) {
  skip_to_next_text(lexer);
  if (lexer->eof(lexer)) return IS_COMMAND;
  int32_t first = lexer->lookahead;
  if (first == ')' || first == ']') return CLOSES;
  if (first == '&' || first == '|') return IS_OPERATOR;
  if (first == ',') return IS_COMMA;
  char word[] = "   ";
  unsigned length = 0;
  for (; is_word(lexer->lookahead); lexer->advance(lexer, false)) {
    if (length < 3) word[length] = (char)lexer->lookahead;
    length++;
  }
  if (length == 0) return IS_VALUE;
  if (length == 3 && memcmp(word, "end", 3) == 0) return IS_COMMAND;
  if (!is_blank(lexer->lookahead)) return IS_VALUE;
  while (is_blank(lexer->lookahead)) lexer->advance(lexer, false);
  return starts_argument(lexer->lookahead) ? IS_COMMAND : IS_VALUE;
}

// The end of a line inside brackets. A newline that no closing bracket follows ends the item, as in
// Ruby. All tokens are empty: the newline itself is skipped, or ends the item once all is closed.
static bool scan_line_end_in_brackets(TSLexer *lexer, const bool *valid) {
  lexer->mark_end(lexer);
  while (is_blank(lexer->lookahead)) lexer->advance(lexer, false);
  if (lexer->lookahead != '\n' && !lexer->eof(lexer)) return false;
  enum NextLine next = scan_next_line(lexer);
  bool after_value = valid[NEWLINE_BEFORE_CLOSE];
  if (!after_value && next != IS_COMMAND) return false;
  enum TokenType tokens[] = {
      [CLOSES] = NEWLINE_BEFORE_CLOSE,
      [IS_OPERATOR] = NEWLINE_BEFORE_OPERATOR,
      [IS_COMMA] = NEWLINE_BEFORE_COMMA,
      [IS_VALUE] = valid[MISSING_COMMA] ? MISSING_COMMA : MISSING_CLOSE,
      [IS_COMMAND] = MISSING_CLOSE,
  };
  lexer->result_symbol = valid[tokens[next]] ? tokens[next] : NEWLINE;
  return true;
}

static bool scan_missing_quote(TSLexer *lexer) {
  lexer->mark_end(lexer);
  if (lexer->lookahead == '\r') lexer->advance(lexer, false);
  if (lexer->lookahead != '\n' && !lexer->eof(lexer)) return false;
  lexer->result_symbol = MISSING_QUOTE;
  return true;
}

static bool scan_command_space(TSLexer *lexer) {
  if (lexer->lookahead == '(') return accept(lexer, MISSING_SPACE);
  if (lexer->lookahead != ' ' && lexer->lookahead != '\t') return false;
  while (is_blank(lexer->lookahead)) lexer->advance(lexer, false);
  int32_t next = lexer->lookahead;
  if (next == '\n' || next == '#' || next == '/' || lexer->eof(lexer)) return false;
  return accept(lexer, COMMAND_SPACE);
}

// `strings::a` is Ruby's scope operator, not a label and a symbol.
static bool scan_label_colon(TSLexer *lexer) {
  if (lexer->lookahead != ':') return false;
  lexer->advance(lexer, false);
  return lexer->lookahead != ':' && accept(lexer, LABEL_COLON);
}

static bool scan_heredoc_start(Scanner *scanner, TSLexer *lexer) {
  while (is_blank(lexer->lookahead)) lexer->advance(lexer, true);
  for (int i = 0; i < 2; i++) {
    if (lexer->lookahead != '<') return false;
    lexer->advance(lexer, false);
  }
  memset(scanner, 0, sizeof(*scanner));
  if (lexer->lookahead == '~' || lexer->lookahead == '-') {
    scanner->indented = 1;
    lexer->advance(lexer, false);
  }
  int32_t quote = 0;
  if (lexer->lookahead == '\'' || lexer->lookahead == '"') {
    quote = lexer->lookahead;
    scanner->raw = quote == '\'';
    lexer->advance(lexer, false);
  }
  bool digit_first = lexer->lookahead >= '0' && lexer->lookahead <= '9';
  while (is_word(lexer->lookahead)) {
    if (scanner->word_length == kMaxWord) return false;
    scanner->word[scanner->word_length++] = (char)lexer->lookahead;
    lexer->advance(lexer, false);
  }
  if (scanner->word_length == 0 || (digit_first && !quote)) return false;
  if (quote) {
    if (lexer->lookahead != quote) return false;
    lexer->advance(lexer, false);
  }
  return accept(lexer, HEREDOC_START);
}

// Looks at the line that begins here; only blanks and word characters are passed over.
static bool is_end_line(const Scanner *scanner, TSLexer *lexer) {
  if (scanner->indented) {
    while (is_blank(lexer->lookahead)) lexer->advance(lexer, false);
  }
  for (unsigned i = 0; i < scanner->word_length; i++) {
    if (lexer->lookahead != scanner->word[i]) return false;
    lexer->advance(lexer, false);
  }
  if (lexer->lookahead == '\r') lexer->advance(lexer, false);
  return lexer->lookahead == '\n' || lexer->eof(lexer);
}

static bool scan_heredoc_begin(Scanner *scanner, TSLexer *lexer) {
  if (!scan_newline(lexer, HEREDOC_BEGIN)) return false;
  scanner->at_end = is_end_line(scanner, lexer);
  return true;
}

static bool scan_heredoc_end(Scanner *scanner, TSLexer *lexer) {
  while (is_blank(lexer->lookahead)) lexer->advance(lexer, true);
  for (unsigned i = 0; i < scanner->word_length; i++) lexer->advance(lexer, false);
  memset(scanner, 0, sizeof(*scanner));
  return accept(lexer, HEREDOC_END);
}

// Stops before an escape, an interpolation and the line that ends the heredoc.
static bool scan_heredoc_content(Scanner *scanner, TSLexer *lexer) {
  bool has_content = false;
  lexer->result_symbol = HEREDOC_CONTENT;
  while (lexer->lookahead != 0) {
    if (!scanner->raw && lexer->lookahead == '\\') break;
    if (!scanner->raw && lexer->lookahead == '#') {
      lexer->mark_end(lexer);
      lexer->advance(lexer, false);
      int32_t next = lexer->lookahead;
      if (next == '{' || next == '@' || next == '$') return has_content;
    } else if (lexer->lookahead == '\n') {
      lexer->advance(lexer, false);
      lexer->mark_end(lexer);
      if (is_end_line(scanner, lexer)) {
        scanner->at_end = 1;
        return true;
      }
    } else {
      lexer->advance(lexer, false);
    }
    has_content = true;
  }
  lexer->mark_end(lexer);
  return has_content;
}

bool tree_sitter_nuthatch_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  Scanner *scanner = (Scanner *)payload;
  // While tree-sitter recovers from an error, every token is valid: only a newline is sure.
  if (valid[ERROR_SENTINEL]) return scan_newline(lexer, NEWLINE);
  if (valid[MISSING_QUOTE]) return scan_missing_quote(lexer);
  if (valid[HEREDOC_END] && scanner->at_end) return scan_heredoc_end(scanner, lexer);
  if (valid[HEREDOC_CONTENT]) return scan_heredoc_content(scanner, lexer);
  if (valid[HEREDOC_BEGIN]) return scan_heredoc_begin(scanner, lexer);
  if (valid[COMMAND_SPACE]) return scan_command_space(lexer);
  if (valid[LABEL_COLON] && lexer->lookahead == ':') return scan_label_colon(lexer);
  if (valid[HEREDOC_START] && scan_heredoc_start(scanner, lexer)) return true;
  if (valid[NEWLINE_BEFORE_CLOSE] || valid[MISSING_CLOSE]) {
    return scan_line_end_in_brackets(lexer, valid);
  }
  if (!valid[NEWLINE]) return false;
  return valid[NEWLINE_BEFORE_OPERATOR] ? scan_newline_after_condition(lexer) : scan_newline(lexer, NEWLINE);
}
