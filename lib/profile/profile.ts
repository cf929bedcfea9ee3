import type { EventTypeName } from '../schema/event-types.js'
import type { PropertyName } from '../schema/properties.js'

export const PROFILE_VERSION = 2

/**
 * What an evaluation has cost: see docs/profile.md. Times are nanoseconds of the whole run, estimated from the events
 * that were timed; counts are exact unless they say otherwise. Every list has the dearest first.
 */
export interface Profile {
  readonly format: 'nuthatch-profile'
  readonly version: typeof PROFILE_VERSION
  /** Events that detectors were evaluated on. */
  readonly events: number
  readonly timedEvents: number
  /** Timed, and left out: something else had the processor meanwhile. */
  readonly interruptedEvents: number
  readonly ns: number
  readonly eventTypes: readonly EventTypeProfile[]
  readonly detectors: readonly DetectorProfile[]
  /** A row for each event type that a term is asked for on. */
  readonly terms: readonly TermProfile[]
  readonly properties: readonly PropertyProfile[]
}

export interface EstimatedTime {
  readonly ns: number
  /** Standard error of `ns`, from the spread of what was timed. */
  readonly error: number
  /** Some of it happened and was never timed: that is not in `ns`, and nothing is known of it. */
  readonly untimed: boolean
  /** Of `ns`: of what was timed so rarely that another run may not have timed it at all. */
  readonly rarelyTimedNs: number
}

export interface EventTypeProfile extends EstimatedTime {
  readonly eventType: EventTypeName
  readonly events: number
  readonly timedEvents: number
  /** Of `ns`: walking the tree, without the properties that it asks for. */
  readonly treeNs: number
}

/** Where something first stands in an event type's tree. */
export interface Place {
  readonly eventType: EventTypeName
  /** Below the root, from 1; 0: the detector is always true. */
  readonly depth: number
  /** The guard right above; null at the top. */
  readonly under: string | null
}

export interface Shared extends EstimatedTime {
  /** Of `ns`: what the clock tells apart, patterns and nodes. The rest is a part of what passes took in all. */
  readonly own: EstimatedTime
  /** Of what several use, `ns` holds a part; this is what would not be spent without this one alone. */
  readonly savedNs: number
}

export interface DetectorProfile extends Shared {
  readonly name: string
  /** Another one when the condition has changed; the same in every run for equal conditions. */
  readonly definition: string
  /** Keys of its terms. */
  readonly terms: readonly string[]
  /** How often the tree came to the last thing to ask for it. */
  readonly evaluations: number
  readonly fired: number
  readonly undecided: number
  /** `fired` of `evaluations`; null when there were none. */
  readonly passRate: number | null
  readonly places: readonly DetectorPlace[]
}

export interface DetectorPlace extends Place, Shared {
  readonly evaluations: number
  readonly fired: number
}

export interface TermProfile extends Shared, Place {
  /** The same in every run for equal terms. */
  readonly key: string
  /** As `nuthatch tree` prints it. */
  readonly term: string
  readonly property: PropertyName
  /** How often the tree asked for it. */
  readonly evaluations: number
  readonly true: number
  readonly unknown: number
  /** `true` of `evaluations`. Of a term whose hits lead to it, that is all; `hitRate` is what most want to know. */
  readonly passRate: number | null
  /** Of the timed events that asked for its property, how many had it true, whether or not the tree asked for it. */
  readonly hitRate: number | null
  /** What `hitRate` is a share of. Of a term that is asked one by one: its evaluations. */
  readonly hitRateOf: number
  /** How many of its strings, or literals of its patterns, were found in an event that asked for its property. */
  readonly finds: number
  /** Time to answer it when nothing else has asked for its property, and how many samples say so. */
  readonly aloneNs: number
  readonly samples: number
  /** What the compiler takes for `aloneNs` without a profile, in its own measure. */
  readonly estimatedNs: number
}

export interface PropertyProfile extends EstimatedTime, Place {
  readonly property: PropertyName
  /** Reading its value, or computing it. */
  readonly resolveNs: number
  /** The pass that answers the terms on it. */
  readonly matchNs: number
  /** Of `matchNs`: patterns, each of which is its term's own. */
  readonly patternsNs: number
  /** Events that asked for it. */
  readonly evaluations: number
  /** Of these: it had a value, which was looked at. */
  readonly present: number
  readonly pending: number
  /** Terms on it that the event type's detectors have. */
  readonly terms: number
  /** `present` of `evaluations`. */
  readonly passRate: number | null
  readonly samples: number
}
