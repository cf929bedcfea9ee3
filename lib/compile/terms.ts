import { createHash } from 'node:crypto'
import type { Test } from '../language/ruleset.js'
import type { MatchKind } from '../schema/match-kinds.js'
import type { PropertyName } from '../schema/properties.js'

/** The positive half of a predicate, as native/evaluate/term.h has it; any number of detectors share it. */
export interface Term {
  readonly property: PropertyName
  readonly match: MatchKind
  readonly all: boolean
  readonly caseSensitive: boolean
  /** Sorted and distinct. */
  readonly strings: readonly string[]
  /** Sorted and distinct, except for `between`, whose numbers are [min, max]. */
  readonly numbers: readonly number[]
}

const comparesText: ReadonlySet<MatchKind> = new Set<MatchKind>([
  'equals',
  'includes',
  'starts_with',
  'ends_with',
])

/** The term of a test, in the normal form in which equal predicates are the same. */
export function termOf(test: Test): Term {
  const { property, match } = test
  // Elsewhere case means nothing: a pattern has its inline flags.
  const caseSensitive = comparesText.has(match) ? test.caseSensitive : true
  const strings = distinctStrings(test.strings, caseSensitive)
  const numbers = match === 'between' ? test.numbers : [...new Set(test.numbers)].sort((a, b) => a - b)
  return {
    property,
    match,
    all: test.all && strings.length + numbers.length > 1,
    caseSensitive,
    strings,
    numbers,
  }
}

/** Equal for equal terms, and for those that differ in the case of A to Z when case does not count. */
export function termKey(term: Term): string {
  const strings = term.caseSensitive ? term.strings : term.strings.map(foldAscii)
  return JSON.stringify([term.property, term.match, term.all, term.caseSensitive, strings, term.numbers])
}

/** Short, and the same in every run for equal terms: what a term is called in a profile. */
export const termDigest = (term: Term): string =>
  createHash('sha256').update(termKey(term)).digest('hex').slice(0, 16)

function distinctStrings(strings: readonly string[], caseSensitive: boolean): string[] {
  const byKey = new Map<string, string>()
  for (const text of [...strings].sort()) {
    const key = caseSensitive ? text : foldAscii(text)
    if (!byKey.has(key)) byKey.set(key, text)
  }
  return [...byKey.keys()].sort().map((key) => byKey.get(key) as string)
}

const foldAscii = (text: string): string => text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase())
