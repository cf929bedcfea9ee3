import type { EventTypeName } from '../schema/event-types.js'
import type { PropertyName } from '../schema/properties.js'

export const PROFILE_VERSION = 2

/**
 * What an evaluation has cost: see docs/profile.md. Times are nanoseconds of the whole run, estimated from the events
 * that were timed; counts are exact unless they say otherwise. Every list has the dearest first.
 */
export interface Profile {
  /** By which a file of JSON is known to be a profile. */
  readonly format: 'nuthatch-profile'
  /** Of this format. */
  readonly version: typeof PROFILE_VERSION
  /** Events that detectors were evaluated on. */
  readonly events: number
  /** Of these, events whose time was measured. */
  readonly timedEvents: number
  /** Timed, and left out: something else had the processor meanwhile. */
  readonly interruptedEvents: number
  /** Nanoseconds of all events, estimated. */
  readonly ns: number
  /** What the events of each type cost. */
  readonly eventTypes: readonly EventTypeProfile[]
  /** What each detector costs. */
  readonly detectors: readonly DetectorProfile[]
  /** A row for each event type that a term is asked for on. */
  readonly terms: readonly TermProfile[]
  /** What each property costs, with the pass over it; a row for each event type. */
  readonly properties: readonly PropertyProfile[]
}

/** A time in nanoseconds, and how well it is known. */
export interface EstimatedTime {
  /** Mean of what was timed, times how often it happened. */
  readonly ns: number
  /** Standard error of `ns`, from the spread of what was timed. */
  readonly error: number
  /** Some of it happened and was never timed: that is not in `ns`, and nothing is known of it. */
  readonly untimed: boolean
  /** Of `ns`: of what was timed so rarely that another run may not have timed it at all. */
  readonly rarelyTimedNs: number
}

/** What events of one type cost. */
export interface EventTypeProfile extends EstimatedTime {
  /** The type. */
  readonly eventType: EventTypeName
  /** Events of this type that detectors were evaluated on. */
  readonly events: number
  /** Of these, events whose time was measured. */
  readonly timedEvents: number
  /** Of `ns`: walking the tree, without the properties that it asks for. */
  readonly treeNs: number
}

/** Where something first stands in an event type's tree. */
export interface Place {
  /** Whose tree it is. */
  readonly eventType: EventTypeName
  /** Below the root, from 1; 0: the detector is always true. */
  readonly depth: number
  /** The guard right above; null at the top. */
  readonly under: string | null
}

/** The cost of what shares work with others. */
export interface Shared extends EstimatedTime {
  /** Of `ns`: what the clock tells apart, patterns and nodes. The rest is a part of what passes took in all. */
  readonly own: EstimatedTime
  /** Of what several use, `ns` holds a part; this is what would not be spent without this one alone. */
  readonly savedNs: number
}

/** What a detector costs, on all event types. */
export interface DetectorProfile extends Shared {
  /** The detector's. */
  readonly name: string
  /** Another one when the condition has changed; the same in every run for equal conditions. */
  readonly definition: string
  /** Keys of its terms. */
  readonly terms: readonly string[]
  /** How often the tree came to the last thing to ask for it. */
  readonly evaluations: number
  /** How often it was true. */
  readonly fired: number
  /** How often its outcome hung on what was not known. */
  readonly undecided: number
  /** `fired` of `evaluations`; null when there were none. */
  readonly passRate: number | null
  /** Where it stands, a row for each event type. */
  readonly places: readonly DetectorPlace[]
}

/** What a detector costs on one event type. */
export interface DetectorPlace extends Place, Shared {
  /** How often the tree came to the last thing to ask for it. */
  readonly evaluations: number
  /** How often it was true. */
  readonly fired: number
}

/** What a term costs on one event type. */
export interface TermProfile extends Shared, Place {
  /** The same in every run for equal terms. */
  readonly key: string
  /** As `nuthatch tree` prints it. */
  readonly term: string
  /** What it asks for. */
  readonly property: PropertyName
  /** How often the tree asked for it. */
  readonly evaluations: number
  /** How often it was true. */
  readonly true: number
  /** How often it was not known. */
  readonly unknown: number
  /** `true` of `evaluations`. Of a term whose hits lead to it, that is all; `hitRate` is what most want to know. */
  readonly passRate: number | null
  /** Of the timed events that asked for its property, how many had it true, whether or not the tree asked for it. */
  readonly hitRate: number | null
  /** What `hitRate` is a share of. Of a term that is asked one by one: its evaluations. */
  readonly hitRateOf: number
  /** How many of its strings, or literals of its patterns, were found in an event that asked for its property. */
  readonly finds: number
  /** Nanoseconds to answer it when nothing else has asked for its property. */
  readonly aloneNs: number
  /** How many samples `aloneNs` is the mean of. */
  readonly samples: number
  /** What the compiler takes for `aloneNs` without a profile, in its own measure. */
  readonly estimatedNs: number
}

/** What a property costs on one event type. */
export interface PropertyProfile extends EstimatedTime, Place {
  /** Its name. */
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
  /** Of these: it was not known yet. */
  readonly pending: number
  /** Terms on it that the event type's detectors have. */
  readonly terms: number
  /** `present` of `evaluations`. */
  readonly passRate: number | null
  /** How many timed events asked for it. */
  readonly samples: number
}
