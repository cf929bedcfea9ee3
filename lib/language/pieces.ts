import type { Slip } from './checks/missing-token.js'
import { lacksComma, slipsOf } from './checks/syntax-error.js'
import { insteadOf, isComparison } from './comparisons.js'
import { quote } from './describe.js'
import { type Edit, edited } from './edits.js'
import { mendArguments } from './mend-call.js'
import { parse } from './parse.js'
import type { SourceText } from './source-text.js'
import { STAND_IN } from './stand-in.js'
import type { SyntaxNode, SyntaxTree } from './syntax.js'
import type { Token } from './tokens.js'

interface Range {
  readonly start: number
  readonly end: number
}

/** What a piece stands between when it is parsed. */
export type Frame = readonly [before: string, after: string]
export const ALONE: Frame = ['', '']

const MOST_EDITS = 400
/** Each mends what hides the next slip of an argument or operand. */
const MOST_ROUNDS = 20

/** The slips of a file, and the edits with which the rest of it can be read. */
export class Pieces {
  readonly source: SourceText
  readonly slips: Slip[] = []
  readonly edits: Edit[] = []
  /** Where they begin, by line. */
  readonly #openLiterals = new Map<number, number>()

  constructor(source: SourceText) {
    this.source = source
  }

  /** Whether there are too many: then it is no rule file with slips, and what is added is dropped. */
  get isFull(): boolean {
    return this.edits.length >= MOST_EDITS
  }

  /**
   * The same once more right behind the last is one slip with it.
   * @param text what to read instead; without it, the text as it is.
   */
  slip({ start, end }: Range, message: string, help: string, text?: string): void {
    const last = this.slips.at(-1)
    const again = last?.message === message && last.end === start && start < end
    if (again) this.slips[this.slips.length - 1] = { ...last, end }
    else if (!this.isFull) this.slips.push({ start, end, message, help })
    if (text !== undefined) this.edit({ start, end }, text)
  }

  edit({ start, end }: Range, text: string): void {
    if (!this.isFull) this.edits.push({ start, end, text })
  }

  /** Where something else, or more, may have been meant. */
  guess({ start, end }: Range, text: string): void {
    if (!this.isFull) this.edits.push({ start, end, text, isGuess: true })
  }

  insert(at: number, text: string): void {
    this.edit({ start: at, end: at }, text)
  }

  /** What closes nothing. */
  unopened(token: Token): void {
    const message = `there is nothing open that ${quote(token.text)} could close`
    this.slip(token, message, 'leave it out', '')
  }

  keyword(token: Token): void {
    const help = /^(if|unless|elsif|else)$/.test(token.text)
      ? 'join conditions with `&&`, `||` and `!`, or write a detector for each case'
      : 'rules consist of `list`, `define` and `detector` with `match`'
    this.slip(token, `${quote(token.text)} is not in the language`, help)
  }

  /** One operand of a condition. */
  mendOperand(tokens: readonly Token[], start: number, end: number): void {
    if (this.#mendComparison(tokens, end)) return
    const [name, next] = tokens
    if (name?.kind === 'word' && next?.text === '(') mendArguments(this, tokens.slice(2))
    else if (name && next && lacksParentheses(name, next)) mendArguments(this, tokens.slice(1))
    this.#mendParentheses(tokens, end)
    const rest = afterCall(tokens)
    this.#mend({ start, end }, ALONE, [
      ...(rest === null ? [] : [{ start: rest, end, text: '', isGuess: true }]),
      { start, end, text: STAND_IN },
    ])
  }

  /** One argument of a call, or value of a list; what cannot be read is read as `lastResort`. */
  mendPart(range: Range, frame: Frame, lastResort: string): void {
    this.#mend(range, frame, [{ ...range, text: lastResort }])
  }

  /** What is not a condition, or no more than one whose operands have been mended. */
  mendStatement(start: number, end: number, frame: Frame): void {
    this.#mend({ start, end }, frame, [{ start, end, text: '', isGuess: true }])
  }

  /** The whole file with all edits. */
  readable(): SyntaxTree {
    return this.#parse({ start: 0, end: this.source.bytes.length }, ALONE, [])
  }

  /** `name? key: value` and `name? (…)`. */
  #mendParentheses([name, next]: readonly Token[], end: number): void {
    if (!name || !next) return
    const gap = { start: name.end, end: next.start }
    if (next.text === '(' && name.text.endsWith('?') && next.start > name.end) {
      this.slip(
        { start: name.end, end: name.end },
        'a space stands before `(`',
        'write `(` right after the name',
      )
      this.edit(gap, '')
    } else if (lacksParentheses(name, next)) this.addParentheses(name, next, end)
  }

  /** `name == 'x'`, `name.include?('x')` */
  #mendComparison(tokens: readonly Token[], end: number): boolean {
    const at = afterCall(tokens) ?? tokens[1]?.start
    const index = tokens.findIndex(({ start, text }) => start >= (at ?? end) && isComparison(text))
    const sign = tokens[index]
    const [first] = tokens
    if (!sign || !first || tokens[index - 1]?.end !== (afterCall(tokens) ?? first.end)) return false
    const words = sign.text === '.' ? tokens.slice(index + 1).map(({ text }) => text) : [sign.text]
    this.slip(sign, `there is no operator ${quote(sign.text)}`, insteadOf(words, first.text))
    const isName = index === 1
    const range = { start: isName ? first.start : sign.start, end }
    this.guess(range, isName ? STAND_IN : '')
    return true
  }

  addParentheses(name: Token, { start }: Token, end: number): void {
    const call = quote(`${name.text}(${this.shown(start, end, 20)})`)
    this.slip(name, `parentheses are missing after ${quote(name.text)}`, `write ${call}`)
    this.edit({ start: name.end, end: start }, '(')
    this.insert(end, ')')
  }

  /** What a message shows of the text: nothing when it is longer than `most`, or than a line. */
  shown(start: number, end: number, most: number): string {
    const text = this.source.slice(start, end)
    return text.length > most || text.includes('\n') ? '…' : text
  }

  /** Reports what is wrong in a piece, and puts it right with as little as will do. */
  #mend(range: Range, frame: Frame, lastResorts: readonly Edit[]): void {
    for (let round = 0; round < MOST_ROUNDS && !this.isFull; round++) {
      const tree = this.#parse(range, frame, [])
      // What seems to be wrong behind it is in the frame.
      const slips = slipsOf(tree, this.source).filter((slip) => slip.start <= range.end)
      for (const slip of slips) this.#add(slip)
      const errors = unreadable(tree)
      if (errors.length === 0) return
      const sure = distinct([...errors.flatMap(sureEdits), ...slips.flatMap(editOf)])
      if (sure.length === 0 || round === MOST_ROUNDS - 1) break
      this.#apply(sure)
    }
    const clean = lastResorts.find((edit) => unreadable(this.#parse(range, frame, [edit])).length === 0)
    this.#apply([clean ?? (lastResorts.at(-1) as Edit)])
  }

  /** What is missing behind a literal that is not closed is in it. */
  #add(slip: Slip): void {
    const { line } = this.source.span(slip.start, slip.start)
    if (slip.start > (this.#openLiterals.get(line) ?? Number.POSITIVE_INFINITY)) return
    if (slip.isOpen) this.#openLiterals.set(line, slip.start)
    this.slips.push(slip)
  }

  #apply(edits: readonly Edit[]): void {
    for (const { start, end } of edits) this.#forget(start, end)
    for (const edit of edits) if (!this.isFull) this.edits.push(edit)
  }

  /** Edits inside one of a larger part count no more. */
  #forget(start: number, end: number): void {
    if (end === start) return
    const kept = this.edits.filter((edit) => edit.start < start || edit.end > end)
    this.edits.splice(0, this.edits.length, ...kept)
  }

  #parse({ start, end }: Range, [before, after]: Frame, edits: readonly Edit[]): SyntaxTree {
    const framed = [
      { start, end: start, text: before },
      ...this.edits.filter((edit) => edit.start >= start && edit.end <= end && !edits.some(covers(edit))),
      ...edits,
      { start: end, end, text: after },
    ]
    const { bytes, place } = edited(this.source.bytes, framed, start, end)
    return parse(bytes, this.source.file, place)
  }
}

const covers = (inner: Edit) => (outer: Edit) =>
  outer.end > outer.start && inner.start >= outer.start && inner.end <= outer.end

/** What keeps text from being read; a newline or space too many or few does not. */
export const unreadable = (tree: SyntaxTree): SyntaxNode[] =>
  tree.failure
    ? [tree.root]
    : tree.errors().filter(({ kind }) => kind !== 'missing_space' && kind !== 'misplaced_newline')

/** `name? key: value` */
export const lacksParentheses = (name: Token, next: Token): boolean =>
  name.text.endsWith('?') && next.start > name.end && beginsArgument(next)

const beginsArgument = ({ kind, text }: Token): boolean =>
  ['label', 'string', 'symbol', 'regex', 'number', 'words'].includes(kind) || text === '['

/** Where a call at the beginning of an operand ends; null when there is none, or nothing follows it. */
function afterCall(tokens: readonly Token[]): number | null {
  const [name, opening] = tokens
  if (name?.kind !== 'word' || opening?.text !== '(' || opening.start !== name.end) return null
  let open = 0
  for (const [index, { text, end }] of tokens.entries()) {
    if (text === '(') open++
    else if (text === ')' && --open === 0) return index === tokens.length - 1 ? null : end
  }
  return null
}

const editOf = ({ start, end, mended }: Slip): Edit[] =>
  mended === undefined ? [] : [{ start, end, text: mended }]

const distinct = (edits: readonly Edit[]): Edit[] => [
  ...new Map(edits.map((edit) => [`${edit.start} ${edit.text}`, edit])).values(),
]

/** What is missing where it is sure, put in. */
function sureEdits(node: SyntaxNode): Edit[] {
  const { startByte, endByte } = node
  if (node.isMissing && /^[,)\]]$/.test(node.kind))
    return [{ start: startByte, end: startByte, text: node.kind }]
  // What a literal that is not closed holds besides, nobody knows.
  if (node.isMissing && /^['"/]$/.test(node.kind)) {
    const { startByte: start, endByte: end } = node.tree.parentOf(node)
    return [{ start, end, text: STAND_IN }]
  }
  if (lacksComma(node)) return [{ start: endByte, end: endByte, text: ',' }]
  return []
}
