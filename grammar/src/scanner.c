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

// Inside brackets and after an operand. A newline that no closing bracket follows ends the item, which
// is not valid there: so tree-sitter sees that the bracket is missing, and the next item is intact.
static bool scan_newline_in_brackets(TSLexer *lexer) {
  if (!scan_newline(lexer, NEWLINE)) return false;
  for (;;) {
    while (is_blank(lexer->lookahead) || lexer->lookahead == '\n') lexer->advance(lexer, false);
    if (lexer->lookahead != '#') break;
    while (lexer->lookahead != '\n' && !lexer->eof(lexer)) lexer->advance(lexer, false);
  }
  if (lexer->lookahead == ')' || lexer->lookahead == ']') {
    lexer->result_symbol = NEWLINE_BEFORE_CLOSE;
  }
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
  if (valid[HEREDOC_END] && scanner->at_end) return scan_heredoc_end(scanner, lexer);
  if (valid[HEREDOC_CONTENT]) return scan_heredoc_content(scanner, lexer);
  if (valid[HEREDOC_BEGIN]) return scan_heredoc_begin(scanner, lexer);
  if (valid[COMMAND_SPACE]) return scan_command_space(lexer);
  if (valid[LABEL_COLON] && lexer->lookahead == ':') return scan_label_colon(lexer);
  if (valid[HEREDOC_START] && scan_heredoc_start(scanner, lexer)) return true;
  if (valid[NEWLINE_BEFORE_CLOSE]) return scan_newline_in_brackets(lexer);
  return valid[NEWLINE] && scan_newline(lexer, NEWLINE);
}
