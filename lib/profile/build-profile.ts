import { addTo } from '../add-to.js'
import type { TreeCosts } from '../binding.js'
import { estimates } from '../compile/cost.js'
import { type PlanNode, type PlanRules, type PlanTree, readPlanRules } from '../compile/read-plan.js'
import { expressionText, termText } from '../compile/render-expression.js'
import { termDigest } from '../compile/terms.js'
import { eventTypeNames } from '../schema/event-types.js'
import { type Cost, meanOf, noCost, sum } from './cost.js'
import {
  type DetectorPlace,
  type DetectorProfile,
  type EstimatedTime,
  type EventTypeProfile,
  type Place,
  PROFILE_VERSION,
  type Profile,
  type PropertyProfile,
  type TermProfile,
} from './profile.js'
import { CostSharing, type Share, type SharedCosts } from './share.js'
import { readTreeCounts, type TreeCounts } from './tree-counts.js'

/** Of an evaluation with that Plan. */
export function buildProfile(plan: Uint8Array, costs: readonly TreeCosts[]): Profile {
  const rules = readPlanRules(plan)
  const byEvent = new Map(costs.map((tree) => [eventTypeNames[tree.eventType], tree]))
  const trees = rules.trees.flatMap((tree) => {
    const counts = byEvent.get(tree.event)
    return counts ? [new TreeProfile(rules, tree, readTreeCounts(counts))] : []
  })
  const eventTypes = trees.map((tree) => tree.total())
  const total = (count: (tree: TreeCounts) => number) => trees.reduce((n, { counts }) => n + count(counts), 0)
  return {
    format: 'nuthatch-profile',
    version: PROFILE_VERSION,
    events: total(({ events }) => events),
    timedEvents: total(({ timed }) => timed),
    interruptedEvents: total(({ interrupted }) => interrupted),
    ns: eventTypes.reduce((ns, tree) => ns + tree.ns, 0),
    eventTypes: dearestFirst(eventTypes),
    detectors: detectorsOf(rules, trees),
    terms: dearestFirst(trees.flatMap((tree) => tree.terms())),
    properties: dearestFirst(trees.flatMap((tree) => tree.properties())),
  }
}

const dearestFirst = <T extends EstimatedTime>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => b.ns - a.ns)
const rate = (count: number, of: number): number | null => (of > 0 ? count / of : null)
const time = ({ ns, variance }: Cost): EstimatedTime => ({ ns, error: Math.sqrt(variance) })
const shared = ({ cost, saved }: Share) => ({ ...time(cost), savedNs: saved.ns })

function detectorsOf(rules: PlanRules, trees: readonly TreeProfile[]): DetectorProfile[] {
  const places = new Map<number, DetectorPlace[]>()
  const undecided = new Map<number, number>()
  for (const tree of trees) {
    for (const [detector, place, unknown] of tree.detectors()) {
      addTo(places, detector, place)
      undecided.set(detector, (undecided.get(detector) ?? 0) + unknown)
    }
  }
  const profiles = [...places].map(([detector, at]): DetectorProfile => {
    const total = (count: (place: DetectorPlace) => number) => at.reduce((n, place) => n + count(place), 0)
    const evaluations = total((place) => place.evaluations)
    const fired = total((place) => place.fired)
    return {
      name: rules.detectors[detector] ?? String(detector),
      ns: total(({ ns }) => ns),
      error: Math.sqrt(total(({ error }) => error * error)),
      savedNs: total(({ savedNs }) => savedNs),
      evaluations,
      fired,
      undecided: undecided.get(detector) ?? 0,
      passRate: rate(fired, evaluations),
      places: dearestFirst(at),
    }
  })
  return dearestFirst(profiles)
}

/** One event type's part. */
class TreeProfile {
  readonly counts: TreeCounts
  readonly #rules: PlanRules
  readonly #tree: PlanTree
  readonly #costs: SharedCosts

  constructor(rules: PlanRules, tree: PlanTree, counts: TreeCounts) {
    this.#rules = rules
    this.#tree = tree
    this.counts = counts
    this.#costs = new CostSharing(rules, tree, counts).share()
  }

  total(): EventTypeProfile {
    const { tree, properties, lazy } = this.#costs
    const passes = [...properties.values()].flatMap(({ resolve, match }) => [resolve, match])
    return {
      eventType: this.#tree.event,
      events: this.counts.events,
      timedEvents: this.counts.timed,
      treeNs: tree.ns,
      ...time(sum([tree, lazy, ...passes])),
    }
  }

  /** With how often each was undecided. */
  detectors(): [detector: number, place: DetectorPlace, undecided: number][] {
    return this.#tree.nodes.flatMap((node, number) => {
      const { visits = 0, decided = 0, undecided = 0 } = this.counts.nodes[number] ?? {}
      return node.detectors.map((detector): [number, DetectorPlace, number] => {
        const share = this.#costs.detectors.get(detector) ?? { cost: noCost, saved: noCost }
        return [
          detector,
          { ...this.#place(node), ...shared(share), evaluations: visits, fired: decided },
          undecided,
        ]
      })
    })
  }

  terms(): TermProfile[] {
    return [...this.#costs.terms].map(([number, share]) => {
      const term = this.#rules.terms[number] as PlanRules['terms'][number]
      const counts = this.counts.terms.get(number)
      const pass = this.counts.passes.get(term.property)
      const { asked = 0, unknown = 0, hits = 0, lazyAsked = 0 } = counts ?? {}
      const found = counts?.true ?? 0
      const [of, trueOf] = lazyAsked > 0 ? [asked - unknown, found] : [pass?.timed ?? 0, hits]
      const times = [pass?.resolve, pass?.match, counts?.lazyTime].flatMap((timing) => timing ?? [])
      return {
        key: termDigest(term),
        term: termText(term),
        property: term.property,
        ...this.#first(this.#costs.users.get(number) ?? []),
        ...shared(share),
        evaluations: asked,
        true: found,
        unknown,
        passRate: rate(found, asked),
        hitRate: rate(trueOf, of),
        hitRateOf: of,
        aloneNs: times.reduce((ns, timing) => ns + meanOf(timing), 0),
        samples: pass?.resolve.samples ?? 0,
        estimatedNs: estimates.cost(term),
      }
    })
  }

  properties(): PropertyProfile[] {
    const users = new Map<string, number[]>()
    for (const [term, nodes] of this.#costs.users)
      for (const node of nodes) addTo(users, this.#rules.terms[term]?.property as string, node)
    return [...this.counts.passes].map(([property, { missing, pending, present, resolve }]) => {
      const cost = this.#costs.properties.get(property) ?? { resolve: noCost, match: noCost }
      const evaluations = missing + pending + present
      return {
        property,
        ...this.#first(users.get(property) ?? []),
        ...time(sum([cost.resolve, cost.match])),
        resolveNs: cost.resolve.ns,
        matchNs: cost.match.ns,
        evaluations,
        present,
        pending,
        terms: [...this.#costs.users.keys()].filter((term) => this.#rules.terms[term]?.property === property)
          .length,
        passRate: rate(present, evaluations),
        samples: resolve.samples,
      }
    })
  }

  /** The highest of some nodes: they are numbered level by level. */
  #first(nodes: readonly number[]): Place {
    const first = nodes.reduce((least, node) => Math.min(least, node), Number.POSITIVE_INFINITY)
    const node = this.#tree.nodes[first]
    return node ? this.#place(node) : { eventType: this.#tree.event, depth: 0, under: null }
  }

  #place({ depth, parent }: PlanNode): Place {
    const above = parent > 0 ? this.#tree.nodes[parent] : undefined
    const under = above ? expressionText(above.guard, this.#rules) : null
    return { eventType: this.#tree.event, depth, under }
  }
}
