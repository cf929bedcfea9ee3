import { entryNames } from './entries.js'

/**
 * The words and signs of a rule file, for looking at text that the grammar refuses: unlike the parser,
 * which gives up on more than the slip itself, this never takes what follows a slip for a part of it.
 */
export interface Token {
  readonly kind: TokenKind
  readonly text: string
  /** Byte offsets. */
  readonly start: number
  readonly end: number
}

export type TokenKind = (typeof PATTERNS)[number][0] | 'heredoc_text'

/** A literal that is not closed, but not the operator at the end of its line. */
const restUntil = (ends: string): string =>
  `[^${ends}]*?(?=[ \\t\\r]*(?:&&|\\|\\|)?[ \\t\\r]*(?:[${ends}]|$))`
const REST = restUntil('\\n')
/** Words end where what is around them does. */
const REST_OF_WORDS = `%w[[(]${restUntil('\\n),\\]')}`
/** What ends a value. */
const AFTER_VALUE = /(?=[ \t\r]*(?:[,)\]\n]|&&|\|\||do\b|$))/.source
const ODD_QUOTE = /\xe2\x80[\x98\x99\x9c\x9d]|\xef\xbc[\x82\x87]/.source

/** In bytes, the first that fits. */
const PATTERNS = [
  ['newline', '\\n'],
  ['space', '[ \\t\\r\\f\\v]+'],
  // No-break space and its like.
  ['odd_space', '\\xc2\\xa0|\\xe2\\x80[\\x80-\\x8b\\xaf]|\\xe2\\x81\\xa0|\\xe3\\x80\\x80|\\xef\\xbb\\xbf'],
  // What Chinese and Japanese keyboards write for ASCII's signs.
  [
    'wide',
    '(?:\\xef\\xbc\\x86){2}|(?:\\xef\\xbd\\x9c){2}|\\xef\\xbc[\\x81\\x86\\x88\\x89\\x8c\\x9a\\x9d\\xbb\\xbd]|\\xef\\xbd[\\x9b-\\x9d]',
  ],
  ['comment', '#[^\\n]*'],
  // Not where the quote that it ends with is one in a string.
  [
    'cut_string',
    `'(?!(?:\\\\[^\\n]|[^'\\\\\\n])*'${AFTER_VALUE})(?:[^'\\\\\\n]|\\\\[^'\\n])*\\\\'${AFTER_VALUE}`,
  ],
  ['apostrophe', `'[^'\\\\\\n]*(?:'[A-Za-z][^'\\\\\\n&|]{0,500}){1,9}'${AFTER_VALUE}`],
  // `'a, 'b'`
  [
    'unclosed_string',
    `(?<quote>['"])[^'"\\\\\\n,]*(?=,[ \\t]*\\k<quote>[^'"\\\\\\n]+\\k<quote>${AFTER_VALUE})`,
  ],
  // `"An "inner" text"`
  [
    'inner_quotes',
    `(?<outer>['"])[^'"\\\\\\n,]*\\k<outer>[A-Za-z][^'"\\\\\\n,]*\\k<outer>[^'"\\\\\\n,]*\\k<outer>${AFTER_VALUE}`,
  ],
  ['odd_quoted', `(?:${ODD_QUOTE})(?:(?!${ODD_QUOTE})[^\\n"]){0,500}(?:${ODD_QUOTE}|")`],
  ['string', ':?\'(?:\\\\[^\\n]|[^\'\\\\\\n])*\'|:?"(?:\\\\[^\\n]|[^"\\\\\\n])*"'],
  ['open_string', `:?['"]${REST}`],
  ['heredoc', '<<[~-]?(?:\\w+|"\\w+"|\'\\w+\')'],
  ['words', '%w\\[[^\\]]*\\]|%w\\([^)]*\\)'],
  ['open_words', REST_OF_WORDS],
  ['foreign_comment', '/\\*[^]*?\\*/|/\\*[^\\n]*|//[^\\n]*'],
  [
    'slashed_regex',
    `/(?:\\\\[^\\n]|[^\\\\/\\n*])+(?:/(?:\\\\[^\\n]|[^\\\\/\\s,)\\]]){1,500}){1,9}/[a-z]*${AFTER_VALUE}`,
  ],
  ['regex', '/(?:\\\\[^\\n]|[^\\\\/\\n])+/[A-Za-z]*|%r\\{(?:\\\\[^]|\\{[^{}]*\\}|[^\\\\{}])*\\}[A-Za-z]*'],
  ['open_regex', `/${REST}`],
  ['sigma_field', '[A-Za-z_]\\w*(?:\\|[A-Za-z_]\\w*){1,4}:(?!:)'],
  ['label', '[A-Za-z_]\\w*:(?!:)'],
  ['word', '[A-Za-z_]\\w*\\??'],
  ['number', '-?\\d[\\w.]*'],
  ['symbol', ':[A-Za-z_]\\w*[?!]?'],
  ['operator', '&&|\\|\\|'],
  ['sign', '[=!]=|[=!]~|=>|<=|>=|::|->|[^]'],
] as const

const TOKEN = new RegExp(PATTERNS.map(([kind, pattern]) => `(?<${kind}>${pattern})`).join('|'), 'y')

/** After these a slash begins a pattern, and no comment. */
const BEFORE_VALUE = /[:,([]$/

const COMMANDS = ['detector', 'list', 'define', ...entryNames].join('|')
/** A line that is a detector's entry, a declaration or an end, whatever is open before it. */
const COMMAND = new RegExp(
  `(?:[ \\t\\r\\n]|#[^\\n]*\\n)*(?:end\\b(?!:)|\\}|(?:${COMMANDS})[ \\t(]|(?!(?:and|or|not|if|unless)\\b)[A-Za-z_]\\w*[ \\t]+['":](?!:))`,
  'iy',
)
/** Inside brackets no value is a name, a space and another value: as src/scanner.c has it. */
const COMMAND_IN_BRACKETS =
  /(?:[ \t\r\n]|#[^\n]*\n)*(?!(?:and|or|not|if|unless)\b)[A-Za-z_]\w*[ \t]+[\w[%<!(-]/iy

export const beginsCommand = (text: string, at: number, inBrackets: boolean): boolean =>
  fits(COMMAND, text, at) || (inBrackets && fits(COMMAND_IN_BRACKETS, text, at))

/** As in Ruby. */
export const opensBlock = (token: Token | undefined): boolean => token?.text === 'do' || token?.text === '{'

/** @param pattern sticky. */
export function fits(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at
  return pattern.test(text)
}

/** @param text a byte a character (latin1). */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let heredocs: string[] = []
  let before = ''
  for (let at = 0; at < text.length; ) {
    const token = tokenAt(text, at, before)
    at = token.end
    if (token.kind === 'newline' && heredocs.length > 0) {
      at = endOfHeredocs(text, at, heredocs)
      if (at > token.end) tokens.push({ kind: 'heredoc_text', text: '', start: token.end, end: at })
      heredocs = []
    }
    if (token.kind !== 'space' && token.kind !== 'comment') tokens.push(token)
    if (token.kind === 'heredoc') heredocs.push(token.text.replace(/^<<[~-]?|['"]/g, ''))
    else if (token.kind === 'operator') heredocs = []
    if (token.kind !== 'space') before = token.text
  }
  return tokens
}

function tokenAt(text: string, at: number, before: string): Token {
  TOKEN.lastIndex = at
  const groups = TOKEN.exec(text)?.groups ?? {}
  const found = PATTERNS.find(([kind]) => groups[kind] !== undefined)
  const [kind, value] = found
    ? [found[0], groups[found[0]] as string]
    : (['sign', text[at] as string] as const)
  if (kind === 'foreign_comment' && BEFORE_VALUE.test(before)) return slash(text, at)
  if (kind === 'words' && spansCommand(text, at, value)) return openWords(text, at)
  return { kind, text: kind === 'wide' ? narrow(value) : value, start: at, end: at + value.length }
}

const narrow = (wide: string): string =>
  Buffer.from(wide, 'latin1')
    .toString()
    .replace(/./g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))

/** Where a value stands a slash begins a pattern. */
function slash(text: string, at: number): Token {
  const line = /^\/(?:\\[^\n]|[^\\/\n])*\/?[A-Za-z]*/.exec(text.slice(at, endOfLine(text, at)))?.[0] ?? '/'
  return { kind: 'regex', text: line, start: at, end: at + line.length }
}

/** `%w[a b)` and, lines later, some other `]`. */
function spansCommand(text: string, at: number, value: string): boolean {
  for (let line = value.indexOf('\n'); line !== -1; line = value.indexOf('\n', line + 1))
    if (beginsCommand(text, at + line + 1, false) || /^[^\]]*[)&|]/.test(value.slice(0, line))) return true
  return false
}

function openWords(text: string, at: number): Token {
  const line = text.slice(at, endOfLine(text, at))
  const value = new RegExp(`^${REST_OF_WORDS}`).exec(line)?.[0] ?? '%w['
  return { kind: 'open_words', text: value, start: at, end: at + value.length }
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}

/** The end of the line that ends the last of the heredocs whose text begins at `at`; without one, that before the next entry. */
function endOfHeredocs(text: string, at: number, words: readonly string[]): number {
  let end = at
  for (const word of words) {
    const last = new RegExp(`^[ \\t]*${word}[ \\t\\r]*$`, 'gm')
    last.lastIndex = end
    if (!last.test(text)) return beforeCommand(text, end)
    end = last.lastIndex
  }
  return end
}

function beforeCommand(text: string, at: number): number {
  let line = at
  while (line < text.length && !beginsCommand(text, line, false)) line = endOfLine(text, line) + 1
  return Math.max(at, line - 1)
}
