import { quote } from './describe.js'
import { lacksParentheses, type Pieces } from './pieces.js'
import { STAND_IN } from './stand-in.js'
import type { Token } from './tokens.js'

/** What people write for our operators. */
const OPERATORS: ReadonlyMap<string, string> = new Map([
  ['and', '&&'],
  ['or', '||'],
  ['not', '!'],
  ['&', '&&'],
  ['|', '||'],
])

const operatorFor = ({ kind, text }: Token): string | undefined =>
  kind === 'label' ? undefined : OPERATORS.get(text.toLowerCase())

/** Ruby's words and signs between conditions, as what they would most nearly be. */
const JOINS: Readonly<Record<string, string>> = { if: '&&', unless: '&& !', ';': '&&', ',': '&&', '?': '&&' }

/**
 * Mends a condition operand by operand, so that a slip in one hides nothing in another.
 * @param end of the statement.
 */
export function mendCondition(pieces: Pieces, tokens: readonly Token[], end: number, bare: boolean): void {
  new ConditionMender(pieces, tokens, end, bare).run()
}

class ConditionMender {
  readonly #pieces: Pieces
  readonly #tokens: readonly Token[]
  readonly #end: number
  readonly #bare: boolean
  readonly #open: ('group' | 'call' | 'array')[] = []
  /** The tokens of the operand that is being read. */
  #operand: Token[] = []
  /** Whether the operand was a group, which has been read. */
  #grouped = false
  #operator: Token | null = null
  /** Where an operator is put in once what stands beside has been mended: it is in neither. */
  readonly #unjoined: { start: number; end: number }[] = []
  #choices = 0

  constructor(pieces: Pieces, tokens: readonly Token[], end: number, bare: boolean) {
    this.#pieces = pieces
    this.#tokens = tokens
    this.#end = end
    this.#bare = bare
  }

  run(): void {
    for (const [index, token] of this.#tokens.entries()) {
      if (!this.#bracket(token) && !this.#join(token, index)) this.#operand.push(token)
    }
    this.#finish(null)
    for (const place of this.#unjoined) this.#pieces.guess(place, ' && ')
  }

  get #isEmpty(): boolean {
    return this.#operand.length === 0 && !this.#grouped
  }

  /** @returns whether `token` is no part of an operand. */
  #bracket(token: Token): boolean {
    const { text } = token
    const innermost = this.#open.at(-1)
    if (text === '(' || text === '[' || text === '{') {
      const group = text === '(' && this.#isEmpty
      this.#open.push(group ? 'group' : text === '(' ? 'call' : 'array')
      return group
    }
    if (text !== ')' && text !== ']' && text !== '}') return false
    if (innermost === undefined || (innermost === 'group' && text !== ')')) {
      if (innermost === 'group') this.#wrongClose(token)
      else this.#pieces.unopened(token)
      return true
    }
    if (innermost === 'group') this.#closeGroup(token)
    // What is not closed: the operand itself says so.
    if (innermost === 'array' && text === ')') this.#open.pop()
    this.#open.pop()
    return innermost === 'group'
  }

  #wrongClose(token: Token): void {
    this.#closeGroup(token)
    this.#open.pop()
    this.#pieces.slip(token, `${quote(token.text)} does not close \`(\``, 'write `)`', ')')
  }

  #closeGroup(token: Token): void {
    if (this.#isEmpty) this.#missing(token)
    else this.#mend()
    this.#operand = []
    this.#grouped = true
  }

  /** @returns whether `token` stands between operands. */
  #join(token: Token, index: number): boolean {
    const { kind, text } = token
    if (this.#isEmpty && text === '!') return true
    const operator = kind === 'operator' ? text : operatorFor(token)
    const isJoin = operator !== undefined || Object.hasOwn(JOINS, text) || (text === ':' && this.#choices > 0)
    if (!isJoin) return this.#unlikeJoin(token, this.#tokens[index + 1])
    if (this.#isInside(text, index)) return false
    const [first, second] = this.#operand
    if (text === ',' && first && second && lacksParentheses(first, second)) return false
    const next = this.#tokens[index + 1]
    if (/^[;,]$/.test(text) && (next === undefined || next.kind === 'operator' || next.text === ')')) {
      this.#pieces.slip(token, `there is no ${quote(text)}`, 'leave it out', '')
      return true
    }
    if (kind !== 'operator') this.#foreign(token, this.#tokens[index - 1])
    if (operator !== '!' && !(this.#isEmpty && /^(if|unless)$/.test(text))) this.#finish(token)
    return true
  }

  /** No operator, or a sign that is none, between two conditions. */
  #unlikeJoin(token: Token, next: Token | undefined): boolean {
    const [first] = this.#operand
    const last = this.#operand.at(-1)
    const isWhole = first?.kind === 'word' && last && /[?)]$/.test(last.text)
    if (!isWhole || this.#open.at(-1) === 'call' || this.#open.at(-1) === 'array') return false
    const help = 'join conditions with `&&` or `||`'
    if (isQuestion(token)) {
      const place = { start: last.end, end: last.end }
      this.#pieces.slip(place, 'an operator or a new line is missing here', help)
      this.#unjoined.push(place)
      this.#finish(token)
      return false
    }
    if (token.kind !== 'sign' || !next || !isQuestion(next)) return false
    this.#pieces.slip(token, `there is no operator ${quote(token.text)}`, help)
    this.#pieces.guess(token, '&&')
    this.#finish(token)
    return true
  }

  /** Whether what is open is closed later on: then it is an argument that is wrong, and not a bracket. */
  #isInside(text: string, index: number): boolean {
    const inner = this.#open.length - 1 - this.#open.lastIndexOf('group')
    if (inner === 0) return false
    if (text in JOINS || text === ':') return true
    if (this.#closes(index, inner)) return true
    this.#open.length -= inner
    return false
  }

  /** Whether one of the `open` brackets is closed after the token, which is not the last of its line. */
  #closes(index: number, open: number): boolean {
    const [token, next] = this.#tokens.slice(index, index + 2)
    if (!token || !next || this.#pieces.source.slice(token.end, next.start).includes('\n')) return false
    const opened = this.#open.slice(-open)
    for (const { text } of this.#tokens.slice(index)) {
      if (text === '(' || text === '[') opened.push(text === '[' ? 'array' : 'call')
      if (text === ')') while (opened.at(-1) === 'array') opened.pop()
      if (text === ')' || (text === ']' && opened.at(-1) === 'array')) opened.pop()
      if (opened.length < open) return true
    }
    return false
  }

  #foreign(token: Token, before: Token | undefined): void {
    const { text } = token
    const operator = operatorFor(token)
    if (operator) this.#foreignOperator(token, operator, before)
    else if (text === '?') {
      this.#choices++
      this.#pieces.slip(token, 'there is no `? :`', 'write `(a? && b?) || (!a? && c?)` for `a? ? b? : c?`')
      this.#pieces.guess(token, '&&')
    } else if (text === ':') {
      this.#choices--
      this.#pieces.edit(token, '&&')
    } else if (/^[;,]$/.test(text)) {
      const help = text === ';' ? 'begin a new line' : 'join conditions with `&&` or `||`'
      this.#pieces.slip(token, `there is no ${quote(text)}`, help)
      this.#pieces.guess(token, '&&')
    } else this.#keyword(token)
  }

  #foreignOperator(token: Token, operator: string, before: Token | undefined): void {
    const { text, start, end } = token
    const message = /^[a-z]/.test(text)
      ? `${quote(text)} binds in its own way in Ruby, and is not in the language`
      : `there is no operator ${quote(text)}`
    const moves = before && operator !== '!' && this.#pieces.source.slice(before.end, start).includes('\n')
    const where = moves ? ' at the end of the line before' : ''
    this.#pieces.slip(token, message, `write ${quote(operator)}${where}`)
    this.#pieces.edit({ start: moves ? before.end : start, end }, moves ? ` ${operator}` : operator)
  }

  #keyword(token: Token): void {
    const { text } = token
    const mended = this.#isEmpty ? (text === 'unless' ? '!' : '') : (JOINS[text] as string)
    this.#pieces.keyword(token)
    this.#pieces.guess(token, mended)
  }

  /** @param operator what follows the operand; null at the end of the condition. */
  #finish(operator: Token | null): void {
    if (this.#isEmpty) this.#missing(operator)
    else this.#mend()
    this.#operand = []
    this.#grouped = false
    this.#operator = operator
  }

  #mend(): void {
    const [first] = this.#operand
    const last = this.#operand.at(-1)
    if (first && last) this.#pieces.mendOperand(this.#operand, first.start, last.end)
  }

  /**
   * A place without a condition; that a sign which is no operator has none beside it, is its doing.
   * @param next the operator or closing bracket in its place; null at the end of the condition.
   */
  #missing(next: Token | null): void {
    const before = this.#tokens[next ? this.#tokens.indexOf(next) - 1 : this.#tokens.length - 1]
    const isClosing = next !== null && /^[)\]}]$/.test(next.text)
    const isEnd = next === null || isClosing
    const at = isEnd ? (isClosing || before?.text === '!' ? before : this.#operator) : next
    if (at && (at.text === '!' || (at.kind === 'operator' && (next || !this.#bare)))) {
      const help = `put one there, or leave ${quote(at.text)} out`
      this.#pieces.slip(at, `a condition is missing ${isEnd ? 'after' : 'next to'} ${quote(at.text)}`, help)
    } else if (isEnd) {
      const place = before?.end ?? this.#end
      const help =
        at?.text === '(' ? 'put one between the parentheses' : 'an operator stands between two conditions'
      this.#pieces.slip({ start: place, end: place }, 'a condition is missing here', help)
    }
    this.#pieces.insert(next?.start ?? this.#end, ` ${STAND_IN} `)
  }
}

const isQuestion = ({ kind, text }: Token): boolean => kind === 'word' && text.endsWith('?')
