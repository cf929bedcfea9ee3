import type { EstimatedTime, Profile } from './profile.js'

/**
 * Standard errors that sampling does not explain. Four would do if times were normally distributed; they have long tails,
 * of which few samples show too little: among 8,000 comparisons of runs of the same on a busy machine one came to 4.2.
 */
const leastErrors = 5
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
}

export interface Comparison {
  /** How many times as long as before everything took: another machine, or a busier one. */
  readonly drift: number
  /** Most nanoseconds first. */
  readonly dearerDetectors: readonly Change[]
  readonly dearerTerms: readonly Change[]
  readonly newDetectors: readonly string[]
  readonly goneDetectors: readonly string[]
}

/** What has become dearer from one run to another, beyond what sampling and the machine explain. */
export function compareProfiles(before: Profile, now: Profile): Comparison {
  const drift = driftOf(before, now)
  const detectors = (profile: Profile) => itemsOf(profile, profile.detectors, ({ name }) => name)
  const terms = (profile: Profile) => itemsOf(profile, profile.terms, ({ key }) => key)
  const known = detectors(before)
  const found = detectors(now)
  const least = leastShare * (now.ns / Math.max(1, now.events))
  const texts = new Map(now.terms.map(({ key, term }) => [key, term]))
  return {
    drift,
    dearerDetectors: dearer(known, found, drift, least),
    dearerTerms: dearer(terms(before), terms(now), drift, least).map((change) => ({
      ...change,
      name: texts.get(change.name) ?? change.name,
    })),
    newDetectors: [...found.keys()].filter((name) => !known.has(name)),
    goneDetectors: [...known.keys()].filter((name) => !found.has(name)),
  }
}

type Items = ReadonlyMap<string, EstimatedTime>

/** Nanoseconds an event, by name; a term is one on all event types. */
function itemsOf<T extends EstimatedTime>(
  profile: Profile,
  list: readonly T[],
  nameOf: (item: T) => string,
): Items {
  const events = Math.max(1, profile.events)
  const items = new Map<string, EstimatedTime>()
  for (const item of list) {
    const { ns, error } = items.get(nameOf(item)) ?? { ns: 0, error: 0 }
    items.set(nameOf(item), { ns: ns + item.ns / events, error: Math.hypot(error, item.error / events) })
  }
  return items
}

function dearer(before: Items, now: Items, drift: number, least: number): Change[] {
  const changes: Change[] = []
  for (const [name, { ns, error }] of now) {
    const old = before.get(name)
    if (!old) continue
    const change = { name, before: old.ns * drift, now: ns, error: Math.hypot(error, old.error * drift) }
    const more = change.now - change.before
    if (more > least && more > leastErrors * change.error && change.now > leastGrowth * change.before)
      changes.push(change)
  }
  return changes.sort((a, b) => b.now - b.before - (a.now - a.before))
}

/** The median, by weight, of how much longer it took to read and match a property: one dear rule does not move it. */
function driftOf(before: Profile, now: Profile): number {
  const known = new Map(before.properties.map((of) => [`${of.eventType} ${of.property}`, of]))
  const ratios = now.properties.flatMap((of) => {
    const old = known.get(`${of.eventType} ${of.property}`)
    if (!old || Math.min(old.samples, of.samples) < samplesForDrift || old.ns <= 0 || of.ns <= 0) return []
    return [{ ratio: of.ns / of.evaluations / (old.ns / old.evaluations), weight: Math.min(old.ns, of.ns) }]
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
