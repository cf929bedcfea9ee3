import type { Slip } from './checks/missing-token.js'
import { endOfText } from './checks/missing-token.js'
import { slipsOf } from './checks/syntax-error.js'
import { place, quote } from './describe.js'
import type { Edit } from './edits.js'
import { isEntry, isExample, nearestEntry } from './entries.js'
import { mendForeignText } from './foreign-text.js'
import { isMatch, mendBlock } from './mend-block.js'
import { mendBrackets } from './mend-brackets.js'
import { mendElements, mendMetadata } from './mend-call.js'
import { mendCondition } from './mend-condition.js'
import { entryKey, MOST_SHOWN, mendEntry, mendList, mendSigns } from './mend-entry.js'
import { mendSigma } from './mend-sigma.js'
import { nearestName } from './nearest-name.js'
import { ALONE, type Frame, Pieces, unreadable } from './pieces.js'
import type { SourceText } from './source-text.js'
import { type Statement, statementsOf } from './statements.js'
import type { SyntaxTree } from './syntax.js'
import { opensBlock, type Token } from './tokens.js'

/** A file with more is no rule file with slips, and one that is larger would take long. */
const MOST_ERRORS = 100
const MOST_BYTES = 2 ** 20

export interface MendedTree {
  /** The file as it was most likely meant, as far as that can be told; what cannot is left out or stands as `_`. */
  readonly tree: SyntaxTree
  readonly edits: readonly Edit[]
  /** What is not in the language. */
  readonly slips: readonly Slip[]
}

/** Slips are errors, but must not hide what is wrong anywhere else: not even in the same condition. */
export function mend(tree: SyntaxTree, source: SourceText): MendedTree {
  const errors = tree.errors().length
  if (errors === 0 || tree.failure) return { tree, edits: [], slips: [] }
  if (errors > MOST_ERRORS || source.bytes.length > MOST_BYTES)
    return { tree, edits: [], slips: slipsOf(tree, source) }
  return new Mender(source).run(tree)
}

interface Block {
  /** The one whose entries stand here, if any. */
  readonly detector: { readonly name: string; readonly start: number } | null
  /** What to read for what ends it. */
  readonly end: 'end' | ''
  /** What its last entry was; a branch is part of an `if`, and `match` itself may open a block. */
  last: 'match' | 'branch' | 'opening' | 'other'
}

const IN_DETECTOR: Frame = ["detector '' do\n", '\nend']

const BRANCH = /^(if|unless|elsif|else)$/
const FOREIGN = /^(def|class|module|while|until|for|case|when|begin|return|require|import|rule)$/
const FOREIGN_BLOCK = /^(def|class|module|while|until|for|case|begin)$/

class Mender {
  readonly #source: SourceText
  readonly #pieces: Pieces
  readonly #blocks: Block[] = []
  /** Whether the last statement was an entry outside a detector: more after it are the same slip. */
  #outside = false

  constructor(source: SourceText) {
    this.#source = source
    this.#pieces = new Pieces(source)
  }

  run(original: SyntaxTree): MendedTree {
    const { bytes } = this.#source
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
    for (const statement of statementsOf(mendForeignText(this.#pieces, text))) this.#statement(statement)
    this.#close()
    if (this.#pieces.isFull) return { tree: original, edits: [], slips: this.#pieces.slips }
    const { slips, edits } = this.#pieces
    const tree = this.#pieces.readable()
    const lines = new Set(slips.map(({ start }) => this.#source.span(start, start).line))
    if (slips.length === 0) slips.push(...slipsOf(original, this.#source))
    else if (unreadable(tree).length > 0)
      slips.push(
        ...slipsOf(tree, this.#source).filter(
          ({ start }) => !lines.has(this.#source.span(start, start).line),
        ),
      )
    return { tree, edits, slips }
  }

  get #block(): Block | undefined {
    return this.#blocks.at(-1)
  }

  #statement({ tokens: all, end }: Statement): void {
    const read = this.#declaration(mendSigma(this.#pieces, mendSigns(this.#pieces, all)))
    const tokens = read[0]?.text === '}' ? read : mendBrackets(this.#pieces, read)
    const [first] = tokens
    if (first === undefined) return
    const { text } = first
    if (text === ';') {
      this.#separator(first)
      return
    }
    if (!isEntry(entryKey(first))) this.#outside = false
    if (text === 'end' || text === '}') this.#end(first)
    else if (text === 'detector') this.#header(tokens, end)
    else if (text === '|' && tokens.at(-1)?.text === '|') this.#parameters(first, end)
    else if (BRANCH.test(text)) this.#branch(tokens, end)
    else if (FOREIGN.test(text) || this.#isForeignBlock(tokens)) this.#foreign(tokens, end)
    else if (text === 'list') this.#list(this.#withoutParentheses(tokens), end)
    else if (text === 'define') this.#define(this.#withoutParentheses(tokens), end)
    else if (this.#block?.detector) this.#entry(tokens, end, this.#block)
    else this.#expression(tokens, end)
  }

  #separator(token: Token): void {
    const rest = this.#source.slice(token.end, token.end + 80)
    const help = /^\s*(?:[#\n]|$)/.test(rest) ? 'leave it out' : 'begin a new line'
    this.#pieces.slip(token, 'there is no `;`', help, '\n')
  }

  /** With its first word as it was meant, where it is a misspelt `list`, `define` or `detector`. */
  #declaration(tokens: readonly Token[]): readonly Token[] {
    const [first, name] = tokens
    const opens = opensBlock(tokens.at(-1))
    const isMisspelt = first?.kind === 'word' && !/^(list|define|detector)$/.test(first.text)
    if (!isMisspelt || isEntry(first.text) || FOREIGN.test(first.text)) return tokens
    if (!/^(string|symbol)$/.test(name?.kind ?? '') || (this.#block && !opens)) return tokens
    const meant = nearestName(first.text, ['list', 'define', 'detector']) ?? declarationLike(tokens)
    if (!meant) return tokens
    this.#pieces.slip(
      first,
      `${quote(first.text)} is not in the language`,
      `did you mean ${quote(meant)}?`,
      meant,
    )
    return [{ ...first, text: meant }, ...tokens.slice(1)]
  }

  /** One of another name. */
  #isForeignBlock(tokens: readonly Token[]): boolean {
    const [first] = tokens
    if (this.#block || first?.kind !== 'word' || isEntry(first.text)) return false
    return first.text !== 'define' && tokens.at(-1)?.text === 'do'
  }

  #end(token: Token): void {
    const block = this.#blocks.pop()
    if (block === undefined) this.#pieces.unopened(token)
    else this.#pieces.edit(token, block.end)
  }

  #header(tokens: readonly Token[], end: number): void {
    const [word, ...rest] = tokens as [Token, ...Token[]]
    const last = rest.at(-1)
    const opening = opensBlock(last) ? last : undefined
    this.#endBefore(word, opening ?? word)
    const name = opening ? rest.slice(0, -1) : rest
    this.#name(word, name)
    const written = name.map(({ text }) => text).join(' ')
    if (opening === undefined) {
      const help = `write \`detector ${written || "'name'"} do\``
      if (this.#isString(name)) this.#pieces.slip({ start: end, end }, '`do` is missing', help)
      this.#pieces.insert(end, ' do')
    } else if (opening.text === '{') {
      this.#pieces.slip(
        opening,
        'there are no braces',
        "write `detector 'name' do`, and `end` at its end",
        'do',
      )
    }
    this.#blocks.push({ detector: { name: written, start: word.start }, end: 'end', last: 'other' })
  }

  #isString(name: readonly Token[]): boolean {
    return name.length === 1 && name[0]?.kind === 'string' && !name[0].text.startsWith(':')
  }

  #name(word: Token, name: readonly Token[]): void {
    const [first, ...more] = name
    const last = name.at(-1)
    if (this.#isString(name)) {
      if (first?.start === word.end) this.#pieces.insert(word.end, ' ')
      return
    }
    const help = "write `detector 'name' do`"
    if (!first || !last) {
      this.#pieces.slip(word, 'the name is missing after `detector`', help)
      this.#pieces.guess({ start: word.end, end: word.end }, " ''")
    } else if (first.kind === 'open_string') {
      this.#pieces.slip(first, 'the string is not closed', help)
      this.#pieces.guess(first, "''")
    } else if (first.text === '(' && first.start === word.end) {
      this.#pieces.slip({ start: word.start, end: last.end }, 'a space is missing after `detector`', help)
      this.#pieces.guess({ start: first.start, end: last.end }, " ''")
    } else if (more.length === 0) {
      const text = first.text.replace(/^:|:$/g, '').replace(/^['"]|['"]$/g, '')
      const written = `detector '${text}' do`
      this.#pieces.slip(first, 'the name of a detector is a string', `write ${quote(written)}`, `'${text}'`)
    } else {
      const range = { start: word.start, end: last.end }
      this.#pieces.slip(range, 'this is not how a detector begins', help)
      this.#pieces.guess({ start: first.start, end: last.end }, "''")
    }
  }

  /** A detector that has no `end` when the next one begins. */
  #endBefore({ start }: Token, at: Token): void {
    const open = this.#block?.detector
    if (!open) return
    while (this.#block?.detector) this.#blocks.pop()
    const opened = place(this.#source.span(open.start, open.start))
    const help = `write \`end\` after the detector ${open.name} at ${opened}`
    this.#pieces.slip(at, 'a detector begins before the last one ended', help)
    this.#pieces.insert(start, 'end\n')
  }

  #close(): void {
    const open = this.#blocks.map(({ detector }) => detector).find((detector) => detector !== null)
    if (!open) return
    const { length } = this.#source.bytes
    const opened = place(this.#source.span(open.start, open.start))
    const message = `\`end\` is missing: the detector at ${opened} is not closed`
    this.#pieces.slip(endOfText(this.#source, length), message, 'write `end` on a line of its own')
    this.#pieces.insert(length, '\nend')
  }

  /** Ruby's, or another language's. What a block holds is read as a detector's. */
  #foreign(tokens: readonly Token[], end: number): void {
    const [first] = tokens as [Token]
    this.#pieces.keyword(first)
    const opens = opensBlock(tokens.at(-1))
    this.#pieces.guess({ start: first.start, end }, opens ? "detector '' do" : '')
    if (opens) this.#blocks.push({ detector: { name: '', start: first.start }, end: 'end', last: 'other' })
    else if (FOREIGN_BLOCK.test(first.text)) this.#blocks.push({ detector: null, end: '', last: 'other' })
  }

  /** `do |d|` */
  #parameters({ start }: Token, end: number): void {
    this.#pieces.slip({ start, end }, 'a detector takes no block parameters', 'leave them out', '')
  }

  /** Ruby's `if`: what it asks for, and what its branches hold, is read as if each were the condition. */
  #branch([word, ...condition]: readonly Token[], end: number): void {
    if (!word) return
    const { start } = word
    const isFirst = /^(if|unless)$/.test(word.text)
    if (isFirst || this.#block?.last !== 'branch') this.#pieces.keyword(word)
    const detector = this.#block?.detector ?? null
    if (isFirst || this.#block?.end === 'end') this.#blocks.push({ detector, end: '', last: 'branch' })
    if (condition.length === 0) {
      this.#pieces.guess(word, '')
      return
    }
    this.#condition(condition, end, false)
    this.#pieces.guess(word, 'match')
    this.#pieces.mendStatement(start, end, IN_DETECTOR)
    if (!detector) this.#wrap(start, end)
  }

  /** What stands outside a detector, and belongs in one. */
  #wrap(start: number, end: number): void {
    this.#pieces.guess({ start, end: start }, "detector '' do ")
    this.#pieces.insert(end, '\nend')
  }

  /** `list(:a, […])`, `title('…')` */
  #withoutParentheses(tokens: readonly Token[]): readonly Token[] {
    const [word, opening] = tokens
    const last = tokens.at(-1)
    const isEnclosed = opening?.text === '(' && last?.text === ')' && tokens.length > 3
    if (!word || !isEnclosed) return tokens
    const help = `write ${quote(`${word.text} ${this.#pieces.shown(opening.end, last.start, MOST_SHOWN)}`)}`
    this.#pieces.slip(word, `there are no parentheses after ${quote(word.text)}`, help)
    this.#pieces.edit(opening, ' ')
    this.#pieces.edit(last, '')
    return [word, ...tokens.slice(2, -1)]
  }

  #list(tokens: readonly Token[], end: number): void {
    const [value, ...more] = mendList(this.#pieces, tokens)
    if (value?.text === '[') mendElements(this.#pieces, more)
    if (value && /^(string|number|regex)$/.test(value.kind)) {
      const written = quote(`[${this.#pieces.shown(value.start, end, MOST_SHOWN)}]`)
      this.#pieces.slip(
        { start: value.start, end },
        'the values of a list stand in brackets',
        `write ${written}`,
      )
      this.#pieces.insert(value.start, '[')
      this.#pieces.insert(end, ']')
    }
    this.#pieces.mendStatement(tokens[0]?.start ?? end, end, ALONE)
  }

  #define(tokens: readonly Token[], end: number): void {
    const opening = tokens[2]
    const opens = opensBlock(opening)
    const last = tokens.at(-1)
    let body = mendList(this.#pieces, tokens)
    if (opening?.text === '{' && last?.text === '}') {
      this.#pieces.edit(last, '')
      body = body.slice(0, -1)
    } else if (opens) this.#blocks.push({ detector: null, end: '', last: 'other' })
    this.#condition(body, end, false)
    this.#pieces.mendStatement(tokens[0]?.start ?? end, end, ALONE)
  }

  #entry(all: readonly Token[], end: number, block: Block): void {
    const [first] = all as [Token]
    const key = entryKey(first)
    if (this.#isAlone(first, end) || this.#withBlock(all, end, block)) return
    const isCondition = beginsCondition(all)
    if (isCondition) this.#withoutMatch(first, block)
    const tokens = isCondition || key === 'match' ? all : this.#withoutParentheses(all)
    const rest = isCondition ? tokens : mendEntry(this.#pieces, tokens, end)
    const match = isCondition || key === 'match' || (nearestEntry(key) === 'match' && beginsCondition(rest))
    if (match) this.#condition(rest, end, false)
    else if (!isExample(nearestEntry(key) ?? key)) mendMetadata(this.#pieces, rest)
    if (isCondition) this.#pieces.guess({ start: first.start, end: first.start }, 'match ')
    this.#pieces.mendStatement(first.start, end, IN_DETECTOR)
    if (match && /^(if|unless)$/.test(rest[0]?.text ?? '')) block.last = 'branch'
    else if (block.last !== 'branch') block.last = match ? 'match' : 'other'
  }

  /** A value that belongs to the entry before, or to none. */
  #isAlone(first: Token, end: number): boolean {
    if (!/^(string|symbol|number|words)$/.test(first.kind)) return false
    const help = 'end the line before with `,` if it goes on there, or leave the value out'
    this.#pieces.slip(first, 'a line end ends the entry before this value', help)
    this.#pieces.guess({ start: first.start, end }, '')
    return true
  }

  /** @returns whether the entry has a block; then what it would be without one is read. */
  #withBlock(tokens: readonly Token[], end: number, block: Block): boolean {
    const found = mendBlock(this.#pieces, tokens, end)
    if (found === null) return false
    const { entry, isOpen } = found
    const match = isMatch(entry[0].text)
    if (isOpen && match) block.last = 'match'
    const last = !match ? 'other' : entry.length > 1 ? 'match' : 'opening'
    if (isOpen) this.#blocks.push({ detector: block.detector, end: '', last })
    if (entry.length > 1) this.#entry(entry, end, block)
    return true
  }

  #withoutMatch({ start }: Token, { last }: Block): void {
    const at = { start, end: start }
    if (last === 'branch' || last === 'opening') return
    if (last === 'match')
      this.#pieces.slip(
        at,
        'a line end ends the condition before this one',
        'join the two with `&&` or `||` at the end of the line before',
      )
    else this.#pieces.slip(at, '`match` is missing here', 'write `match` and a space before the condition')
  }

  #condition(tokens: readonly Token[], end: number, bare: boolean): void {
    if (tokens.length > 0) mendCondition(this.#pieces, tokens, end, bare)
  }

  #expression(tokens: readonly Token[], end: number): void {
    const [first] = tokens as [Token]
    if (!isEntry(entryKey(first))) {
      if (this.#assignment(tokens, end)) return
      this.#condition(tokens, end, true)
      this.#pieces.mendStatement(first.start, end, ALONE)
      return
    }
    if (!this.#outside) {
      const help = "put it between `detector 'name' do` and `end`"
      this.#pieces.slip(first, `${quote(first.text)} stands outside a detector`, help)
    }
    this.#entry(tokens, end, { detector: null, end: '', last: 'other' })
    this.#wrap(first.start, end)
    this.#outside = true
  }

  /** `APPS = %w[…]` */
  #assignment([name, sign, ...value]: readonly Token[], end: number): boolean {
    const isList = value[0]?.text === '[' || value[0]?.kind === 'words'
    if (!name || sign?.text !== '=' || !(isList || beginsCondition(value))) return false
    const range = { start: name.start, end: sign.end }
    const written = `${isList ? 'list' : 'define'} :${name.text.toLowerCase()},`
    this.#pieces.slip(range, 'there are no variables', `write ${quote(`${written} …`)}`, written)
    if (!isList) this.#condition(value, end, false)
    this.#pieces.mendStatement(name.start, end, ALONE)
    return true
  }
}

/** `set :a, […]`, `macro :a, …` */
const declarationLike = ([, name, comma, value]: readonly Token[]): string | undefined =>
  name?.kind !== 'symbol' || comma?.text !== ','
    ? undefined
    : value?.text === '[' || value?.kind === 'words'
      ? 'list'
      : 'define'

/** What is true or false, and no entry's first word. */
const beginsCondition = ([first, second]: readonly Token[]): boolean =>
  /^(\(|!|not|unless)$/i.test(first?.text ?? '') ||
  (first?.kind === 'word' &&
    (first.text.endsWith('?') || second?.kind === 'operator' || /^(and|or)$/i.test(second?.text ?? '')))
