import { addTo } from '../add-to.js'
import type { PlanRules, PlanTree } from '../compile/read-plan.js'
import type { PropertyName } from '../schema/properties.js'
import { type Cost, estimate, noCost, part, sum } from './cost.js'
import type { TreeCounts } from './tree-counts.js'

/** What the things in one event type's tree cost; detectors and terms by their numbers in the Plan. */
export interface SharedCosts {
  /** Reading the values, and the passes over them. */
  readonly properties: ReadonlyMap<PropertyName, { readonly resolve: Cost; readonly match: Cost }>
  readonly terms: ReadonlyMap<number, Share>
  readonly detectors: ReadonlyMap<number, Share>
  /** The tree itself: asking guards, and finding the children that hits name. */
  readonly tree: Cost
  /** Terms that no pass answers. */
  readonly lazy: Cost
  /** Nodes whose guards use a term. */
  readonly users: ReadonlyMap<number, readonly number[]>
}

/** `cost` adds up, over all terms or all detectors, to what there is; `saved` is what would go without this one alone. */
export interface Share {
  readonly cost: Cost
  readonly saved: Cost
}

/** A node whose guard uses a term, and in how many events that wanted the term's answer. */
interface Use {
  readonly node: number
  readonly term: number
  readonly demand: number
}

/**
 * Shares out what was measured. A property's time (reading it, and its pass) goes to the nodes that use a term on it,
 * in proportion to how often they wanted an answer; a term's own time (a regular expression that no pass answers)
 * likewise; a node's time, with what it was given, in equal parts to the detectors at it and below.
 */
export class CostSharing {
  readonly #rules: PlanRules
  readonly #tree: PlanTree
  readonly #counts: TreeCounts
  readonly #uses: readonly Use[]
  readonly #byTerm: ReadonlyMap<number, readonly Use[]>
  readonly #byProperty: ReadonlyMap<PropertyName, readonly Use[]>
  /** By node: how many detectors are at it and below, and which, when it is one. */
  readonly #below: readonly { count: number; only: number }[]

  constructor(rules: PlanRules, tree: PlanTree, counts: TreeCounts) {
    this.#rules = rules
    this.#tree = tree
    this.#counts = counts
    this.#uses = this.#findUses()
    this.#byTerm = groupBy(this.#uses, ({ term }) => term)
    this.#byProperty = groupBy(this.#uses, ({ term }) => this.#propertyOf(term))
    this.#below = this.#countDetectors()
  }

  share(): SharedCosts {
    const properties = new Map(
      [...this.#counts.passes].map(([property, { resolve, match, missing, pending, present }]) => [
        property,
        { resolve: estimate(resolve, missing + pending + present), match: estimate(match, present) },
      ]),
    )
    const ofProperty = (property: PropertyName) => sum(Object.values(properties.get(property) ?? {}))
    const nodes = this.#counts.nodes.map(({ time, visits }) => estimate(time, visits))
    const tree = sum(nodes)
    const terms = this.#shareTerms(ofProperty, nodes)
    const users = new Map([...this.#byTerm].map(([term, uses]) => [term, uses.map(({ node }) => node)]))
    const lazy = sum([...this.#byTerm.keys()].map((term) => this.#lazyCost(term)))
    return { properties, terms, detectors: this.#shareDetectors(ofProperty, nodes), tree, lazy, users }
  }

  /** Adds to `nodes` what terms and properties give them. */
  #shareTerms(ofProperty: (property: PropertyName) => Cost, nodes: Cost[]): Map<number, Share> {
    const parts = new Map<number, Cost[]>()
    const give = (uses: readonly Use[], cost: Cost) => {
      const demand = uses.reduce((total, use) => total + use.demand, 0)
      for (const use of cost.ns > 0 ? uses : []) {
        const given = part(cost, demand > 0 ? use.demand / demand : 1 / uses.length)
        addTo(parts, use.term, given)
        nodes[use.node] = sum([nodes[use.node] ?? noCost, given])
      }
    }
    for (const [property, uses] of this.#byProperty) give(uses, ofProperty(property))
    for (const [term, uses] of this.#byTerm) give(uses, this.#lazyCost(term))
    return new Map(
      [...this.#byTerm.keys()].map((term) => {
        const property = this.#propertyOf(term)
        const alone = new Set(this.#byProperty.get(property)?.map((use) => use.term)).size === 1
        const saved = sum([this.#lazyCost(term), alone ? ofProperty(property) : noCost])
        return [term, { cost: sum(parts.get(term) ?? []), saved }]
      }),
    )
  }

  #shareDetectors(ofProperty: (property: PropertyName) => Cost, nodes: readonly Cost[]): Map<number, Share> {
    const saved = this.#savings(ofProperty)
    const shares = new Map<number, Share>()
    /** By node: what each detector below it has got from it and the nodes above. */
    const down: Cost[] = []
    for (const [number, node] of this.#tree.nodes.entries()) {
      const own = part(nodes[number] ?? noCost, 1 / Math.max(1, this.#below[number]?.count ?? 1))
      const cost = sum([down[node.parent] ?? noCost, own])
      down.push(cost)
      for (const detector of node.detectors)
        shares.set(detector, { cost, saved: sum(saved.get(detector) ?? []) })
    }
    return shares
  }

  /** By detector: what nobody else uses. */
  #savings(ofProperty: (property: PropertyName) => Cost): Map<number, Cost[]> {
    const savings = new Map<number, Cost[]>()
    const save = (uses: readonly Use[], cost: Cost) => {
      const users = new Set(uses.map(({ node }) => this.#below[node]?.only ?? -1))
      const [user = -1] = users
      if (users.size === 1 && user >= 0) addTo(savings, user, cost)
    }
    for (const [property, uses] of this.#byProperty) save(uses, ofProperty(property))
    for (const [term, uses] of this.#byTerm) save(uses, this.#lazyCost(term))
    for (const [number, { time, visits }] of this.#counts.nodes.entries())
      save([{ node: number, term: -1, demand: 0 }], estimate(time, visits))
    return savings
  }

  #lazyCost(term: number): Cost {
    const counts = this.#counts.terms.get(term)
    return counts ? estimate(counts.lazyTime, counts.lazyAsked) : noCost
  }

  /** The pass of a trigger is run whenever the parent looks for its children, else a visit may ask for the term. */
  #findUses(): Use[] {
    return this.#tree.nodes.flatMap(({ guard, parent, triggers }, node) => {
      const above = this.#counts.nodes[parent]
      const looked = above ? above.decided + above.undecided : 0
      const visits = this.#counts.nodes[node]?.visits ?? 0
      const named = new Set(triggers)
      return this.#rules.termsOf(guard).map((term) => {
        const asked = Math.min(visits, this.#counts.terms.get(term)?.asked ?? 0)
        return { node, term, demand: named.has(term) ? looked : asked }
      })
    })
  }

  #countDetectors(): { count: number; only: number }[] {
    const below = this.#tree.nodes.map(() => ({ count: 0, only: -1 }))
    for (let number = below.length - 1; number >= 0; number--) {
      const node = this.#tree.nodes[number]
      const here = below[number]
      if (!node || !here) continue
      here.count += node.detectors.length
      if (node.detectors.length > 0) here.only = node.detectors[0] as number
      if (here.count > 1) here.only = -1
      const above = below[node.parent]
      if (!above) continue
      above.count += here.count
      above.only = here.only
    }
    return below
  }

  #propertyOf(term: number): PropertyName {
    return this.#rules.terms[term]?.property as PropertyName
  }
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) addTo(groups, keyOf(item), item)
  return groups
}
