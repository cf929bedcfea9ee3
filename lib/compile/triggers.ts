import type { PropertyName } from '../schema/properties.js'
import type { CostModel } from './cost.js'
import { type Expressions, isNegated, type Literal, literalOf, nodeOf } from './expressions.js'
import type { TreeNode } from './term-tree.js'

/** Nanoseconds to look at a child that a true term names. */
const visitCost = 200

/** With fewer children than this, looking at each is cheaper than looking up which the hits name. */
const minIndexedChildren = 8

/**
 * Sets the triggers of every node of a tree. The passes that the triggers of a node's children use
 * are run whenever the node is reached, so they cost nothing more for the other children, nor below:
 * a first choice finds these passes, a second one makes the most of them.
 */
export function setTriggers(root: TreeNode, expressions: Expressions, costs: CostModel): void {
  const open: { node: TreeNode; run: ReadonlySet<PropertyName> }[] = [{ node: root, run: new Set() }]
  for (let next = open.pop(); next; next = open.pop()) {
    let { node, run } = next
    if (node === root || node.children.length >= minIndexedChildren) {
      const first = new Triggers(expressions, costs, run)
      const terms = node.children.flatMap((child) => first.of(child.guard)?.terms ?? [])
      run = new Set([...run, ...terms.map((term) => expressions.termAt(term).property)])
      const second = new Triggers(expressions, costs, run)
      for (const child of node.children) child.triggers = second.of(child.guard)?.terms ?? null
    }
    for (const child of node.children) open.push({ node: child, run })
  }
}

/** Terms of which at least one is true or unknown whenever the expression is. */
interface Trigger {
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
class Triggers {
  readonly #expressions: Expressions
  readonly #costs: CostModel
  readonly #free: ReadonlySet<PropertyName>
  readonly #known = new Map<Literal, Trigger | null>()

  /** `free` are properties whose passes are run whether or not these triggers use them. */
  constructor(expressions: Expressions, costs: CostModel, free: ReadonlySet<PropertyName>) {
    this.#expressions = expressions
    this.#costs = costs
    this.#free = free
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
      const pass = this.#free.has(term.property) ? 0 : this.#costs.cost(literalOf(node))
      passes.set(term.property, Math.max(passes.get(term.property) ?? 0, pass))
      visits += this.#costs.probability(literalOf(node))
    }
    const cost = [...passes.values()].reduce((sum, pass) => sum + pass, visits * visitCost)
    return { terms, cost }
  }
}
