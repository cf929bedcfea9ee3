import type { MatchKind } from '../schema/match-kinds.js'
import { type PropertyName, propertyRow } from '../schema/properties.js'
import { type Expressions, isNegated, type Literal, nodeOf } from './expressions.js'
import type { Term } from './terms.js'

/** Nanoseconds for one pass over a property, and how often a term with one value is true: estimates. */
const kinds: Readonly<Record<MatchKind, { readonly cost: number; readonly probability: number }>> = {
  equals: { cost: 20, probability: 0.01 },
  includes: { cost: 100, probability: 0.02 },
  starts_with: { cost: 30, probability: 0.02 },
  ends_with: { cost: 30, probability: 0.01 },
  matches: { cost: 400, probability: 0.05 },
  number_equals: { cost: 20, probability: 0.02 },
  greater_than: { cost: 20, probability: 0.5 },
  less_than: { cost: 20, probability: 0.5 },
  between: { cost: 20, probability: 0.3 },
  in_subnet: { cost: 40, probability: 0.3 },
  exists: { cost: 10, probability: 0.9 },
  is_true: { cost: 10, probability: 0.3 },
}
/** However many values a term has, it is taken to be false more often than not. */
const mostLikelyList = 0.4
/** Computing a derived property, in nanoseconds. */
const derivedCost = 500
/** What a file's signature says, where records do not tell: the file may have to be verified. */
const signatureCost = 10_000
/** These hold one of a few values, so that a term on them is often true. */
const fewValued: ReadonlySet<PropertyName> = new Set<PropertyName>([
  'platform',
  'source',
  'outcome',
  'direction',
  'protocol',
])
const fewValuedProbability = 0.7

/** What the order of a tree depends on. */
export interface TermCosts {
  /** Nanoseconds to answer a term when nothing else has asked for its property. */
  cost(term: Term): number
  /** How often a term is true. */
  probability(term: Term): number
}

/** For terms that nothing has been measured of. */
export const estimates: TermCosts = {
  cost(term) {
    const { derivedFrom, signatureOf } = propertyRow(term.property) ?? {}
    return kinds[term.match].cost + (derivedFrom ? derivedCost : 0) + (signatureOf ? signatureCost : 0)
  },
  probability(term) {
    const { probability } = kinds[term.match]
    if (fewValued.has(term.property)) return Math.max(probability, fewValuedProbability)
    const values = term.all ? 1 : Math.max(1, term.strings.length + term.numbers.length)
    return Math.max(probability, Math.min(mostLikelyList, probability * values))
  },
}

/** The same for whole expressions, their operands taken to be independent. */
export class CostModel {
  readonly #expressions: Expressions
  readonly #terms: TermCosts
  /** By node. */
  readonly #probability = new Map<number, number>()
  readonly #cost = new Map<number, number>()

  constructor(expressions: Expressions, terms: TermCosts = estimates) {
    this.#expressions = expressions
    this.#terms = terms
  }

  probability(literal: Literal): number {
    const node = nodeOf(literal)
    const positive = this.#probability.get(node) ?? this.#positiveProbability(literal)
    this.#probability.set(node, positive)
    return isNegated(literal) ? 1 - positive : positive
  }

  cost(literal: Literal): number {
    const node = nodeOf(literal)
    const cost = this.#cost.get(node) ?? this.#positiveCost(literal)
    this.#cost.set(node, cost)
    return cost
  }

  /** Smallest first is the best order to ask the operands of an `and` in: cost over the probability of failing. */
  rank(literal: Literal): number {
    return this.cost(literal) / (1 - this.probability(literal) + 1e-9)
  }

  /** Operands of an `and` in the order to ask them in. */
  order(operands: readonly Literal[]): Literal[] {
    return [...operands].sort((a, b) => this.rank(a) - this.rank(b) || a - b)
  }

  #positiveProbability(literal: Literal): number {
    const node = this.#expressions.node(literal)
    if (node.kind === 'false') return 0
    if (node.kind === 'term') return this.#terms.probability(node.term)
    return node.operands.reduce((product, operand) => product * this.probability(operand), 1)
  }

  #positiveCost(literal: Literal): number {
    const node = this.#expressions.node(literal)
    if (node.kind === 'false') return 0
    if (node.kind === 'term') return this.#terms.cost(node.term)
    let total = 0
    let reached = 1
    for (const operand of this.order(node.operands)) {
      total += reached * this.cost(operand)
      reached *= this.probability(operand)
    }
    return total
  }
}
