import { NuthatchError } from '../errors.js'
import type { Test } from '../language/ruleset.js'
import { type Term, termKey, termOf } from './terms.js'

/**
 * A node of Expressions, and whether it is negated: node * 2 + (negated ? 1 : 0). Negation costs no
 * node, and an `or` is the negated `and` of its negated operands, so one kind of gate serves
 * (an and-inverter graph: Kuehlmann et al., "Robust Boolean Reasoning", 2002). De Morgan's laws
 * hold in Kleene's logic too.
 */
export type Literal = number

/** Of gates within gates; the evaluator recurses as deep (native/evaluate/plan_reader.h). */
export const maxGateDepth = 256

export const FALSE: Literal = 0
export const TRUE: Literal = 1

export const not = (literal: Literal): Literal => literal ^ 1
export const isNegated = (literal: Literal): boolean => (literal & 1) === 1
export const nodeOf = (literal: Literal): number => literal >> 1
/** The literal of a node that is not negated. */
export const literalOf = (node: number): Literal => node * 2

export type ExpressionNode =
  | { readonly kind: 'false' }
  | { readonly kind: 'term'; readonly term: Term }
  | { readonly kind: 'and'; readonly operands: readonly Literal[] }

/**
 * Hash-consed expressions: equal ones are one node, whatever the order of their operands. Operands
 * come before the gates that use them. Laws that fail for Kleene's unknown, such as
 * `x && !x` = false, are not used.
 */
export class Expressions {
  readonly nodes: ExpressionNode[] = [{ kind: 'false' }]
  /** By node: gates on the longest way down, itself included. */
  readonly #depths: number[] = [0]
  readonly #terms = new Map<string, Literal>()
  readonly #gates = new Map<string, Literal>()
  readonly #tests = new Map<Test, Literal>()

  /** The positive term of a test; the sign and event type of the test are the caller's. */
  term(test: Test): Literal {
    const known = this.#tests.get(test)
    if (known !== undefined) return known
    const term = termOf(test)
    const literal = this.#intern(this.#terms, termKey(term), { kind: 'term', term })
    this.#tests.set(test, literal)
    return literal
  }

  and(literals: Iterable<Literal>): Literal {
    const distinct = new Set<Literal>()
    for (const literal of literals) {
      if (literal === FALSE) return FALSE
      for (const factor of this.factors(literal)) distinct.add(factor)
    }
    const operands = [...distinct].sort((a, b) => a - b)
    if (operands.length < 2) return operands[0] ?? TRUE
    return this.#intern(this.#gates, operands.join(), { kind: 'and', operands })
  }

  or(literals: Iterable<Literal>): Literal {
    return not(this.and([...literals].map(not)))
  }

  /** What an expression is the conjunction of: itself, unless it is an `and`; nothing for TRUE. */
  factors(literal: Literal): readonly Literal[] {
    if (literal === TRUE) return []
    const node = this.node(literal)
    return node.kind === 'and' && !isNegated(literal) ? node.operands : [literal]
  }

  node(literal: Literal): ExpressionNode {
    return this.nodes[nodeOf(literal)] as ExpressionNode
  }

  /** The term of a node that is one. */
  termAt(node: number): Term {
    const found = this.nodes[node]
    if (found?.kind !== 'term') throw new Error(`node ${node} is not a term`)
    return found.term
  }

  #intern(known: Map<string, Literal>, key: string, node: ExpressionNode): Literal {
    let literal = known.get(key)
    if (literal === undefined) {
      literal = literalOf(this.nodes.push(node) - 1)
      this.#depths.push(this.#depthOf(node))
      known.set(key, literal)
    }
    return literal
  }

  #depthOf(node: ExpressionNode): number {
    if (node.kind !== 'and') return 0
    const depth =
      node.operands.reduce(
        (deepest, operand) => Math.max(deepest, this.#depths[nodeOf(operand)] as number),
        0,
      ) + 1
    if (depth <= maxGateDepth) return depth
    const message = `A condition has more than ${maxGateDepth} levels of && within || within &&. Write it flatter.`
    throw new NuthatchError('NUTHATCH_CONDITION_TOO_DEEP', message)
  }
}
