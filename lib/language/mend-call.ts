import { quote } from './describe.js'
import type { Frame, Pieces } from './pieces.js'
import { STAND_IN } from './stand-in.js'
import type { Token } from './tokens.js'

const IN_CALL: Frame = [`${STAND_IN}(`, '\n)']
const IN_ARRAY: Frame = [`${STAND_IN}([`, '\n])']
const IN_ENTRY: Frame = [`detector '' do\n${STAND_IN} `, '\nend']

interface Part {
  readonly tokens: readonly [Token, ...Token[]]
  /** Whether a comma follows, or nothing. */
  readonly isEnded: boolean
}

/**
 * Mends a call argument by argument, so that a slip in one hides nothing in another.
 * @param tokens what follows the opening parenthesis.
 */
export function mendArguments(pieces: Pieces, tokens: readonly Token[]): void {
  let keyword: string | null = null
  const parts = partsOf(tokens)
  for (const { tokens: argument } of parts) keyword = mendArgument(pieces, argument, keyword)
  addCommas(pieces, parts)
}

/** Once the parts beside have been mended: a comma is in neither. */
function addCommas(pieces: Pieces, parts: readonly Part[]): void {
  for (const { tokens, isEnded } of parts) {
    const last = tokens.at(-1) as Token
    if (isEnded) continue
    // A literal that is not closed may have taken it.
    const place = { start: last.end, end: last.end }
    if (!isOpen(last)) pieces.slip(place, '`,` is missing here', 'write `,`')
    pieces.edit(place, ',')
  }
}

const isOpen = (token: Token | undefined): boolean => token?.kind.startsWith('open_') === true

/** @param tokens what follows an opening bracket. */
export const mendElements = (pieces: Pieces, tokens: readonly Token[]): void =>
  mendValues(pieces, tokens, IN_ARRAY)

/** @param tokens what follows the first word of an entry. */
export function mendMetadata(pieces: Pieces, tokens: readonly Token[]): void {
  if (tokens[0]?.text === '(' || tokens.some(({ kind }) => kind === 'heredoc')) return
  const last = tokens.at(-1)
  if (last?.text === ',')
    pieces.slip(last, 'a value is missing after `,`', 'put one there, or leave the comma out', '')
  mendValues(pieces, withoutNames(pieces, tokens), IN_ENTRY)
}

/** `logsource category: 'a'` */
function withoutNames(pieces: Pieces, tokens: readonly Token[]): Token[] {
  return tokens.filter((token, index) => {
    if (token.kind !== 'label' || (index > 0 && tokens[index - 1]?.text !== ',')) return true
    const help = "write the values alone, as in `author 'A', 'B'`"
    pieces.slip(token, 'the values of an entry have no names', help, '')
    return false
  })
}

/** `title An unquoted text`, `attack T1059.001` */
function isUnquoted(tokens: readonly Token[]): boolean {
  const isText = ({ kind, text }: Token) => /^(word|number)$/.test(kind) || /^[.:/@-]$/.test(text)
  return tokens.length > 1 && tokens[0]?.kind === 'word' && tokens.every(isText)
}

function mendValues(pieces: Pieces, tokens: readonly Token[], frame: Frame): void {
  const parts = partsOf(tokens)
  for (const { tokens: value } of parts) {
    if (value[0].text === '[') mendElements(pieces, value.slice(1))
    if (frame === IN_ENTRY && isUnquoted(value)) unquoted(pieces, rangeOf(value))
    else if (!isPlain(value)) pieces.mendPart(rangeOf(value), frame, STAND_IN)
  }
  addCommas(pieces, parts)
}

function unquoted(pieces: Pieces, range: { start: number; end: number }): void {
  const help = `write ${quote(`'${pieces.shown(range.start, range.end, 40)}'`)}`
  pieces.slip(range, 'text stands in quotes', help)
  pieces.guess(range, STAND_IN)
}

/** Nothing can be wrong with it, and long lists are made of these. */
const isPlain = ([value, ...more]: readonly Token[]): boolean =>
  more.length === 0 && (value?.kind === 'word' || (value?.kind === 'string' && !value.text.includes('"')))

const rangeOf = (tokens: readonly Token[]) => ({
  start: (tokens[0] as Token).start,
  end: (tokens.at(-1) as Token).end,
})

/** What commas stand between, or labels without one, up to the bracket that closes it all. */
function partsOf(tokens: readonly Token[]): Part[] {
  const found: Part[] = []
  const open: string[] = []
  let part: Token[] = []
  const finish = (isEnded: boolean): void => {
    const hasComma = part.at(-1)?.text === ','
    const [first, ...more] = hasComma ? part.slice(0, -1) : part
    if (first) found.push({ tokens: [first, ...more], isEnded: isEnded || hasComma })
    part = []
  }
  for (const token of tokens) {
    const { kind, text } = token
    const isClosing = text === ')' || text === ']'
    // An array holds no labels: it is not closed.
    if (open.at(-1) === '[' && (text === ')' || kind === 'label')) open.pop()
    if (isClosing && open.length === 0) break
    if ((kind === 'label' || (isOpen(part.at(-1)) && text !== ',')) && open.length === 0) finish(false)
    if (text === '(' || text === '[') open.push(text)
    else if (isClosing) open.pop()
    if (text === ',' && open.length === 0) finish(true)
    else part.push(token)
  }
  finish(true)
  return found
}

/** @returns its keyword, or the last one before it. */
function mendArgument(pieces: Pieces, tokens: readonly Token[], before: string | null): string | null {
  const [key, sign] = tokens as [Token, Token | undefined]
  const range = rangeOf(tokens)
  const name = /^(?::?\w+|(['"])\w+\1)$/.test(key.text) ? key.text.replace(/\W/g, '') : null
  const isPair = name !== null && sign !== undefined && /^=>?$/.test(sign.text)
  const keyword = key.kind === 'label' ? key.text : isPair ? `${name}:` : null
  const value = tokens.slice(isPair ? 2 : keyword === null ? 0 : 1)
  if (isPair) {
    pieces.slip(sign, `there is no operator ${quote(sign.text)}`, `write ${quote(`${keyword}`)}`)
    pieces.edit({ start: key.start, end: sign.end }, `${keyword}`)
  } else if (keyword === null && before !== null) {
    const several = before.endsWith('s:')
      ? `; several values stand in brackets, as in ${quote(`${before} [1, 2]`)}`
      : ''
    pieces.slip(
      range,
      `this value, after ${quote(before)}, has no keyword`,
      `write its keyword before it${several}`,
    )
    pieces.edit(range, `${STAND_IN}: ${STAND_IN}`)
    return before
  }
  if (value[0]?.text === '[') mendElements(pieces, value.slice(1))
  if (!isPlain(value)) pieces.mendPart(range, IN_CALL, keyword === null ? STAND_IN : `${keyword} ${STAND_IN}`)
  return keyword
}
