import { type EventTypeName, eventTypeNames } from '../schema/event-types.js'
import { type MatchKind, matchKinds } from '../schema/match-kinds.js'
import { type PropertyName, propertyNames } from '../schema/properties.js'
import { ByteReader } from './byte-reader.js'
import { type ExpressionNode, type Literal, nodeOf } from './expressions.js'
import { planSection } from './plan.js'
import type { ExpressionSource } from './render-expression.js'
import type { Term } from './terms.js'

/** The section RULE of a Plan, as RuleWriter (plan.ts) wrote it. Literals are of the Plan's own numbers. */
export interface PlanRules extends ExpressionSource {
  readonly terms: readonly Term[]
  /** Names. */
  readonly detectors: readonly string[]
  readonly trees: readonly PlanTree[]
  /** The terms that an expression is made of, each once. */
  termsOf(literal: Literal): readonly number[]
}

export interface PlanTree {
  readonly event: EventTypeName
  /** The root first, parents before their children; numbered as in the native Plan. */
  readonly nodes: readonly PlanNode[]
}

export interface PlanNode {
  readonly guard: Literal
  readonly detectors: readonly number[]
  /** -1: the root. */
  parent: number
  depth: number
  /** Terms whose hits lead here; none: always looked at. */
  readonly triggers: number[]
}

/** Of bytes that the native engine has taken. */
export function readPlanRules(plan: Uint8Array): PlanRules {
  const reader = new ByteReader(planSection(plan, 'RULE'))
  const terms = reader.list(() => readTerm(reader))
  const gates = reader.list(() => reader.list(() => reader.u32()))
  const detectors = reader.list(() => {
    const name = reader.text()
    reader.text() // its members, for detections
    return name
  })
  reader.list(() => [reader.u16(), reader.list(() => reader.u32())]) // passes
  const trees = reader.list(() => readTree(reader))
  return { terms, detectors, trees, ...expressionsOf(terms, gates) }
}

function expressionsOf(
  terms: readonly Term[],
  gates: readonly (readonly Literal[])[],
): ExpressionSource & Pick<PlanRules, 'termsOf'> {
  const node = (literal: Literal): ExpressionNode => {
    if (literal === ROOT_GUARD) return { kind: 'false' }
    const number = nodeOf(literal)
    const term = terms[number]
    return term ? { kind: 'term', term } : { kind: 'and', operands: gates[number - terms.length] ?? [] }
  }
  const termsOf = (literal: Literal): number[] => {
    if (literal === ROOT_GUARD) return []
    const seen = new Set([nodeOf(literal)])
    // The set grows while it is walked.
    for (const number of seen)
      for (const operand of gates[number - terms.length] ?? []) seen.add(nodeOf(operand))
    return [...seen].filter((number) => number < terms.length)
  }
  // A Plan has the operands in the order in which they are asked.
  return { expressions: { node }, costs: { order: (operands) => operands }, termsOf }
}

/** A Plan has no number for it, as it is the root's only. Negated, so that it reads as true. */
const ROOT_GUARD: Literal = -1

function readTerm(reader: ByteReader): Term {
  const property = propertyNames[reader.u16()] as PropertyName
  const match = matchKinds[reader.u8()] as MatchKind
  const flags = reader.u8()
  const strings = reader.list(() => reader.text())
  const numbers = reader.list(() => reader.f64())
  return { property, match, all: (flags & 1) !== 0, caseSensitive: (flags & 2) !== 0, strings, numbers }
}

function readTree(reader: ByteReader): PlanTree {
  const event = eventTypeNames[reader.u16()] as EventTypeName
  reader.list(() => reader.u32()) // passes
  const links: { readonly parent: number; readonly child: number; readonly trigger: number | null }[] = []
  let number = 0
  const nodes = reader.list((): PlanNode => {
    const parent = number++
    const guard = parent === 0 ? ROOT_GUARD : reader.u32()
    const detectors = reader.list(() => reader.u32())
    const link = (trigger: number | null) =>
      reader.list(() => links.push({ parent, child: reader.u32(), trigger }))
    link(null)
    reader.list(() => [reader.u16(), reader.list(() => link(reader.u32()))])
    return { guard, detectors, parent: -1, depth: 0, triggers: [] }
  })
  for (const { parent, child, trigger } of links) {
    const node = nodes[child] as PlanNode
    node.parent = parent
    node.depth = (nodes[parent] as PlanNode).depth + 1
    if (trigger !== null) node.triggers.push(trigger)
  }
  return { event, nodes }
}
