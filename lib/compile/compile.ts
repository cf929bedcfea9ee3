import type { Condition, RuleSet } from '../language/ruleset.js'
import type { EventTypeName } from '../schema/event-types.js'
import type { TermCosts } from './cost.js'
import { writePlan } from './plan.js'
import { buildProgram, expressionsOf, type Program } from './program.js'
import { nodesOf } from './term-tree.js'

export interface CompiledRules {
  /** The Plan, for the native engine or for a file. */
  readonly plan: Uint8Array
  readonly program: Program
  readonly statistics: CompileStatistics
}

/** What came of the detectors. */
export interface CompileStatistics {
  /** Detectors compiled. */
  readonly detectors: number
  /** Predicates, as often as detectors use them. */
  readonly terms: number
  /** Of these, different ones. */
  readonly distinctTerms: number
  /** Of each event type that some detector can be true on. */
  readonly eventTypes: Readonly<Partial<Record<EventTypeName, TreeStatistics>>>
}

/** What the tree of one event type holds. */
export interface TreeStatistics {
  /** Detectors that can be true on the type. */
  readonly detectors: number
  /** Different terms. */
  readonly terms: number
  /** Gates: distinct `&&` and `||` expressions. */
  readonly expressions: number
  /** Nodes of the tree. */
  readonly treeNodes: number
  /** Children of the root that no pass can rule out. */
  readonly alwaysVisited: number
}

/**
 * Compiles checked rules; `mappings` are those of lib/standardize/encode.ts.
 * The same rules and costs give the same bytes, in whatever order their files were read. Costs only make an order.
 * @throws NuthatchError NUTHATCH_CONDITION_TOO_DEEP
 */
export function compileRules(ruleSet: RuleSet, mappings: Uint8Array, termCosts?: TermCosts): CompiledRules {
  const program = buildProgram(ruleSet, termCosts)
  return { plan: writePlan(program, mappings), program, statistics: statisticsOf(program) }
}

export function statisticsOf(program: Program): CompileStatistics {
  const distinct = new Set<number>()
  const eventTypes: { [E in EventTypeName]?: TreeStatistics } = {}
  for (const tree of program.trees) {
    const nodes = expressionsOf(tree, program.expressions)
    const terms = nodes.filter((node) => program.expressions.nodes[node]?.kind === 'term')
    for (const term of terms) distinct.add(term)
    const treeNodes = nodesOf(tree)
    eventTypes[tree.event] = {
      detectors: treeNodes.reduce((count, node) => count + node.detectors.length, 0),
      terms: terms.length,
      expressions: nodes.length - terms.length,
      treeNodes: treeNodes.length,
      alwaysVisited: tree.root.children.filter((child) => child.triggers === null).length,
    }
  }
  const countTests = testCounter()
  return {
    detectors: program.detectors.length,
    terms: program.detectors.reduce((count, { condition }) => count + countTests(condition), 0),
    distinctTerms: distinct.size,
    eventTypes,
  }
}

/** Counts the tests of conditions; a define that many share is walked once. */
function testCounter(): (condition: Condition) => number {
  const known = new Map<Condition, number>()
  const count = (condition: Condition): number => {
    if (condition.kind === 'test') return 1
    let total = known.get(condition)
    if (total === undefined) {
      const operands = condition.kind === 'not' ? [condition.operand] : condition.operands
      total = operands.reduce((sum, operand) => sum + count(operand), 0)
      known.set(condition, total)
    }
    return total
  }
  return count
}
