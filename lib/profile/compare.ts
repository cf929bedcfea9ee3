import { addTo } from '../add-to.js'
import { noCost, sumTimes, time } from './cost.js'
import type { EstimatedTime, Profile, PropertyProfile, TermProfile } from './profile.js'

/**
 * Standard errors that sampling does not explain. Four would do if times were normally distributed; they have long tails,
 * of which few samples show too little: between runs of the same on a busy machine 4.2 was seen.
 */
const leastErrors = 5
/** Of what is not as it was before: that it costs something else is likely from the outset. */
const leastErrorsOfChanged = 2
/** Caches and neighbours do not slow everything alike: below this growth it may be they. */
const leastGrowth = 1.25
/** Of what an event costs in all: less is nothing to act upon. */
const leastShare = 0.001
/** With fewer properties to go by, how fast the machine was is not guessed at. */
const propertiesForDrift = 8
const samplesForDrift = 8

export interface Change {
  readonly name: string
  /** Nanoseconds an event; `before` is as it would be at this run's speed. */
  readonly before: number
  readonly now: number
  /** Standard error of the difference. */
  readonly error: number
  /** The earlier run did not have it. */
  readonly isNew: boolean
}

export interface Comparison {
  /** How many times as long as before everything took: another machine, or a busier one. */
  readonly drift: number
  /** Each list: what grew by most nanoseconds first. Reading a property and the pass over it, by event type. */
  readonly dearerProperties: readonly Change[]
  /** Of a detector that is as it was before, `before` and `now` are its `own` time. */
  readonly dearerDetectors: readonly Change[]
  /** Of a term that was there before, its `own` time. */
  readonly dearerTerms: readonly Change[]
  readonly newDetectors: readonly string[]
  readonly goneDetectors: readonly string[]
}

/** What has become dearer from one run to another, beyond what sampling and the machine explain. */
export function compareProfiles(before: Profile, now: Profile): Comparison {
  return new Comparing(before, now).compare()
}

type Items = ReadonlyMap<string, EstimatedTime>

/**
 * A pass is of all terms on its property, so what it takes says nothing about one that was there before: those are judged by their
 * own time. New terms, and detectors that are not as they were, are judged by all that they have; and when a pass
 * with new terms got dearer, all of that is put down to these.
 */
class Comparing {
  readonly #before: Profile
  readonly #now: Profile
  readonly #drift: number
  /** By event type and property. */
  readonly #newTerms: ReadonlyMap<string, readonly TermProfile[]>

  constructor(before: Profile, now: Profile) {
    this.#before = before
    this.#now = now
    this.#newTerms = groupedByPass(termsOnlyIn(now, before))
    const changed = new Set([...this.#newTerms.keys(), ...groupedByPass(termsOnlyIn(before, now)).keys()])
    this.#drift = driftOf(before, now, changed)
  }

  compare(): Comparison {
    const names = (profile: Profile) => new Set(profile.detectors.map(({ name }) => name))
    const [known, found] = [names(this.#before), names(this.#now)]
    const passes = this.#dearer(
      itemsOf(this.#before, this.#before.properties, passName),
      itemsOf(this.#now, this.#now.properties, passName),
    )
    const added = this.#costOfNewTerms(passes)
    return {
      drift: this.#drift,
      dearerProperties: passes,
      dearerDetectors: this.#dearerDetectors(added),
      dearerTerms: this.#dearerTerms(added),
      newDetectors: [...found].filter((name) => !known.has(name)),
      goneDetectors: [...known].filter((name) => !found.has(name)),
    }
  }

  /** By key: what new terms have, or what their passes got dearer by, whichever is more. */
  #costOfNewTerms(
    dearerPasses: readonly Change[],
  ): ReadonlyMap<string, { all: EstimatedTime; more: number }> {
    const events = Math.max(1, this.#now.events)
    const costs = new Map<string, { all: EstimatedTime; more: number }>()
    for (const [pass, terms] of this.#newTerms) {
      const growth = dearerPasses.find(({ name }) => name === pass)
      const own = terms.reduce((sum, term) => sum + term.own.ns, 0) / events
      const parts = terms.reduce((sum, { ns, own }) => sum + ns - own.ns, 0) / events
      const rest = growth ? growth.now - growth.before - own : 0
      const scale = parts > 0 ? Math.max(1, rest / parts) : 1
      for (const { key, ns, error, own } of terms) {
        const shared = scale * Math.sqrt(Math.max(0, error ** 2 - own.error ** 2))
        const { all, more } = costs.get(key) ?? { all: time(noCost), more: 0 }
        const added = ((scale - 1) * (ns - own.ns)) / events
        costs.set(key, {
          all: {
            ...all,
            ns: all.ns + ns / events + added,
            error: Math.hypot(all.error, own.error / events, shared / events),
          },
          more: more + added,
        })
      }
    }
    return costs
  }

  #dearerTerms(added: ReadonlyMap<string, { all: EstimatedTime }>): Change[] {
    const keyOf = ({ key }: TermProfile) => key
    const before = itemsOf(this.#before, ownTimes(this.#before.terms), keyOf)
    const now = itemsOf(this.#now, ownTimes(this.#now.terms), keyOf)
    const texts = new Map(this.#now.terms.map(({ key, term }) => [key, term]))
    const none = time(noCost)
    const isNew = true
    const changes = [
      ...this.#dearer(before, new Map([...now].filter(([key]) => !added.has(key)))),
      ...this.#dearer(
        new Map([...added.keys()].map((key) => [key, none])),
        new Map([...added].map(([key, { all }]) => [key, all])),
        leastErrorsOfChanged,
      ).map((change) => ({ ...change, isNew })),
    ]
    return mostFirst(changes.map((change) => ({ ...change, name: texts.get(change.name) ?? change.name })))
  }

  #dearerDetectors(added: ReadonlyMap<string, { more: number }>): Change[] {
    const users = new Map<string, number>()
    for (const { terms } of this.#now.detectors)
      for (const term of terms) users.set(term, (users.get(term) ?? 0) + 1)
    const definitions = new Map(this.#before.detectors.map(({ name, definition }) => [name, definition]))
    const nameOf = ({ name }: { readonly name: string }) => name
    const changed = this.#now.detectors
      .filter(({ name, definition }) => definitions.get(name) !== definition)
      .map((detector) => {
        const more = detector.terms.reduce(
          (sum, term) => sum + (added.get(term)?.more ?? 0) / (users.get(term) ?? 1),
          0,
        )
        return { ...detector, ns: detector.ns + more * this.#now.events }
      })
    const same = this.#now.detectors.filter(({ name, definition }) => definitions.get(name) === definition)
    return mostFirst([
      ...this.#dearer(
        itemsOf(this.#before, ownTimes(this.#before.detectors), nameOf),
        itemsOf(this.#now, ownTimes(same), nameOf),
      ),
      ...this.#dearer(
        itemsOf(this.#before, this.#before.detectors, nameOf),
        itemsOf(this.#now, changed, nameOf),
        leastErrorsOfChanged,
      ),
    ])
  }

  #dearer(before: Items, now: Items, errors = leastErrors): Change[] {
    const least = leastShare * (this.#now.ns / Math.max(1, this.#now.events))
    const changes: Change[] = []
    for (const [name, { ns, error, rarelyTimedNs }] of now) {
      const old = before.get(name)
      if (!old || (old.untimed && old.ns === 0)) continue
      const earlier = old.ns * this.#drift
      // The rare may be just what the earlier run never timed.
      const comparable = old.untimed ? ns - rarelyTimedNs : ns
      const more = comparable - earlier
      const both = Math.hypot(error, old.error * this.#drift)
      if (more > least && more > errors * both && comparable > leastGrowth * earlier)
        changes.push({ name, before: earlier, now: ns, error: both, isNew: false })
    }
    return mostFirst(changes)
  }
}

const mostFirst = (changes: readonly Change[]): Change[] =>
  [...changes].sort((a, b) => b.now - b.before - (a.now - a.before))
const passName = ({ eventType, property }: Pick<PropertyProfile, 'eventType' | 'property'>): string =>
  `${eventType} ${property}`
const ownTimes = <T extends { readonly own: EstimatedTime }>(items: readonly T[]) =>
  items.map((item) => ({ ...item, ...item.own }))

/** Rows of terms that the other run did not have on their event types. */
function termsOnlyIn({ terms }: Profile, other: Profile): TermProfile[] {
  const rowName = ({ eventType, key }: TermProfile) => `${eventType} ${key}`
  const known = new Set(other.terms.map(rowName))
  return terms.filter((term) => !known.has(rowName(term)))
}

function groupedByPass(terms: readonly TermProfile[]): Map<string, TermProfile[]> {
  const groups = new Map<string, TermProfile[]>()
  for (const term of terms) addTo(groups, passName(term), term)
  return groups
}

/** Nanoseconds an event, by name; a term is one on all event types. */
function itemsOf<T extends EstimatedTime>(
  profile: Profile,
  list: readonly T[],
  nameOf: (item: T) => string,
): Items {
  const events = Math.max(1, profile.events)
  const byName = new Map<string, T[]>()
  for (const item of list) addTo(byName, nameOf(item), item)
  const anEvent = (of: EstimatedTime): EstimatedTime => ({
    untimed: of.untimed,
    ns: of.ns / events,
    error: of.error / events,
    rarelyTimedNs: of.rarelyTimedNs / events,
  })
  return new Map([...byName].map(([name, rows]) => [name, anEvent(sumTimes(rows))]))
}

/**
 * The median, by weight, of how much longer it took to read and match a property; where the terms are not `changed`, else
 * to read it.
 */
function driftOf(before: Profile, now: Profile, changed: ReadonlySet<string>): number {
  const known = new Map(before.properties.map((of) => [passName(of), of]))
  const ratios = now.properties.flatMap((of) => {
    const old = known.get(passName(of))
    if (!old || Math.min(old.samples, of.samples) < samplesForDrift) return []
    const ns = ({ resolveNs, matchNs, patternsNs }: PropertyProfile) =>
      changed.has(passName(of)) ? resolveNs : resolveNs + matchNs - patternsNs
    if (ns(old) <= 0 || ns(of) <= 0) return []
    const ratio = ns(of) / of.evaluations / (ns(old) / old.evaluations)
    return [{ ratio, weight: Math.min(ns(old), ns(of)) }]
  })
  if (ratios.length < propertiesForDrift) return 1
  ratios.sort((a, b) => a.ratio - b.ratio)
  const half = ratios.reduce((sum, { weight }) => sum + weight, 0) / 2
  let passed = 0
  for (const { ratio, weight } of ratios) {
    passed += weight
    if (passed >= half) return ratio
  }
  return 1
}
