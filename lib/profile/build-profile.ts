import { addTo } from '../add-to.js'
import type { TreeCosts } from '../binding.js'
import { estimates } from '../compile/cost.js'
import { type PlanNode, type PlanRules, type PlanTree, readPlanRules } from '../compile/read-plan.js'
import { expressionText, termText } from '../compile/render-expression.js'
import { eventTypeNames } from '../schema/event-types.js'
import { meanOf, sum, sumTimes, time } from './cost.js'
import { Definitions, digest } from './definitions.js'
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
import { CostSharing, noPass, noShare, type Share, type SharedCosts } from './share.js'
import { readTreeCounts, type TreeCounts } from './tree-counts.js'

/** Of an evaluation with that Plan. */
export function buildProfile(plan: Uint8Array, costs: readonly TreeCosts[]): Profile {
  const rules = readPlanRules(plan)
  const definitions = new Definitions(rules)
  const byEvent = new Map(costs.map((tree) => [eventTypeNames[tree.eventType], tree]))
  const trees = rules.trees.flatMap((tree) => {
    const counts = byEvent.get(tree.event)
    return counts ? [new TreeProfile(rules, tree, definitions, readTreeCounts(counts))] : []
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
const shared = ({ cost, own, saved }: Share) => ({ ...time(cost), own: time(own), savedNs: saved.ns })

/** A detector in one event type's tree. */
interface Placed {
  readonly place: DetectorPlace
  readonly undecided: number
  readonly definition: string
  readonly terms: readonly string[]
}

function detectorsOf(rules: PlanRules, trees: readonly TreeProfile[]): DetectorProfile[] {
  const placed = new Map<number, Placed[]>()
  for (const tree of trees) for (const [detector, at] of tree.detectors()) addTo(placed, detector, at)
  const profiles = [...placed].map(([detector, at]): DetectorProfile => {
    const places = at.map(({ place }) => place)
    const total = (count: (place: DetectorPlace) => number) =>
      places.reduce((n, place) => n + count(place), 0)
    const evaluations = total((place) => place.evaluations)
    const fired = total((place) => place.fired)
    return {
      name: rules.detectors[detector] ?? String(detector),
      definition: digest(
        at
          .map(({ definition }) => definition)
          .sort()
          .join('\n'),
      ),
      terms: [...new Set(at.flatMap(({ terms }) => terms))].sort(),
      ...sumTimes(places),
      own: sumTimes(places.map(({ own }) => own)),
      savedNs: total(({ savedNs }) => savedNs),
      evaluations,
      fired,
      undecided: at.reduce((n, { undecided }) => n + undecided, 0),
      passRate: rate(fired, evaluations),
      places: dearestFirst(places),
    }
  })
  return dearestFirst(profiles)
}

/** One event type's part. */
class TreeProfile {
  readonly counts: TreeCounts
  readonly #rules: PlanRules
  readonly #tree: PlanTree
  readonly #definitions: Definitions
  readonly #costs: SharedCosts

  constructor(rules: PlanRules, tree: PlanTree, definitions: Definitions, counts: TreeCounts) {
    this.#definitions = definitions
    this.#rules = rules
    this.#tree = tree
    this.counts = counts
    this.#costs = new CostSharing(rules, tree, counts).share()
  }

  total(): EventTypeProfile {
    const { tree, properties, lazy } = this.#costs
    const passes = [...properties.values()].flatMap(({ resolve, scan, patterns }) => [
      resolve,
      scan,
      patterns,
    ])
    return {
      eventType: this.#tree.event,
      events: this.counts.events,
      timedEvents: this.counts.timed,
      treeNs: tree.ns,
      ...time(sum([tree, lazy, ...passes])),
    }
  }

  detectors(): [detector: number, Placed][] {
    return this.#tree.nodes.flatMap((node, number) => {
      const { visits = 0, decided = 0, undecided = 0 } = this.counts.nodes[number] ?? {}
      return node.detectors.map((detector): [number, Placed] => {
        const share = shared(this.#costs.detectors.get(detector) ?? noShare)
        const place = { ...this.#place(node), ...share, evaluations: visits, fired: decided }
        const definition = this.#definitions.textOf(this.#tree, node)
        return [
          detector,
          { place, undecided, definition, terms: this.#definitions.termsOf(this.#tree, node) },
        ]
      })
    })
  }

  terms(): TermProfile[] {
    return [...this.#costs.terms].map(([number, share]) => {
      const term = this.#rules.terms[number] as PlanRules['terms'][number]
      const counts = this.counts.terms.get(number)
      const pass = this.counts.passes.get(term.property)
      const { asked = 0, unknown = 0, hits = 0, lazyAsked = 0, found: finds = 0 } = counts ?? {}
      const found = counts?.true ?? 0
      const [of, trueOf] = lazyAsked > 0 ? [asked - unknown, found] : [pass?.timed ?? 0, hits]
      const patterns = this.#costs.properties.get(term.property)?.patterns.ns ?? 0
      const times = [pass?.resolve, pass?.match, lazyAsked > 0 ? counts?.ownTime : undefined]
      return {
        key: this.#definitions.termKey(number),
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
        finds: rate(finds, pass?.timed ?? 0) ?? 0,
        aloneNs: times.reduce(
          (ns, timing) => ns + (timing ? meanOf(timing) : 0),
          patterns / Math.max(1, pass?.present ?? 0),
        ),
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
      const cost = this.#costs.properties.get(property) ?? noPass
      const evaluations = missing + pending + present
      return {
        property,
        ...this.#first(users.get(property) ?? []),
        ...time(sum([cost.resolve, cost.scan, cost.patterns])),
        resolveNs: cost.resolve.ns,
        matchNs: cost.scan.ns + cost.patterns.ns,
        patternsNs: cost.patterns.ns,
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
