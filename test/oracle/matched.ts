/** Which terms made a detector true, by plain recursion over its condition. */
import { matchRows } from '../../lib/language/matches.js'
import type { Condition, PropertyValue, StandardEvent, Test } from '../../lib/language/ruleset.js'
import { propertyNames, propertyRow } from '../../lib/schema/properties.js'
import { evaluate, fold, singleValueMatches } from './evaluate.js'

/** A test, and whether it is its match or the negation of it that holds. */
interface Reason {
  readonly test: Test
  readonly negated: boolean
}

/** The entries of `matched` as text, sorted and distinct; null with too many to report. */
export function expectedMatches(condition: Condition, event: StandardEvent): string[] | null {
  const entries = reasons(condition, event, true, pendingEvent(event)).map((reason) =>
    entriesOf(reason, event),
  )
  return entries.some(({ length }) => length > 32) ? null : distinct(entries.flat())
}

/** The same of a report on the event. */
export function reportedMatches(
  matched: readonly { property: string; match: string; value?: unknown; pattern?: unknown }[],
  event: StandardEvent,
): string[] {
  return distinct(
    matched.map(({ property, match, value, pattern }) => {
      const own = event[property as keyof StandardEvent]
      return entry(property, match, isAbout(value, own) ? own : value, pattern)
    }),
  )
}

/** Entropies are summed in another order than here, and differ in their last digits. */
const isAbout = (reported: unknown, value: unknown): boolean =>
  typeof reported === 'number' && typeof value === 'number' && Math.abs(reported - value) < 1e-9

/** What makes a condition the wanted truth: all such operands of a gate. */
function reasons(
  condition: Condition,
  event: StandardEvent,
  wanted: boolean,
  undecided: StandardEvent,
): Reason[] {
  if (evaluate(condition, event) !== wanted) return []
  // What the event's type alone decides is no reason.
  if (evaluate(condition, undecided) !== undefined) return []
  switch (condition.kind) {
    case 'not':
      return reasons(condition.operand, event, !wanted, undecided)
    case 'test':
      return [{ test: condition.test, negated: condition.test.negated === wanted }]
    default:
      return condition.operands.flatMap((operand) => reasons(operand, event, wanted, undecided))
  }
}

/** An event of the same type of which nothing is known. */
function pendingEvent({ event_type }: StandardEvent): StandardEvent {
  const known = propertyNames.filter((name) => propertyRow(name)?.on.includes(event_type))
  return {
    event_type,
    ...Object.fromEntries(known.map((name) => [name, { pending: true }])),
  } as StandardEvent
}

function entriesOf({ test, negated }: Reason, event: StandardEvent): string[] {
  const row = matchRows.find(({ kind, onNumber }) => kind === test.match || onNumber === test.match)
  const name = (negated ? row?.negative : row?.name) ?? test.match
  const values = valuesOf(event[test.property])
  if (negated)
    return values.length === 0
      ? [entry(test.property, name)]
      : values.map((v) => entry(test.property, name, v))
  return values
    .filter((value) => singleValueMatches(test, value))
    .flatMap((value) => patternsOf(test, value).map((pattern) => entry(test.property, name, value, pattern)))
}

const valuesOf = (value: PropertyValue | undefined): (string | number | boolean)[] =>
  value === undefined ? [] : ((Array.isArray(value) ? value : [value]) as (string | number | boolean)[])

/** Those of the test's that match the value; undefined for a test without. */
function patternsOf(test: Test, value: string | number | boolean): (string | number | undefined)[] {
  if (test.match === 'between') return [test.numbers.join('..')]
  const single = (pattern: string | number) =>
    typeof pattern === 'string' ? { ...test, strings: [pattern] } : { ...test, numbers: [pattern] }
  const patterns = [...test.strings, ...test.numbers]
  if (patterns.length === 0) return [undefined]
  return patterns.filter((pattern) => singleValueMatches(single(pattern), value))
}

/** Long values are cut in reports; detectors that differ in case share a term, spelled as one of them has it. */
function entry(property: string, match: string, value?: unknown, pattern?: unknown): string {
  const long = typeof value === 'string' && Buffer.byteLength(value) >= 1000
  return JSON.stringify([
    property,
    match,
    long ? 'long' : value,
    typeof pattern === 'string' ? fold(pattern) : pattern,
  ])
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].sort()
