import type { Call, KeywordArgument } from '../ast.js'
import { alternatives, quote } from '../describe.js'
import { nearestName } from '../nearest-name.js'
import type { Scope } from '../scope.js'

export interface BoundArguments {
  readonly bound: ReadonlyMap<string, KeywordArgument>
  /** False when an argument was refused or could not be read, so that another may be meant by it. */
  readonly fits: boolean
}

/** Sorts a call's keyword arguments by name; refuses unknown, repeated and positional ones. */
export function bindArguments(scope: Scope, call: Call, keywords: readonly string[]): BoundArguments {
  const bound = new Map<string, KeywordArgument>()
  let fits = true
  for (const argument of call.arguments.keywords) {
    const { text } = argument.key
    if (!keywords.includes(text)) {
      reportUnknown(scope, call, argument, keywords)
      fits = false
    } else if (bound.has(text)) {
      reportDuplicateArgument(scope, argument)
    } else bound.set(text, argument)
  }
  const [first] = call.arguments.positional
  if (first !== undefined) {
    fits = false
    const help = `write its keyword before each value: ${alternatives(keywords.map((keyword) => `${keyword}:`))}`
    const message = `${quote(call.name.text)} takes keyword arguments only`
    if (first.kind !== 'broken') scope.report('NUTHATCH_UNKNOWN_ARGUMENT', first.span, message, help)
  }
  return { bound, fits }
}

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
): void {
  const name = call.name.text
  scope.report(
    'NUTHATCH_UNKNOWN_ARGUMENT',
    key.span,
    `${quote(name)} has no argument ${quote(`${key.text}:`)}`,
    otherForm(name, key.text, keywords) ?? nearest(key.text, keywords),
  )
}

function nearest(given: string, keywords: readonly string[]): string {
  const near = nearestName(given, keywords)
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
}

const exampleOf = (keyword: string): string => `${keyword}: ${EXAMPLES[keyword] ?? '4'}`
