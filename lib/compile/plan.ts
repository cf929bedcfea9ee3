import { crc32 } from 'node:zlib'
import { addTo } from '../add-to.js'
import { NuthatchError } from '../errors.js'
import type { Detector, DetectorInfo } from '../language/ruleset.js'
import { eventTypeId } from '../schema/event-types.js'
import { schemaHash } from '../schema/hash.js'
import { matchKinds } from '../schema/match-kinds.js'
import { type PropertyName, propertyId } from '../schema/properties.js'
import { ByteWriter } from './byte-writer.js'
import { isNegated, type Literal, nodeOf } from './expressions.js'
import { expressionsOf, type Program } from './program.js'
import { nodesOf, type Tree, type TreeNode } from './term-tree.js'
import type { Term } from './terms.js'

/** native/model/plan_file.h has the same. */
export const planVersion = 1
/** Magic, version, schema hash, checksum. */
const headerBytes = 8 + 4 + 8 + 4

/**
 * Writes a Plan: the header and its sections, RULE for native/evaluate (read by
 * native/evaluate/plan_reader.cc), MAPS, the encoded mappings, for native/telemetry, and META, the
 * detectors as JSON, for readPlanDetectors.
 */
export function writePlan(program: Program, mappings: Uint8Array): Uint8Array {
  const body = new ByteWriter()
  section(body, 'RULE', new RuleWriter(program).write())
  section(body, 'MAPS', mappings)
  section(body, 'META', new TextEncoder().encode(JSON.stringify(program.detectors.map(infoOf))))
  const bytes = body.finish()

  const plan = new ByteWriter()
  plan.bytes(new TextEncoder().encode('NUTHATCH'))
  plan.u32(planVersion)
  plan.u64(schemaHash())
  plan.u32(crc32(bytes))
  plan.bytes(bytes)
  return plan.finish()
}

/**
 * The detectors of a Plan, by name, from bytes that the native engine has taken.
 * @throws NuthatchError NUTHATCH_PLAN_CORRUPT
 */
export function readPlanDetectors(plan: Uint8Array): DetectorInfo[] {
  try {
    const infos = JSON.parse(new TextDecoder().decode(planSection(plan, 'META')))
    if (Array.isArray(infos) && infos.every((info) => typeof info?.name === 'string')) return infos
    throw new TypeError('META is not a list of detectors')
  } catch (cause) {
    throw new NuthatchError(
      'NUTHATCH_PLAN_CORRUPT',
      'The Plan does not say which detectors it has. Compile the rules again.',
      { cause },
    )
  }
}

/**
 * The bytes of a Plan's section; the Plan is one that the native engine has taken.
 * @throws RangeError when there is none
 */
export function planSection(plan: Uint8Array, id: string): Uint8Array {
  const view = new DataView(plan.buffer, plan.byteOffset, plan.byteLength)
  for (let at = headerBytes; ; at += 8 + view.getUint32(at + 4, true)) {
    const name = new TextDecoder().decode(plan.subarray(at, at + 4))
    if (name === id) return plan.subarray(at + 8, at + 8 + view.getUint32(at + 4, true))
  }
}

function infoOf({
  name,
  title,
  description,
  severity,
  attack,
  references,
  metadata,
}: Detector): DetectorInfo {
  return { name, title, description, severity, attack, references, metadata }
}

function section(writer: ByteWriter, id: string, bytes: Uint8Array): void {
  writer.bytes(new TextEncoder().encode(id))
  writer.u32(bytes.length)
  writer.bytes(bytes)
}

/** Terms that one pass over a property answers: those that some tree asks of it. */
interface Matcher {
  readonly property: PropertyName
  /** Plan numbers, ascending. */
  readonly terms: readonly number[]
}

/** Writes the section RULE. In a Plan the terms are numbered first, then the gates. */
class RuleWriter {
  readonly #program: Program
  readonly #writer = new ByteWriter()
  /** Nodes of Expressions that the Plan holds, in its order. */
  readonly #terms: number[]
  readonly #gates: number[]
  /** Plan number of a node of Expressions. */
  readonly #numbers: ReadonlyMap<number, number>
  readonly #matchers: Matcher[] = []
  /** For each tree the indices of its matchers. */
  readonly #matchersOf: number[][]

  constructor(program: Program) {
    this.#program = program
    const { expressions, trees } = program
    const nodesByTree = trees.map((tree) => expressionsOf(tree, expressions))
    const nodes = [...new Set(nodesByTree.flat())].sort((a, b) => a - b)
    const isTerm = (node: number) => expressions.nodes[node]?.kind === 'term'
    const property = (node: number) => propertyId(expressions.termAt(node).property)
    this.#terms = nodes.filter(isTerm).sort((a, b) => property(a) - property(b) || a - b)
    this.#gates = nodes.filter((node) => !isTerm(node))
    this.#numbers = new Map([...this.#terms, ...this.#gates].map((node, number) => [node, number]))
    const known = new Map<string, number>()
    this.#matchersOf = nodesByTree.map((nodes) => this.#findMatchers(nodes.filter(isTerm), known))
  }

  write(): Uint8Array {
    const { detectors, expressions, costs, trees } = this.#program
    this.#writer.list(this.#terms, (node) => this.#term(expressions.termAt(node)))
    this.#writer.list(this.#gates, (node) => {
      const gate = expressions.nodes[node]
      const operands = gate?.kind === 'and' ? costs.order(gate.operands) : []
      this.#writer.list(operands, (operand) => this.#literal(operand))
    })
    this.#writer.list(detectors, (detector) => {
      this.#writer.text(detector.name)
      this.#writer.text(detectorMembers(detector))
    })
    this.#writer.list(this.#matchers, ({ property, terms }) => {
      this.#writer.u16(propertyId(property))
      this.#writer.list(terms, (term) => this.#writer.u32(term))
    })
    this.#writer.u32(trees.length)
    for (const [i, tree] of trees.entries()) this.#tree(tree, this.#matchersOf[i] ?? [])
    return this.#writer.finish()
  }

  /** Event types that ask the same of a property share the matcher. */
  #findMatchers(terms: readonly number[], known: Map<string, number>): number[] {
    const byProperty = new Map<PropertyName, number[]>()
    for (const node of terms) {
      addTo(byProperty, this.#program.expressions.termAt(node).property, this.#number(node))
    }
    return [...byProperty].map(([property, numbers]) => {
      const terms = numbers.sort((a, b) => a - b)
      const key = terms.join()
      const index = known.get(key) ?? this.#matchers.push({ property, terms }) - 1
      known.set(key, index)
      return index
    })
  }

  #term(term: Term): void {
    this.#writer.u16(propertyId(term.property))
    this.#writer.u8(matchKinds.indexOf(term.match))
    this.#writer.u8((term.all ? 1 : 0) | (term.caseSensitive ? 2 : 0))
    this.#writer.list(term.strings, (text) => this.#writer.text(text))
    this.#writer.list(term.numbers, (number) => this.#writer.f64(number))
  }

  #tree(tree: Tree, matchers: readonly number[]): void {
    const nodes = nodesOf(tree)
    const indices = new Map(nodes.map((node, index) => [node, index]))
    this.#writer.u16(eventTypeId(tree.event))
    this.#writer.list(matchers, (matcher) => this.#writer.u32(matcher))
    this.#writer.list(nodes, (node) => {
      if (node !== tree.root) this.#literal(node.guard)
      this.#writer.list(node.detectors, (detector) => this.#writer.u32(detector))
      this.#children(
        node.children.filter((child) => child.triggers === null),
        indices,
      )
      this.#writer.list([...childrenByProperty(node, this.#program)], ([property, byTerm]) => {
        this.#writer.u16(propertyId(property))
        this.#writer.list([...byTerm], ([term, children]) => {
          this.#writer.u32(this.#number(term))
          this.#children(children, indices)
        })
      })
    })
  }

  #children(children: readonly TreeNode[], indices: ReadonlyMap<TreeNode, number>): void {
    this.#writer.list(children, (child) => this.#writer.u32(indices.get(child) as number))
  }

  #literal(literal: Literal): void {
    this.#writer.u32(this.#number(nodeOf(literal)) * 2 + (isNegated(literal) ? 1 : 0))
  }

  #number(node: number): number {
    const number = this.#numbers.get(node)
    if (number === undefined) throw new Error(`expression ${node} is not in the Plan`)
    return number
  }
}

/** The children that a true term names, by the term and its property. */
export function childrenByProperty(
  node: TreeNode,
  { expressions }: Program,
): Map<PropertyName, Map<number, TreeNode[]>> {
  const byProperty = new Map<PropertyName, Map<number, TreeNode[]>>()
  for (const child of node.children) {
    for (const term of child.triggers ?? []) {
      const { property } = expressions.termAt(term)
      const byTerm = byProperty.get(property) ?? new Map<number, TreeNode[]>()
      byProperty.set(property, byTerm)
      addTo(byTerm, term, child)
    }
  }
  return byProperty
}

/** What a detection's report says of its detector: members of a JSON object, without the braces. */
function detectorMembers({ name, title, severity, attack }: Detector): string {
  return JSON.stringify({ detector: name, title, severity, attack }).slice(1, -1)
}
