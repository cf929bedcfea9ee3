import type { Expression, RegexLiteral } from '../ast.js'
import { quote } from '../describe.js'
import type { Scope } from '../scope.js'
import { refusedConstructs } from './regex-constructs.js'
import { reportWrongValue } from './value-kind.js'

/** Ruby's flags as RE2's: Ruby's m lets a dot match a newline, which RE2 calls s. */
const FLAGS: Readonly<Record<string, string>> = { i: 'i', m: 's' }

/**
 * The RE2 pattern of a regex literal or string, with the literal's flags in front as `(?i)`. RE2's
 * syntax and meaning hold: `^` and `$` are the ends of the text, not of a line as in Ruby.
 */
export function checkRegex(scope: Scope, value: Expression): string | null {
  if (value.kind !== 'regex' && value.kind !== 'string') {
    reportWrongValue(scope, value, 'a regular expression', 'write `/…/i`')
    return null
  }
  const flags = value.kind === 'regex' ? checkFlags(scope, value) : ''
  const pattern = value.kind === 'regex' ? value.pattern : value.value
  if (pattern === '') {
    const help = 'to ask only whether there is a value use `exists?`'
    scope.report('NUTHATCH_EMPTY_STRING', value.span, 'the pattern is empty: every value matches it', help)
    return null
  }
  if (flags === null || !checkConstructs(scope, value, pattern)) return null
  return checkNatively(scope, value, flags + pattern)
}

function checkFlags(scope: Scope, { flags, span }: RegexLiteral): string | null {
  const refused = [...flags].find((flag) => !Object.hasOwn(FLAGS, flag))
  if (refused !== undefined) {
    const end = scope.diagnostics.part(span, span.end - flags.length, span.end)
    const help =
      refused === 'x'
        ? 'write the pattern without spaces and comments'
        : 'use `i` (any case) or `m` (a dot matches a newline)'
    scope.report('NUTHATCH_INVALID_REGEX', end, `regular expressions have no flag \`${refused}\``, help)
    return null
  }
  const letters = [...new Set(flags)].map((flag) => FLAGS[flag]).sort()
  return letters.length === 0 ? '' : `(?${letters.join('')})`
}

function checkConstructs(scope: Scope, value: Expression, pattern: string): boolean {
  const constructs = refusedConstructs(pattern, value.kind === 'regex')
  for (const { index, text, problem, help } of constructs) {
    const span = partOf(scope, value, pattern, index, text.length)
    scope.report('NUTHATCH_INVALID_REGEX', span, `${quote(text)} is ${problem}`, help)
  }
  return constructs.length === 0
}

/** Part of a literal, when what is written is the pattern itself; else the whole. */
function partOf(
  scope: Scope,
  value: Expression,
  pattern: string,
  index: number,
  length: number,
): Expression['span'] {
  if (value.kind !== 'regex') return value.span
  const start = value.patternSpan.start + Buffer.byteLength(pattern.slice(0, index))
  return scope.diagnostics.part(value.span, start, start + length)
}

function checkNatively(scope: Scope, value: Expression, pattern: string): string | null {
  let problem = scope.patternProblems.get(pattern)
  if (problem === undefined) {
    problem = scope.checkPattern(pattern)
    scope.patternProblems.set(pattern, problem)
  }
  if (problem === null) return pattern
  scope.report(
    'NUTHATCH_INVALID_REGEX',
    value.span,
    `RE2 refuses this pattern: ${problem}`,
    'syntax: github.com/google/re2/wiki/Syntax',
  )
  return null
}
