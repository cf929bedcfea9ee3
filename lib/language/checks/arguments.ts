import type { Call, Expression, KeywordArgument } from '../ast.js'
import { alternatives, quote } from '../describe.js'
import { nearestName } from '../nearest-name.js'
import type { Scope } from '../scope.js'

export interface BoundArguments {
  readonly bound: ReadonlyMap<string, KeywordArgument>
  /** All of them, by the keywords that were most likely meant. */
  readonly given: readonly KeywordArgument[]
  /** False when an argument was refused or could not be read, so that another may be meant by it. */
  readonly fits: boolean
}

/** Sorts a call's keyword arguments by name; refuses unknown, repeated and positional ones. */
export function bindArguments(scope: Scope, call: Call, keywords: readonly string[]): BoundArguments {
  const { positional, keywords: written } = call.arguments
  const bound = new Map<string, KeywordArgument>()
  for (const argument of written) {
    const { text } = argument.key
    if (bound.has(text)) reportDuplicateArgument(scope, argument)
    else if (keywords.includes(text)) bound.set(text, argument)
  }
  const known = bound.size
  const guessed = positional.map((value) => {
    const meant = value.kind === 'broken' ? undefined : keywordFor(value, keywords, bound, FIRST_NAMES)
    const key = { text: meant ?? '', span: value.span }
    return meant ? bindAs(bound, meant, { key, value: asName(meant, value), span: value.span }) : null
  })
  const given = written.map((argument) => {
    if (keywords.includes(argument.key.text)) return argument
    const meant = meantKeyword(argument, keywords, bound)
    reportUnknown(scope, call, argument, keywords, meant)
    return meant ? bindAs(bound, meant, argument) : argument
  })
  const read = guessed.filter((argument) => argument !== null)
  const first = positional.find(({ kind }) => kind !== 'broken')
  if (first) reportPositional(scope, call, first, read.length === positional.length ? read : [], keywords)
  return { bound, given: [...given, ...read], fits: positional.length === 0 && known === written.length }
}

function bindAs(
  bound: Map<string, KeywordArgument>,
  text: string,
  argument: KeywordArgument,
): KeywordArgument {
  const meant = { ...argument, key: { ...argument.key, text } }
  bound.set(text, meant)
  return meant
}

type Bound = ReadonlyMap<string, KeywordArgument>

/** The keyword that most likely stands behind one that there is not. */
function meantKeyword(
  { key, value }: KeywordArgument,
  keywords: readonly string[],
  bound: Bound,
): string | undefined {
  if (VALUE_KEYWORD.test(key.text)) return undefined
  const near = nearestName(key.text, keywords) ?? keywordFor(value, keywords, bound, NAMES)
  return near !== undefined && bound.has(near) ? undefined : near
}

/** These belong to another form of the helper. */
const VALUE_KEYWORD = /^(string|number|pattern|subnet)s?$|^(min|max)$/

/** What may be the name of a property, and what often is when it stands first. */
const NAMES = /^(identifier|symbol)$/
const FIRST_NAMES = /^(identifier|symbol|string)$/

/** What a value is most likely given for; `property` is the first of the keywords. */
function keywordFor(
  { kind }: Expression,
  keywords: readonly string[],
  bound: Bound,
  names: RegExp,
): string | undefined {
  const [first, ...others] = keywords.filter((keyword) => !bound.has(keyword) && keyword !== 'case_sensitive')
  if (first === 'property' && names.test(kind)) return first
  const operands = first === undefined || first === 'property' ? others : [first, ...others]
  return (kind === 'number' ? operands.find((keyword) => keyword.startsWith('number')) : null) ?? operands[0]
}

/** A property that is given without its keyword, as a name. */
const asName = (keyword: string, value: Expression): Expression => {
  const name = value.kind === 'symbol' ? value.name : value.kind === 'string' ? value.value : undefined
  return keyword === 'property' && name !== undefined ? { kind: 'identifier', name, span: value.span } : value
}

function reportPositional(
  scope: Scope,
  call: Call,
  { span }: Expression,
  read: readonly KeywordArgument[],
  keywords: readonly string[],
): void {
  const help =
    read.length > 0
      ? `write ${quote(read.map(({ key, value }) => `${key.text}: ${shown(value)}`).join(', '))}`
      : `write its keyword before each value: ${alternatives(keywords.map((keyword) => `${keyword}:`))}`
  const message = `${quote(call.name.text)} takes keyword arguments only`
  scope.report('NUTHATCH_UNKNOWN_ARGUMENT', span, message, help)
}

const shown = (value: Expression): string => (value.kind === 'identifier' ? value.name : '…')

export function reportDuplicateArgument(scope: Scope, { key, span }: KeywordArgument): void {
  scope.report(
    'NUTHATCH_DUPLICATE_ARGUMENT',
    span,
    `${quote(`${key.text}:`)} is given twice`,
    'leave one of them out',
  )
}

/** @param keywords the missing ones, all of them or one of them; none for a helper that takes file names. */
export function reportMissingArgument(
  scope: Scope,
  call: Call,
  keywords: readonly string[],
  word: 'and' | 'or' = 'and',
): void {
  const { text, span } = call.name
  const missing =
    keywords.length === 0
      ? 'the name of a program'
      : keywords.map((keyword) => quote(`${keyword}:`)).join(` ${word} `)
  const help =
    keywords.length === 0
      ? `${text}('powershell')`
      : keywords.map(exampleOf).join(word === 'and' ? ', ' : '` or `')
  scope.report('NUTHATCH_MISSING_ARGUMENT', span, `${quote(text)} lacks ${missing}`, `write \`${help}\``)
}

export function checkNoArguments(scope: Scope, call: Call): boolean {
  const { positional, keywords } = call.arguments
  const first = positional[0] ?? keywords[0]
  if (first === undefined) return true
  scope.report(
    'NUTHATCH_UNKNOWN_ARGUMENT',
    first.span,
    `${quote(call.name.text)} takes no arguments`,
    `write \`${call.name.text}\` alone`,
  )
  return false
}

export function checkNoKeywords(scope: Scope, call: Call): boolean {
  const first = call.arguments.keywords[0]
  if (first === undefined) return true
  scope.report(
    'NUTHATCH_UNKNOWN_ARGUMENT',
    first.span,
    `${quote(call.name.text)} takes file names, without a keyword`,
    `write \`${call.name.text}('powershell', 'pwsh')\``,
  )
  return false
}

function reportUnknown(
  scope: Scope,
  call: Call,
  { key }: KeywordArgument,
  keywords: readonly string[],
  meant: string | undefined,
): void {
  const name = call.name.text
  scope.report(
    'NUTHATCH_UNKNOWN_ARGUMENT',
    key.span,
    `${quote(name)} has no argument ${quote(`${key.text}:`)}`,
    otherForm(name, key.text, keywords) ?? nearest(key.text, keywords, meant),
  )
}

function nearest(given: string, keywords: readonly string[], meant: string | undefined): string {
  const near = nearestName(given, keywords) ?? meant
  return near
    ? `did you mean \`${near}:\`?`
    : `it takes ${alternatives(
        keywords.map((keyword) => `${keyword}:`),
        'and',
      )}`
}

/** `strings:` belongs to `…_any?` and `…_all?`, `string:` to the bare form. */
function otherForm(name: string, given: string, keywords: readonly string[]): string | undefined {
  const operand = keywords.find((keyword) => `${keyword}s` === given || `${given}s` === keyword)
  if (operand === undefined || !/^(string|number|pattern)s?$/.test(given)) return undefined
  return given.endsWith('s')
    ? `for several values use \`${name.replace(/\?$/, '_any?')}\`, for one write ${quote(exampleOf(operand))}`
    : `for one value write ${quote(exampleOf(operand))}, or use \`${name.replace(/_(any|all)\?$/, '?')}\``
}

const EXAMPLES: Readonly<Record<string, string>> = {
  property: 'command_line',
  string: "'…'",
  strings: "['…']",
  pattern: '/…/i',
  patterns: '[/…/i]',
  subnets: "['10.0.0.0/8']",
  numbers: '[4]',
  signers: "['Microsoft Windows']",
}

const exampleOf = (keyword: string): string => `${keyword}: ${EXAMPLES[keyword] ?? '4'}`
