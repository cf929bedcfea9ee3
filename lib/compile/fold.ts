import type { Condition, Test } from '../language/ruleset.js'
import type { EventTypeName } from '../schema/event-types.js'
import { propertyRow } from '../schema/properties.js'
import { type Expressions, FALSE, type Literal, not, TRUE } from './expressions.js'

type Gate = Extract<Condition, { kind: 'and' | 'or' }>

/**
 * Turns conditions into what they come to on one event type: there a typed test of another type is
 * false, and a property that the type cannot have is missing.
 */
export class Folder {
  readonly #event: EventTypeName
  readonly #expressions: Expressions
  /** By identity: a define that many detectors use is folded once. */
  readonly #known = new Map<Condition, Literal>()

  constructor(event: EventTypeName, expressions: Expressions) {
    this.#event = event
    this.#expressions = expressions
  }

  /** @throws NuthatchError NUTHATCH_CONDITION_TOO_DEEP */
  fold(condition: Condition): Literal {
    if (condition.kind === 'test') return this.#test(condition.test)
    const known = this.#known.get(condition)
    if (known !== undefined) return known
    const literal = condition.kind === 'not' ? not(this.fold(condition.operand)) : this.#gate(condition)
    this.#known.set(condition, literal)
    return literal
  }

  #gate(condition: Gate): Literal {
    const decides = condition.kind === 'and' ? FALSE : TRUE
    // Most conditions die here on most event types, before anything is interned.
    if (
      condition.operands.some(
        (operand) => operand.kind === 'test' && this.#constant(operand.test) === decides,
      )
    )
      return decides
    const operands: Literal[] = []
    for (const operand of condition.operands) {
      const literal = this.fold(operand)
      if (literal === decides) return decides
      operands.push(literal)
    }
    return condition.kind === 'and' ? this.#expressions.and(operands) : this.#expressions.or(operands)
  }

  #test(test: Test): Literal {
    const constant = this.#constant(test)
    if (constant !== null) return constant
    const literal = this.#expressions.term(test)
    return test.negated ? not(literal) : literal
  }

  #constant(test: Test): Literal | null {
    if (test.event !== null && test.event !== this.#event) return FALSE
    if (propertyRow(test.property)?.on.includes(this.#event)) return null
    return test.negated ? TRUE : FALSE
  }
}
