import type { EventTypeName } from '../schema/event-types.js'
import type { MatchKind } from '../schema/match-kinds.js'
import type { PropertyName } from '../schema/properties.js'
import type { Condition, Span, Test } from './ruleset.js'

/** Makes conditions: what helpers expand to. */

export const and = (...operands: Condition[]): Condition => chain('and', operands)
export const or = (...operands: Condition[]): Condition => chain('or', operands)
export const not = (operand: Condition): Condition => ({ kind: 'not', operand })

/** One `and` or `or` of the operands, with operands of the same kind taken apart. */
export function chain(kind: 'and' | 'or', operands: readonly Condition[]): Condition {
  const flat = operands.flatMap((operand) => (operand.kind === kind ? operand.operands : [operand]))
  return flat.length === 1 ? (flat[0] as Condition) : { kind, operands: flat }
}

/** The does_not_ twin of a test: true when the property is missing, and false on the event types where the test is. */
export const twin = ({ test }: TestCondition): TestCondition => ({
  kind: 'test',
  test: { ...test, negated: !test.negated },
})

export type TestCondition = Extract<Condition, { kind: 'test' }>

/** Makes tests, each with the place of the call that it comes from. */
export class TestBuilder {
  readonly span: Span

  constructor(span: Span) {
    this.span = span
  }

  /** A test on any event type. */
  any(property: PropertyName, match: MatchKind, strings: readonly string[] = []): TestCondition {
    return this.on(null, property, match, strings)
  }

  on(
    event: EventTypeName | null,
    property: PropertyName,
    match: MatchKind,
    strings: readonly string[] = [],
  ): TestCondition {
    const test: Test = {
      event,
      property,
      match,
      strings,
      numbers: [],
      all: false,
      negated: false,
      caseSensitive: false,
      span: this.span,
    }
    return { kind: 'test', test }
  }
}
