import { createHash } from 'node:crypto'
import { isNegated, type Literal, nodeOf } from '../compile/expressions.js'
import type { PlanNode, PlanRules, PlanTree } from '../compile/read-plan.js'
import { termDigest } from '../compile/terms.js'

/** What detectors ask for, told from the guards on the way to them: the same in every run, in whatever order trees ask. */
export class Definitions {
  readonly #rules: PlanRules
  readonly #keys: readonly string[]
  /** By literal. */
  readonly #texts = new Map<Literal, readonly string[]>()

  constructor(rules: PlanRules) {
    this.#rules = rules
    this.#keys = rules.terms.map(termDigest)
  }

  termKey(term: number): string {
    return this.#keys[term] as string
  }

  /** What is true when the tree has come to a node. */
  textOf({ event, nodes }: PlanTree, node: PlanNode): string {
    return `${event} ${[...new Set(guardsOf(nodes, node).flatMap((guard) => this.#operands(guard)))].sort()}`
  }

  /** Keys of the terms on the way to a node. */
  termsOf({ nodes }: PlanTree, node: PlanNode): string[] {
    return guardsOf(nodes, node).flatMap((guard) =>
      this.#rules.termsOf(guard).map((term) => this.termKey(term)),
    )
  }

  /** Of which it is the `and`. */
  #operands(literal: Literal): readonly string[] {
    const known = this.#texts.get(literal)
    if (known) return known
    const number = nodeOf(literal)
    const node = this.#rules.expressions.node(literal)
    const operands = node.kind === 'and' ? node.operands.flatMap((operand) => this.#operands(operand)) : []
    const text = node.kind === 'and' ? digest(`${[...new Set(operands)].sort()}`) : this.termKey(number)
    const texts = isNegated(literal) ? [`!${text}`] : node.kind === 'and' ? operands : [text]
    this.#texts.set(literal, texts)
    return texts
  }
}

/** Short enough for a profile. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** From the node up, without the root, which has none. */
function guardsOf(nodes: readonly PlanNode[], node: PlanNode): Literal[] {
  const above = nodes[node.parent]
  return above ? [node.guard, ...guardsOf(nodes, above)] : []
}
