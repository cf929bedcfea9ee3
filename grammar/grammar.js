/**
 * The Nuthatch language: a strict subset of Ruby's syntax (docs.ruby-lang.org/en/3.1/syntax_rdoc.html).
 * Whatever this grammar accepts without an error, and the checks accept after it, also passes
 * `ruby -c` and means the same: where Ruby reads two ways depending on a space, or ends a
 * statement at a newline, so does this grammar.
 *
 * Newlines are extras, except where an item may end: there src/scanner.c turns one into a token.
 * Slips whose place is sure (a bracket, quote or comma missing at the end of a line, an operator at
 * the beginning of one) become nodes of their own, missing_… and misplaced_newline, so that they cost
 * nothing else. A file that has one is not in the language.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

const PRECEDENCE = { or: 1, and: 2, not: 3 }

/** Ruby's keywords: none of them can be a name. */
const KEYWORDS = `
  alias and begin BEGIN break case class def do else elsif end END ensure false for if in module next nil
  not or redo rescue retry return self super then true undef unless until when while yield
  __FILE__ __LINE__ __ENCODING__ __END__`
  .trim()
  .split(/\s+/)

const HEXADECIMAL = /0[xX][0-9a-fA-F](_?[0-9a-fA-F])*/
const BINARY = /0[bB][01](_?[01])*/
const OCTAL = /0[oO]?[0-7](_?[0-7])*/
const DECIMAL = /0|[1-9](_?[0-9])*/
const FRACTION = /\.[0-9](_?[0-9])*/
const EXPONENT = /[eE][+-]?[0-9](_?[0-9])*/

/** A token inside a literal: no space may come before it, and it wins over a comment. */
const inside = (rule) => token.immediate(prec(1, rule))

/** One that wins over plain text as well. */
const insideFirst = (rule) => token.immediate(prec(2, rule))

const separatedBy = (separator, rule) => seq(rule, repeat(seq(separator, rule)))

/** What closes a bracket or a quote, or the empty node that tells that it is not closed. */
const closedBracket = ($, token, missing) => choice(token, alias($._missing_close, missing))
const closedQuote = ($, token, missing) => choice(inside(token), alias($._missing_quote, missing))

export default grammar({
  name: 'nuthatch',

  word: ($) => $.identifier,

  reserved: { global: () => KEYWORDS },

  extras: ($) => [/[ \t\r\n\f\v]/, $.comment],

  externals: ($) => [
    $._newline,
    $._newline_before_close,
    $._command_space,
    $.missing_space,
    $.missing_comma,
    $._newline_before_operator,
    $._newline_before_comma,
    $._missing_close,
    $._missing_quote,
    $._label_colon,
    $.heredoc_start,
    $._heredoc_begin,
    $.heredoc_content,
    $.heredoc_end,
    $._never,
    $._error_sentinel,
  ],

  rules: {
    source_file: ($) =>
      choice(
        seq(repeat(seq($._item, $._end_of_line)), optional($._item)),
        // Only words that occur in a rule can be reserved; src/scanner.c never gives this token.
        seq($._never, choice(...KEYWORDS)),
      ),

    _item: ($) => choice($.list_declaration, $.define_declaration, $.detector_declaration, $._condition),

    // Stands before a token that must be on the same line. src/scanner.c is asked there, and gives
    // this token only when a bracket closes, else _newline: either is an error.
    _same_line: ($) => $._newline_before_close,

    // A visible token, so that a missing one shows in the tree.
    _end_of_line: ($) => alias($._newline, '\n'),

    // Ruby reads `match(a) && b` as `(match(a)) && b`, and `match / a/` as two divisions.
    // Hence a command word and its first argument have space, and no newline, between them. The
    // checks refuse missing_space: it keeps this slip from spoiling the lines after it.
    _space: ($) => choice(alias($._command_space, ' '), $.missing_space),

    comment: () => token(/#[^\n]*/),

    // Declarations

    list_declaration: ($) =>
      seq(
        'list',
        $._space,
        field('name', $.symbol),
        optional($._same_line),
        ',',
        field('values', choice($.array, $.word_array)),
      ),

    define_declaration: ($) =>
      seq(
        'define',
        $._space,
        field('name', $.symbol),
        optional($._same_line),
        ',',
        field('value', $._condition),
      ),

    detector_declaration: ($) =>
      seq(
        'detector',
        $._space,
        field('name', $.string),
        optional($._same_line),
        'do',
        repeat(seq($._detector_item, $._end_of_line)),
        optional($._detector_item),
        'end',
      ),

    _detector_item: ($) => choice($.metadata_entry, $.match_clause, $.example_entry),

    metadata_entry: ($) =>
      seq(
        field('key', $.identifier),
        $._space,
        choice(
          seq(separatedBy(',', field('values', $._value)), optional(seq(',', field('values', $.heredoc)))),
          field('values', $.heredoc),
        ),
      ),

    match_clause: ($) => seq('match', $._space, field('condition', $._condition)),

    example_entry: ($) =>
      seq(
        field('kind', alias(choice('fires_on', 'ignores'), $.identifier)),
        $._space,
        field('label', $.string),
        optional($._same_line),
        ',',
        field('event', $.event_literal),
      ),

    event_literal: ($) => seq(field('type', $.identifier), field('arguments', $.argument_list)),

    // Expressions

    // What can be true or false: a bare identifier calls a definition.
    _condition: ($) => choice(alias($._bare_call, $.call), $._expression),

    // What can be an argument: a bare identifier names a property.
    _value: ($) => choice($.identifier, $._expression),

    _expression: ($) =>
      choice($.binary_expression, $.unary_expression, $.parenthesized_expression, $.call, $._literal),

    binary_expression: ($) =>
      choice(
        ...['&&', '||'].map((operator) =>
          prec.left(
            operator === '&&' ? PRECEDENCE.and : PRECEDENCE.or,
            seq(
              field('left', $._condition),
              optional(alias($._newline_before_operator, $.misplaced_newline)),
              field('operator', operator),
              field('right', $._condition),
            ),
          ),
        ),
      ),

    unary_expression: ($) =>
      prec(PRECEDENCE.not, seq(field('operator', '!'), field('operand', $._condition))),

    parenthesized_expression: ($) =>
      seq('(', $._condition, optional($._newline_before_close), closedBracket($, ')', $.missing_parenthesis)),

    call: ($) =>
      choice(
        seq(field('name', $.predicate_name), optional(field('arguments', $.argument_list))),
        seq(field('name', $.identifier), field('arguments', $.argument_list)),
      ),

    _bare_call: ($) => field('name', $.identifier),

    argument_list: ($) =>
      seq(
        token.immediate('('),
        optional(
          seq(
            choice(
              seq(separatedBy($._comma, $._value), repeat(seq($._comma, $.keyword_argument))),
              separatedBy($._comma, $.keyword_argument),
            ),
            optional(choice(',', $._newline_before_close)),
          ),
        ),
        closedBracket($, ')', $.missing_parenthesis),
      ),

    _comma: ($) =>
      choice(seq(optional(alias($._newline_before_comma, $.misplaced_newline)), ','), $.missing_comma),

    keyword_argument: ($) =>
      seq(field('key', $.identifier), alias($._label_colon, ':'), field('value', $._value)),

    // Names

    identifier: () => /[A-Za-z_][A-Za-z0-9_]*/,

    predicate_name: () => /[A-Za-z_][A-Za-z0-9_]*\?/,

    // Literals

    _literal: ($) =>
      choice($.string, $.symbol, $.integer, $.float, $.regex, $.array, $.word_array, $.true, $.false, $.nil),

    true: () => 'true',
    false: () => 'false',
    nil: () => 'nil',

    integer: () => token(seq(optional('-'), choice(HEXADECIMAL, BINARY, OCTAL, DECIMAL))),

    float: () => token(seq(optional('-'), DECIMAL, choice(seq(FRACTION, optional(EXPONENT)), EXPONENT))),

    // A quoted string ends on its line, so that a forgotten quote costs one line and not the file.
    string: ($) =>
      choice(
        seq("'", repeat($._single_quoted_part), closedQuote($, "'", $.missing_single_quote)),
        seq('"', repeat($._double_quoted_part), closedQuote($, '"', $.missing_double_quote)),
      ),

    _single_quoted_part: ($) =>
      choice(
        alias(inside(/[^'\\\r\n]+|\\/), $.string_content),
        alias(insideFirst(/\\[\\']/), $.escape_sequence),
      ),

    _double_quoted_part: ($) =>
      choice(alias(inside(/[^"\\\r\n#]+|#/), $.string_content), $.escape_sequence, $.interpolation),

    // \c, \C- and \M- (control and meta characters) are left out.
    escape_sequence: () =>
      inside(
        seq(
          '\\',
          choice(
            /[^xucCM0-7\r\n]/,
            /\r?\n/,
            /[0-7]{1,3}/,
            /x[0-9a-fA-F]{1,2}/,
            /u[0-9a-fA-F]{4}/,
            /u\{[ \t]*[0-9a-fA-F]{1,6}([ \t]+[0-9a-fA-F]{1,6})*[ \t]*\}/,
          ),
        ),
      ),

    // Ruby would run code here; the checks refuse it.
    interpolation: () => insideFirst(/#\{[^}\r\n]*\}|#\{|#[@$]/),

    symbol: ($) =>
      choice(
        /:[A-Za-z_][A-Za-z0-9_]*[?!]?/,
        seq(':"', repeat($._double_quoted_part), closedQuote($, '"', $.missing_double_quote)),
        seq(":'", repeat($._single_quoted_part), closedQuote($, "'", $.missing_single_quote)),
      ),

    regex: ($) =>
      seq(
        choice(
          seq('/', optional(field('pattern', $.regex_pattern)), closedQuote($, '/', $.missing_slash)),
          seq('%r{', optional(field('pattern', alias($._braced_pattern, $.regex_pattern))), inside('}')),
        ),
        optional(field('flags', $.regex_flags)),
      ),

    regex_flags: () => token.immediate(/[A-Za-z]+/),

    regex_pattern: ($) => repeat1(choice(inside(/[^/\\\r\n#]+|#/), inside(/\\(.|\r?\n)/), $.interpolation)),

    _braced_pattern: ($) =>
      repeat1(
        choice(
          inside(/[^{}\\#]+|#/),
          inside(/\\(.|\r?\n)/),
          $.interpolation,
          seq(inside('{'), optional($._braced_pattern), inside('}')),
        ),
      ),

    array: ($) =>
      seq(
        '[',
        optional(seq(separatedBy($._comma, $._value), optional(choice(',', $._newline_before_close)))),
        closedBracket($, ']', $.missing_bracket),
      ),

    word_array: ($) =>
      choice(seq('%w[', repeat($.word), ']'), seq('%w(', repeat(alias($._parenthesized_word, $.word)), ')')),

    // biome-ignore lint/complexity/noUselessEscapeInRegex: tree-sitter wants `[` escaped.
    word: () => token(prec(1, /([^\s\[\]\\]|\\(.|\n))+/)),

    _parenthesized_word: () => token(prec(1, /([^\s()\\]|\\(.|\n))+/)),

    // Stands last in its entry; the text begins on the next line.
    heredoc: ($) =>
      seq(
        $.heredoc_start,
        $._heredoc_begin,
        repeat(choice($.heredoc_content, $.escape_sequence, $.interpolation)),
        $.heredoc_end,
      ),
  },
})
