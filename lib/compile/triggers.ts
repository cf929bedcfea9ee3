import type { PropertyName } from '../schema/properties.js'
import { type CostModel, termCost } from './cost.js'
import { type Expressions, isNegated, type Literal, literalOf, nodeOf } from './expressions.js'

/** Nanoseconds to look at a child that a true term names. */
const visitCost = 200

/** Terms of which at least one is true or unknown whenever the expression is. */
export interface Trigger {
  /** Nodes of Expressions. */
  readonly terms: readonly number[]
  /** Expected nanoseconds an event: the passes over their properties, and the visits they cause. */
  readonly cost: number
}

/**
 * Finds the triggers of expressions: the access predicates of publish/subscribe matching
 * (Fabret et al., "Filtering Algorithms and Implementation for Very Fast Publish/Subscribe
 * Systems", SIGMOD 2001).
 */
export class Triggers {
  readonly #expressions: Expressions
  readonly #costs: CostModel
  readonly #known = new Map<Literal, Trigger | null>()

  constructor(expressions: Expressions, costs: CostModel) {
    this.#expressions = expressions
    this.#costs = costs
  }

  /** null when the expression can be true without any term being so. */
  of(literal: Literal): Trigger | null {
    const known = this.#known.get(literal)
    if (known !== undefined) return known
    const trigger = this.#find(literal)
    this.#known.set(literal, trigger)
    return trigger
  }

  #find(literal: Literal): Trigger | null {
    const node = this.#expressions.node(literal)
    if (node.kind === 'false') return null
    if (node.kind === 'term') return isNegated(literal) ? null : this.#trigger([nodeOf(literal)])
    return isNegated(literal)
      ? this.#union(node.operands.map((operand) => this.of(operand ^ 1)))
      : this.#best(node.operands)
  }

  #best(operands: readonly Literal[]): Trigger | null {
    let best: Trigger | null = null
    for (const operand of operands) {
      const trigger = this.of(operand)
      if (trigger && (!best || trigger.cost < best.cost)) best = trigger
    }
    return best
  }

  #union(triggers: readonly (Trigger | null)[]): Trigger | null {
    const terms = new Set<number>()
    for (const trigger of triggers) {
      if (!trigger) return null
      for (const term of trigger.terms) terms.add(term)
    }
    return this.#trigger([...terms])
  }

  #trigger(terms: readonly number[]): Trigger {
    const passes = new Map<PropertyName, number>()
    let visits = 0
    for (const node of terms) {
      const term = this.#expressions.termAt(node)
      passes.set(term.property, Math.max(passes.get(term.property) ?? 0, termCost(term)))
      visits += this.#costs.probability(literalOf(node))
    }
    const cost = [...passes.values()].reduce((sum, pass) => sum + pass, visits * visitCost)
    return { terms, cost }
  }
}
