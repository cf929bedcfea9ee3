import { quote } from './describe.js'
import { isEntry } from './entries.js'
import type { Pieces } from './pieces.js'
import type { Token } from './tokens.js'

const CLOSING: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
])

/** How much of what stands in brackets a message shows. */
const MOST_SHOWN = 20

/**
 * Brackets of the wrong kind, or too many of them, where it is plain which were meant.
 * @returns the tokens of the statement as they were meant.
 */
export function mendBrackets(pieces: Pieces, tokens: readonly Token[]): Token[] {
  return new BracketMender(pieces, tokens).run()
}

class BracketMender {
  readonly #pieces: Pieces
  readonly #tokens: readonly Token[]
  /** By index: what to read for a token, or null for nothing. */
  readonly #mended = new Map<number, Token | null>()
  readonly #closedBy = new Map<number, number>()

  constructor(pieces: Pieces, tokens: readonly Token[]) {
    this.#pieces = pieces
    this.#tokens = tokens
  }

  run(): Token[] {
    const extra = this.#pair()
    for (const [index, token] of this.#tokens.entries()) {
      if (CLOSING.has(token.text)) this.#opening(token, index)
      else if (extra.has(index)) {
        this.#pieces.unopened(token)
        this.#mended.set(index, null)
      } else if (token.text === ';' && this.#tokens[index + 1]?.kind === 'label') {
        this.#pieces.slip(token, 'there is no `;`', 'write `,`')
        this.#replace(index, ',')
      }
    }
    return this.#tokens.flatMap(
      (token, index) => this.#mended.get(index) ?? (this.#mended.has(index) ? [] : token),
    )
  }

  /** @returns what closes nothing. */
  #pair(): Set<number> {
    const open: number[] = []
    const extra = new Set<number>()
    const closing = [...CLOSING.values()]
    for (const [index, { text }] of this.#tokens.entries()) {
      if (CLOSING.has(text)) open.push(index)
      if (!closing.includes(text)) continue
      const at = this.#closes(index, open)
      if (at === -1) extra.add(index)
      else {
        this.#closedBy.set(open[at] as number, index)
        open.length = at
      }
    }
    return extra
  }

  /** Which of the open brackets a closing one closes; -1 for none. */
  #closes(index: number, open: readonly number[]): number {
    const [{ text }, next, after] = this.#tokens.slice(index, index + 3) as [Token, Token?, Token?]
    const last = open.length - 1
    const same = open.findLastIndex((at) => CLOSING.get(this.#textAt(at)) === text)
    // `['a', 'b'), key: …`: the call goes on.
    if (text === ')' && next?.text === ',' && after?.kind === 'label' && this.#textAt(open[last]) === '[')
      return last
    if (same !== -1) return same
    return /^[),]$/.test(next?.text ?? '') ? -1 : last
  }

  #textAt(index: number | undefined): string {
    return this.#tokens[index ?? -1]?.text ?? ''
  }

  #replace(index: number, text: string, from?: number): void {
    const token = this.#tokens[index] as Token
    this.#pieces.edit({ start: from ?? token.start, end: token.end }, text)
    this.#mended.set(index, text === '' ? null : { ...token, start: from ?? token.start, text })
  }

  #opening(token: Token, index: number): void {
    const closing = this.#closedBy.get(index)
    const before = this.#tokens[index - 1]
    const opensCall = this.#opensCall(index)
    if (opensCall && token.text !== '(')
      this.#exchange(index, '(', 'arguments stand in parentheses', before as Token)
    else if (this.#isDoubled(index)) {
      this.#pieces.slip(token, 'one `(` is too many', 'leave it out, and its `)`')
      this.#replace(index, '')
      if (closing !== undefined && this.#closedBy.get(index - 1) === closing + 1) this.#replace(closing, '')
    } else if (token.text !== '[' && this.#holdsValues(index))
      this.#exchange(index, '[', 'several values stand in brackets')
    else if (closing !== undefined && (opensCall || token.text === '[')) this.#wrongClose(token.text, closing)
  }

  #exchange(index: number, opening: string, message: string, name?: Token): void {
    const token = this.#tokens[index] as Token
    const closing = this.#closedBy.get(index)
    const meant = CLOSING.get(opening) as string
    const end = this.#tokens[closing ?? -1]?.start ?? token.end
    const shown = end > token.end ? this.#pieces.shown(token.end, end, MOST_SHOWN) : '…'
    this.#pieces.slip(token, message, `write ${quote(`${name?.text ?? ''}${opening}${shown}${meant}`)}`)
    this.#replace(index, opening, name?.end)
    if (closing !== undefined && this.#textAt(closing) !== meant) this.#replace(closing, meant)
  }

  #wrongClose(opening: string, closing: number): void {
    const token = this.#tokens[closing] as Token
    const meant = CLOSING.get(opening) as string
    if (token.text === meant) return
    this.#pieces.slip(token, `${quote(token.text)} does not close ${quote(opening)}`, `write ${quote(meant)}`)
    this.#replace(closing, meant)
  }

  /** `helper?(`, `helper?[`, `event{key: …` */
  #opensCall(index: number): boolean {
    const [name, token, next] = this.#tokens.slice(Math.max(0, index - 1), index + 2)
    if (index === 0 || name?.kind !== 'word' || !token || isEntry(name.text)) return false
    const isHelper = name.text.endsWith('?')
    const isAdjacent = name.end === token.start
    if (next?.kind === 'label') return isHelper || isAdjacent
    return isAdjacent && (isHelper || token.text === '(')
  }

  /** `helper?((key: …))`, `helper?(('a', 'b'))` */
  #isDoubled(index: number): boolean {
    if (this.#textAt(index) !== '(' || this.#textAt(index - 1) !== '(' || !this.#opensCall(index - 1))
      return false
    return this.#tokens[index + 1]?.kind === 'label' || this.#hasComma(index)
  }

  /** `strings: {'a', 'b'}`, `strings: ('a', 'b')`, `list :a, ('a')` */
  #holdsValues(index: number): boolean {
    if (this.#tokens[0]?.text === 'list' && index === 3) return true
    if (this.#tokens[index - 1]?.kind !== 'label' || this.#tokens[index + 1]?.kind === 'label') return false
    return this.#textAt(index) === '{' || this.#hasComma(index)
  }

  #hasComma(index: number): boolean {
    const inside = this.#tokens.slice(index + 1, this.#closedBy.get(index) ?? index)
    return inside.some(({ text }) => text === ',')
  }
}
