import { quote } from './describe.js'
import { nearestEntry } from './entries.js'
import type { Pieces } from './pieces.js'
import { opensBlock, type Token } from './tokens.js'

/** An entry without the block that it has in Ruby's way. */
export interface Unblocked {
  /** Its first word, and what stands behind it on the line. */
  readonly entry: readonly [Token, ...Token[]]
  /** Whether what ends the block comes later. */
  readonly isOpen: boolean
}

export const isMatch = (word: string): boolean => (nearestEntry(word) ?? word) === 'match'

/**
 * `match do … end`, `match { … }`, `logsource do … end`, `match windows? do`.
 * @returns null for an entry without a block.
 */
export function mendBlock(pieces: Pieces, tokens: readonly Token[], end: number): Unblocked | null {
  const [word, opening, ...body] = tokens as [Token, Token?, ...Token[]]
  const last = tokens.at(-1) as Token
  if (opening && opensBlock(opening) && (isMatch(word.text) || body.length > 0))
    return openingBlock(pieces, word, opening, body)
  return last.text === 'do' ? endingBlock(pieces, word, tokens, end) : null
}

/** `match do |event|`, `severity do :high` */
function openingBlock(pieces: Pieces, word: Token, opening: Token, body: readonly Token[]): Unblocked {
  const [key, what] = isMatch(word.text)
    ? ['match', 'takes a condition, and no block']
    : [word.text, 'takes no block']
  const signs = opening.text === 'do' ? '`do` and `end`' : '`{` and `}`'
  pieces.slip(opening, `${quote(word.text)} ${what}`, `write it right after ${quote(key)}, without ${signs}`)
  const closing = opening.text === '{' && body.at(-1)?.text === '}' ? body.at(-1) : undefined
  const hasParameters = body[0]?.text === '|'
  const parameters = hasParameters ? body.findIndex(({ text }, index) => index > 0 && text === '|') : -1
  const rest = body.slice(parameters + 1, closing ? -1 : undefined)
  const [first] = rest
  if (first) pieces.edit({ start: opening.start, end: first.start }, '')
  else pieces.edit({ start: word.start, end: (body[parameters] ?? opening).end }, '')
  if (closing) pieces.edit(closing, '')
  return { entry: [word, ...rest], isOpen: closing === undefined }
}

/** `fires_on 'a', process_start() do`; of `logsource do` nothing is left. */
function endingBlock(pieces: Pieces, word: Token, tokens: readonly Token[], end: number): Unblocked {
  const opening = tokens.at(-1) as Token
  const rest = tokens.slice(1, -1)
  const help =
    rest.length > 0
      ? 'leave out `do` and its `end`'
      : "write entries right below `detector`, as in `title '…'`, each on a line"
  pieces.slip(opening, `${quote(word.text)} takes no block`, help)
  if (rest.length > 0) pieces.edit(opening, '')
  else pieces.guess({ start: word.start, end }, '')
  return { entry: [word, ...rest], isOpen: true }
}
