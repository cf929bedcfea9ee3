import { type EventTypeName, eventTypeNames } from '../schema/event-types.js'
import { type PropertyName, properties } from '../schema/properties.js'
import type { Condition, Test } from './ruleset.js'

/** A set of event types: bit i is the type with id i. */
export type EventMask = bigint

export const allEvents: EventMask = (1n << BigInt(eventTypeNames.length)) - 1n

const maskOf = (names: readonly EventTypeName[]): EventMask =>
  names.reduce((mask, name) => mask | (1n << BigInt(eventTypeNames.indexOf(name))), 0n)

const propertyMasks = new Map<string, EventMask>(
  Object.entries(properties).map(([name, row]) => [name, maskOf(row.on)]),
)
const eventMasks = new Map<string, EventMask>(eventTypeNames.map((name) => [name, maskOf([name])]))

/** On which event types a condition can be true, and on which it can be false. */
export interface Outcomes {
  readonly canBeTrue: EventMask
  readonly canBeFalse: EventMask
}

/**
 * Judges by event types alone: a typed test is false on other types, and a property that a type
 * cannot have is missing there. Conditions share parts; each is judged once.
 */
export class EventMasks {
  readonly #known = new Map<Condition, Outcomes>()

  of(condition: Condition): Outcomes {
    if (condition.kind === 'test') return ofTest(condition.test)
    const known = this.#known.get(condition)
    if (known !== undefined) return known
    const outcomes = this.#ofGate(condition)
    this.#known.set(condition, outcomes)
    return outcomes
  }

  #ofGate(condition: Exclude<Condition, { kind: 'test' }>): Outcomes {
    if (condition.kind === 'not') {
      const { canBeTrue, canBeFalse } = this.of(condition.operand)
      return { canBeTrue: canBeFalse, canBeFalse: canBeTrue }
    }
    let all = allEvents
    let some = 0n
    const isAnd = condition.kind === 'and'
    for (const operand of condition.operands) {
      const { canBeTrue, canBeFalse } = this.of(operand)
      all &= isAnd ? canBeTrue : canBeFalse
      some |= isAnd ? canBeFalse : canBeTrue
    }
    return isAnd ? { canBeTrue: all, canBeFalse: some } : { canBeTrue: some, canBeFalse: all }
  }
}

function ofTest({ event, property, negated }: Test): Outcomes {
  const there = event === null ? allEvents : (eventMasks.get(event) ?? 0n)
  const open = there & maskOfProperty(property)
  // Where the property cannot be, the positive test is false and its twin true.
  const missing = there & ~open
  return negated
    ? { canBeTrue: there, canBeFalse: open | (allEvents & ~there) }
    : { canBeTrue: open, canBeFalse: open | missing | (allEvents & ~there) }
}

const maskOfProperty = (property: PropertyName): EventMask => propertyMasks.get(property) ?? 0n

/** The event types in a mask. */
export const eventsIn = (mask: EventMask): string[] =>
  eventTypeNames.filter((_, id) => ((mask >> BigInt(id)) & 1n) === 1n)
