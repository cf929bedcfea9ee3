import { beginsCommand, fits, opensBlock, type Token, tokensOf } from './tokens.js'

/** A declaration, the first line of a detector, an entry of one, an expression, an `end`, or a `;` between two of these. */
export interface Statement {
  /** At least one; without newlines. */
  readonly tokens: readonly Token[]
  readonly start: number
  readonly end: number
}

const CONTINUES = /^(\\|&&|\|\||&|\||!|,|and|or|not|=|=>)$/i
/** Ruby ends a statement before these, whatever was meant. */
const NEXT_LINE_CONTINUES = /(?:[ \t\r\n]|#[^\n]*\n)*(?:[&|,]|(?:and|or)\b(?!:))/iy
const END_OF_LINE = /[ \t\r]*(?:#|\n|$)/y
/** What follows a helper without parentheses. */
const ARGUMENT =
  /(?:[ \t\r\n]|#[^\n]*\n)*(?:property|strings?|patterns?|numbers?|subnets|signers|min|max):(?!:)/y

/**
 * Takes a file apart, whatever is wrong with it: nothing in one statement makes another a part of it.
 * @param text a byte a character (latin1).
 */
export function statementsOf(text: string): Statement[] {
  const statements: Statement[] = []
  let tokens: Token[] = []
  let open = 0
  const flush = (): void => {
    const [first] = tokens
    const last = tokens.at(-1)
    if (first && last) statements.push({ tokens, start: first.start, end: last.end })
    tokens = []
    open = 0
  }
  for (const token of tokensOf(text)) {
    if (token.kind === 'newline') {
      if (endsAt(text, token, tokens, open)) flush()
      continue
    }
    const separates = token.text === ';' && endsAtSemicolon(text, token, tokens, open)
    const ends = separates || (token.kind === 'word' && token.text === 'end')
    if (ends || (token.text === '}' && tokens.length === 0)) flush()
    tokens.push(token)
    if (token.text === '(' || token.text === '[') open++
    else if ((token.text === ')' || token.text === ']') && open > 0) open--
    if (ends || tokens[0]?.text === '}' || opensDetector(tokens)) flush()
  }
  flush()
  return statements
}

const opensDetector = (tokens: readonly Token[]): boolean =>
  tokens[0]?.text === 'detector' && opensBlock(tokens.at(-1))

function endsAt(text: string, { end }: Token, tokens: readonly Token[], open: number): boolean {
  const last = tokens.at(-1)
  if (last === undefined || beginsCommand(text, end, open > 0)) return true
  const continues =
    open > 0 || last.kind === 'label' || CONTINUES.test(last.text) || isUnfinished(tokens, last)
  return !continues && !fits(NEXT_LINE_CONTINUES, text, end) && !(isHelper(last) && fits(ARGUMENT, text, end))
}

/** Before another statement, or at the end of a line that ends one; the text of a heredoc is still to come there. */
function endsAtSemicolon(text: string, token: Token, tokens: readonly Token[], open: number): boolean {
  const endsLine = open === 0 && fits(END_OF_LINE, text, token.end) && endsAt(text, token, tokens, open)
  const ends = endsLine || beginsCommand(text, token.end, false)
  return ends && !tokens.some(({ kind }) => kind === 'heredoc')
}

const isHelper = ({ kind, text }: Token): boolean => kind === 'word' && text.endsWith('?')

/** `define :a do`, and a declaration with nothing, not even a comma, after its name. */
const isUnfinished = ([word, ...more]: readonly Token[], { kind, text }: Token): boolean =>
  (word?.text === 'define' && (text === 'do' || text === '{')) ||
  (/^(list|define)$/.test(word?.text ?? '') && more.length === 1 && kind === 'symbol')
