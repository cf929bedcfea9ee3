import type { EventTypeName } from '../schema/event-types.js'
import type { MatchKind } from '../schema/match-kinds.js'
import type { EventTypesOf, PropertyName, PropertyRow, properties } from '../schema/properties.js'

/**
 * What checking makes of rule files: lists and defines resolved, heuristic helpers expanded, every
 * name known to the schema. The compiler and the reference evaluator both start here.
 */
export interface RuleSet {
  readonly detectors: readonly Detector[]
}

/** From the least to the most severe. */
export const severities = ['informational', 'low', 'medium', 'high', 'critical'] as const
/** How much a detection matters. */
export type Severity = (typeof severities)[number]

/** What a rule file says of a detector, besides its condition. */
export interface DetectorInfo {
  /** By which detections call it. */
  readonly name: string
  /** A line for people. */
  readonly title: string
  /** More for people; empty without one. */
  readonly description: string
  /** How much its detections matter. */
  readonly severity: Severity
  /** ATT&CK technique ids, such as T1059.001. */
  readonly attack: readonly string[]
  /** Addresses of what it is based on. */
  readonly references: readonly string[]
  /** Every other metadata entry, by its key. */
  readonly metadata: Readonly<Record<string, readonly string[]>>
}

export interface Detector extends DetectorInfo {
  readonly condition: Condition
  readonly examples: readonly Example[]
  readonly span: Span
}

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Condition[] }
  | { readonly kind: 'not'; readonly operand: Condition }
  | { readonly kind: 'test'; readonly test: Test }

/** One predicate on one property. */
export interface Test {
  /** The event type of a typed helper, on whose other types the test is false; null for any type. */
  readonly event: EventTypeName | null
  readonly property: PropertyName
  readonly match: MatchKind
  /** True when every value must match, in one and the same value of the property. */
  readonly all: boolean
  /** A does_not_ helper: the answer on `event` is turned round. */
  readonly negated: boolean
  readonly caseSensitive: boolean
  /** Text to compare with; RE2 patterns with inline flags for matches; CIDR for in_subnet. */
  readonly strings: readonly string[]
  readonly numbers: readonly number[]
  readonly span: Span
}

export interface Example {
  readonly kind: 'fires_on' | 'ignores'
  readonly label: string
  readonly event: StandardEvent
  readonly span: Span
}

/**
 * An event in standard form: property names to values. Its type says which properties it can have; those
 * of other types are undefined, so that they can be asked for before the type is known.
 */
export type StandardEvent = { [Type in EventTypeName]: EventOf<Type> }[EventTypeName]

/** A standard event of one type. */
export type EventOf<Type extends EventTypeName> = {
  /** Its type. */
  readonly event_type: Type
} & {
  readonly [P in PropertyName]?: Type extends EventTypesOf<P> ? ValueOf<(typeof properties)[P]> : undefined
}

/** What a property of an event can be; `pending` is still being found out. */
export type PropertyValue = string | number | boolean | readonly string[] | Pending
/** The value of a property that is still being found out. */
export interface Pending {
  /** Always true. */
  readonly pending: true
}

type ValueOf<Row extends PropertyRow> =
  | { string: string; number: number; boolean: boolean; ip: string }[Row['kind']]
  | (Row extends { many: true } ? readonly string[] : never)
  | Pending

/** A stretch of a rule file: bytes from its beginning, and the line and column (from 1, in characters) where it starts. */
export interface Span {
  /** The path, or the name that the text was given. */
  readonly file: string
  /** Byte at which it begins. */
  readonly start: number
  /** Byte before which it ends. */
  readonly end: number
  /** From 1. */
  readonly line: number
  /** In characters, from 1. */
  readonly column: number
}
