import type { Detector, RuleSet } from '../language/ruleset.js'
import { eventTypeNames } from '../schema/event-types.js'
import { CostModel, type TermCosts } from './cost.js'
import { Expressions, FALSE, type Literal, nodeOf } from './expressions.js'
import { Folder } from './fold.js'
import { buildTree, nodesOf, type Tree } from './term-tree.js'

/** What a Plan says, before it is bytes. */
export interface Program {
  /** Sorted by name: the number of a detector does not depend on the order of the rule files. */
  readonly detectors: readonly Detector[]
  readonly expressions: Expressions
  readonly costs: CostModel
  /** For each event type that has a detector. */
  readonly trees: readonly Tree[]
}

/** @throws NuthatchError NUTHATCH_CONDITION_TOO_DEEP */
export function buildProgram(ruleSet: RuleSet, termCosts?: TermCosts): Program {
  const detectors = [...ruleSet.detectors].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  const expressions = new Expressions()
  const costs = new CostModel(expressions, termCosts)
  const trees: Tree[] = []
  for (const event of eventTypeNames) {
    const folder = new Folder(event, expressions)
    const conditions = new Map<number, Literal>()
    detectors.forEach(({ condition }, number) => {
      const literal = folder.fold(condition)
      if (literal !== FALSE) conditions.set(number, literal)
    })
    if (conditions.size > 0) trees.push(buildTree(event, conditions, expressions, costs))
  }
  return { detectors, expressions, costs, trees }
}

/** Nodes of the expressions that a tree's guards are made of; operands come before their gates. */
export function expressionsOf(tree: Tree, expressions: Expressions): number[] {
  const found = new Set<number>()
  const open = nodesOf(tree).map((node) => nodeOf(node.guard))
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const expression = expressions.nodes[node]
    if (!expression || expression.kind === 'false' || found.has(node)) continue
    found.add(node)
    if (expression.kind === 'and') for (const operand of expression.operands) open.push(nodeOf(operand))
  }
  return [...found].sort((a, b) => a - b)
}
