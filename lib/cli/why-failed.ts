import { readFile } from 'node:fs/promises'
import { loadDetectors } from '../detectors.js'
import { visible } from '../language/display-text.js'
import type { Condition, Detector, Example, StandardEvent, Test } from '../language/ruleset.js'
import { type PropertyRow, properties } from '../schema/properties.js'

/** A condition, of which the answer is `isTrue`. */
interface Cause {
  readonly condition: Condition
  readonly isTrue: boolean
}

/** The calls of a detector that kept it from firing on an example, or made it fire on one that it should ignore. */
export async function whyFailed(detector: Detector, { kind, event }: Example): Promise<string[]> {
  const parts = partsOf(detector.condition)
  const detectors = parts.map((condition, index) => ({ ...detector, name: `${index}`, condition }))
  const fired = await loadDetectors({ ruleSet: { detectors }, warnings: [] }).evaluateEvents(event)
  const isTrue = new Map(parts.map((part) => [part, false]))
  for (const { detector: index } of fired) isTrue.set(parts[Number(index)] as Condition, true)
  const causes = causesOf(detector.condition, kind === 'fires_on', isTrue)
  const reasons = await Promise.all(causes.map((cause) => describe(cause, event)))
  return reasons.length === 0 ? ['a property that is pending leaves it undecided'] : [...new Set(reasons)]
}

function partsOf(condition: Condition): Condition[] {
  if (condition.kind === 'test') return [condition]
  const operands = condition.kind === 'not' ? [condition.operand] : condition.operands
  return [condition, ...operands.flatMap(partsOf)]
}

const testsOf = (condition: Condition): Test[] =>
  partsOf(condition).flatMap((part) => (part.kind === 'test' ? [part.test] : []))

/** What made a condition not what was wanted, in calls as they are written. */
function causesOf(condition: Condition, wanted: boolean, isTrue: ReadonlyMap<Condition, boolean>): Cause[] {
  if (isTrue.get(condition) === wanted) return []
  const calls = new Set(testsOf(condition).map(({ span }) => span))
  if (calls.size <= 1 && condition.kind !== 'not') return [{ condition, isTrue: !wanted }]
  if (condition.kind === 'not') return causesOf(condition.operand, !wanted, isTrue)
  if (condition.kind === 'test') return []
  return condition.operands.flatMap((operand) => causesOf(operand, wanted, isTrue))
}

const MOST_SHOWN = 100

async function describe({ condition, isTrue }: Cause, event: StandardEvent): Promise<string> {
  const [test, ...more] = testsOf(condition) as [Test, ...Test[]]
  const { file, start, end } = test.span
  const written = (await readFile(file)).subarray(start, end).toString().replace(/\s+/g, ' ')
  const shown = written.length > MOST_SHOWN ? `${written.slice(0, MOST_SHOWN)}…` : written
  const isPending = more.length === 0 && JSON.stringify(givenValue(test, event)[1]) === '{"pending":true}'
  const answer = `\`${visible(shown)}\` is ${isPending ? 'undecided' : isTrue}`
  return more.length > 0 ? answer : `${answer}: ${stateOf(test, event)}`
}

function stateOf({ event: type, property }: Test, event: StandardEvent): string {
  if (type !== null && type !== event.event_type) return `the event is of type ${event.event_type}`
  const [name, value] = givenValue({ property }, event)
  return value === undefined
    ? `the event has no ${name}`
    : `${name} is ${visible(JSON.stringify(value).slice(0, MOST_SHOWN))}`
}

/** Of the property that is given, from which the one asked for may be derived. */
function givenValue({ property }: Pick<Test, 'property'>, event: StandardEvent): [string, unknown] {
  const { derivedFrom = property }: PropertyRow = properties[property]
  return [derivedFrom, event[derivedFrom as keyof StandardEvent]]
}
