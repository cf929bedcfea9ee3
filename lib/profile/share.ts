import { addTo } from '../add-to.js'
import type { PlanRules, PlanTree } from '../compile/read-plan.js'
import type { PropertyName } from '../schema/properties.js'
import { type Cost, estimate, noCost, part, sum } from './cost.js'
import type { TreeCounts } from './tree-counts.js'

/** What the things in one event type's tree cost; detectors and terms by their numbers in the Plan. */
export interface SharedCosts {
  readonly properties: ReadonlyMap<PropertyName, PassCost>
  readonly terms: ReadonlyMap<number, Share>
  readonly detectors: ReadonlyMap<number, Share>
  /** The tree itself: asking guards, and finding the children that hits name. */
  readonly tree: Cost
  /** Terms that no pass answers. */
  readonly lazy: Cost
  /** Nodes whose guards use a term. */
  readonly users: ReadonlyMap<number, readonly number[]>
}

export interface PassCost {
  /** Reading the value, or computing it. */
  readonly resolve: Cost
  /** The pass over it, which is of all terms; but for `patterns`. */
  readonly scan: Cost
  /** Each pattern's time is its term's own. */
  readonly patterns: Cost
}

/** `cost` adds up, over all terms or all detectors, to what there is; `saved` is what would go without this one alone. */
export interface Share {
  readonly cost: Cost
  /** Of `cost`: what the clock tells apart. The rest is a part of what passes took in all. */
  readonly own: Cost
  readonly saved: Cost
}

export const noShare: Share = { cost: noCost, own: noCost, saved: noCost }
export const noPass: PassCost = { resolve: noCost, scan: noCost, patterns: noCost }

/** To look through a value is taken to cost as much as to find so many strings in it. */
const findsOfAScan = 10

/** A node whose guard uses a term, and in how many events that wanted the term's answer. */
interface Use {
  readonly node: number
  readonly term: number
  readonly demand: number
}

/**
 * Shares out what was measured, among the nodes that use a term or property. Reading a property: in proportion to how often
 * they wanted an answer. The pass over it: a part that is as large as the strings found in it are many, in proportion
 * to those; the rest as reading, but twice as many strings count for one term more. A term's own time (its patterns): as
 * reading. Of a node, with what it was given, the detectors at it and below have equal parts.
 */
export class CostSharing {
  readonly #rules: PlanRules
  readonly #tree: PlanTree
  readonly #counts: TreeCounts
  readonly #uses: readonly Use[]
  readonly #byTerm: ReadonlyMap<number, readonly Use[]>
  readonly #byProperty: ReadonlyMap<PropertyName, readonly Use[]>
  /** By term: of all its uses, and how many these are. */
  readonly #demands: ReadonlyMap<number, readonly [demand: number, uses: number]>
  /** By node: how many detectors are at it and below, and which, when it is one. */
  readonly #below: readonly { count: number; only: number }[]

  constructor(rules: PlanRules, tree: PlanTree, counts: TreeCounts) {
    this.#rules = rules
    this.#tree = tree
    this.#counts = counts
    this.#uses = this.#findUses()
    this.#byTerm = groupBy(this.#uses, ({ term }) => term)
    this.#byProperty = groupBy(this.#uses, ({ term }) => this.#propertyOf(term))
    this.#demands = new Map(
      [...this.#byTerm].map(([term, uses]) => [
        term,
        [uses.reduce((n, use) => n + use.demand, 0), uses.length],
      ]),
    )
    this.#below = this.#countDetectors()
  }

  share(): SharedCosts {
    const terms = [...this.#byTerm.keys()]
    const properties = new Map([...this.#counts.passes.keys()].map((name) => [name, this.#passCost(name)]))
    const own = this.#counts.nodes.map(({ time, visits }) => estimate(time, visits))
    const tree = sum(own)
    const all = [...own]
    return {
      properties,
      terms: this.#shareTerms(properties, all, own),
      detectors: this.#shareDetectors(properties, all, own),
      tree,
      lazy: sum(terms.filter((term) => this.#isLazy(term)).map((term) => this.#ownCost(term))),
      users: new Map([...this.#byTerm].map(([term, uses]) => [term, uses.map(({ node }) => node)])),
    }
  }

  #passCost(property: PropertyName): PassCost {
    const counts = this.#counts.passes.get(property)
    if (!counts) return noPass
    const { resolve, match, missing, pending, present } = counts
    const terms = new Set(this.#byProperty.get(property)?.map(({ term }) => term))
    return {
      resolve: estimate(resolve, missing + pending + present),
      scan: estimate(match, present),
      patterns: sum([...terms].filter((term) => !this.#isLazy(term)).map((term) => this.#ownCost(term))),
    }
  }

  /** Adds to the nodes what terms and properties give them: `all`, and what is `own` to terms. */
  #shareTerms(properties: ReadonlyMap<PropertyName, PassCost>, all: Cost[], own: Cost[]): Map<number, Share> {
    const parts = new Map<number, Cost[]>()
    const give = (
      uses: readonly Use[],
      cost: Cost,
      weight: (use: Use) => number,
      nodes: readonly Cost[][],
    ) => {
      const total = uses.reduce((sum, use) => sum + weight(use), 0)
      for (const use of cost.ns > 0 ? uses : []) {
        const given = part(cost, total > 0 ? weight(use) / total : 1 / uses.length)
        addTo(parts, use.term, given)
        for (const list of nodes) list[use.node] = sum([list[use.node] ?? noCost, given])
      }
    }
    const demand = (use: Use) => use.demand
    for (const [property, uses] of this.#byProperty) {
      const { resolve, scan } = properties.get(property) ?? noPass
      const found = uses.reduce((total, use) => total + this.#found(use), 0)
      const runs = Math.max(1, this.#counts.passes.get(property)?.match.samples ?? 0)
      const finding = found / (found + findsOfAScan * runs)
      give(uses, resolve, demand, [all])
      give(uses, part(scan, finding), (use) => this.#found(use), [all])
      give(uses, part(scan, 1 - finding), (use) => use.demand * this.#size(use.term), [all])
    }
    for (const [term, uses] of this.#byTerm) give(uses, this.#ownCost(term), demand, [all, own])
    return new Map(
      [...this.#byTerm.keys()].map((term) => {
        const property = this.#propertyOf(term)
        const alone = new Set(this.#byProperty.get(property)?.map((use) => use.term)).size === 1
        const ofTerm = this.#ownCost(term)
        const saved = sum([ofTerm, alone ? passOf(properties, property) : noCost])
        return [term, { cost: sum(parts.get(term) ?? []), own: ofTerm, saved }]
      }),
    )
  }

  #shareDetectors(
    properties: ReadonlyMap<PropertyName, PassCost>,
    all: readonly Cost[],
    own: readonly Cost[],
  ): Map<number, Share> {
    const saved = this.#savings(properties)
    const shares = new Map<number, Share>()
    /** By node: what each detector below it has got from it and the nodes above. */
    const down: Share[] = []
    for (const [number, node] of this.#tree.nodes.entries()) {
      const above = down[node.parent] ?? noShare
      const rate = 1 / Math.max(1, this.#below[number]?.count ?? 1)
      const share = {
        cost: sum([above.cost, part(all[number] ?? noCost, rate)]),
        own: sum([above.own, part(own[number] ?? noCost, rate)]),
        saved: noCost,
      }
      down.push(share)
      for (const detector of node.detectors)
        shares.set(detector, { ...share, saved: sum(saved.get(detector) ?? []) })
    }
    return shares
  }

  /** By detector: what nobody else uses. */
  #savings(properties: ReadonlyMap<PropertyName, PassCost>): Map<number, Cost[]> {
    const savings = new Map<number, Cost[]>()
    const save = (uses: readonly { readonly node: number }[], cost: Cost) => {
      const users = new Set(uses.map(({ node }) => this.#below[node]?.only ?? -1))
      const [user = -1] = users
      if (users.size === 1 && user >= 0) addTo(savings, user, cost)
    }
    for (const [property, uses] of this.#byProperty) save(uses, passOf(properties, property))
    for (const [term, uses] of this.#byTerm) save(uses, this.#ownCost(term))
    for (const [node, { time, visits }] of this.#counts.nodes.entries())
      save([{ node }], estimate(time, visits))
    return savings
  }

  /** Asked one by one it is known how often; else it may be tried whenever the pass is run. */
  #ownCost(term: number): Cost {
    const counts = this.#counts.terms.get(term)
    const pass = this.#counts.passes.get(this.#propertyOf(term))
    if (!counts || !pass) return noCost
    if (this.#isLazy(term)) return estimate(counts.ownTime, counts.lazyAsked)
    return estimate({ ...counts.ownTime, samples: pass.match.samples }, pass.present)
  }

  #isLazy(term: number): boolean {
    return (this.#counts.terms.get(term)?.lazyAsked ?? 0) > 0
  }

  /** A use's part of what the timed passes found of its term. */
  #found({ term, demand }: Use): number {
    const [total = 0, uses = 1] = this.#demands.get(term) ?? []
    return (this.#counts.terms.get(term)?.found ?? 0) * (total > 0 ? demand / total : 1 / uses)
  }

  /** Ten thousand strings make a pass hardly dearer than a hundred do. */
  #size(term: number): number {
    const { strings = [], numbers = [] } = this.#rules.terms[term] ?? {}
    return 1 + Math.log2(Math.max(1, strings.length + numbers.length))
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

/** What a property costs that is nobody's own. */
function passOf(properties: ReadonlyMap<PropertyName, PassCost>, property: PropertyName): Cost {
  const { resolve, scan } = properties.get(property) ?? noPass
  return sum([resolve, scan])
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) addTo(groups, keyOf(item), item)
  return groups
}
