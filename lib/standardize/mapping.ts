import type { EventTypeName } from '../schema/event-types.js'
import type { PropertyName } from '../schema/properties.js'
import type { OperationName } from './operations.js'

/**
 * A mapping says how one vendor's records become standard events. It is data: `encode.ts` writes
 * it into the Plan, and native/telemetry runs it while the JSON is being parsed.
 */
export interface Mapping {
  /** Becomes the property `source`, unless `common` sets that. */
  readonly name: string
  /** A record is this vendor's when, for one of these lists, every path in it is there and not null. */
  readonly recognise: readonly (readonly Path[])[]
  /** And when these hold; as in Route. */
  readonly when?: readonly Condition[]
  /** Texts that mean "no value" in this vendor's records, exactly so written; JSON null always does. */
  readonly absent: readonly string[]
  /**
   * The texts of records for which these hold were XML-escaped once too often: `field` decodes them
   * (see operations.ts). Conditions, these and all others, read the record as it is.
   */
  readonly escaped?: readonly Condition[]
  /** Properties set on every event; a route's own `set` wins. */
  readonly common: Assignments
  /** Tried in order; the first whose conditions all hold gives the event type. */
  readonly routes: readonly Route[]
  /** What a record without a route is counted under, such as "sysmon 255"; `name` when it is missing. */
  readonly label: Source
}

export interface Route {
  readonly event: EventTypeName
  readonly when: readonly Condition[]
  readonly set: Assignments
}

/**
 * True when the text of `source` (the first of many) is one of `values`, ASCII case aside; or present
 * or pending, if there are no values.
 */
export interface Condition {
  readonly source: Source
  readonly values: readonly string[]
}

export type Assignments = { readonly [P in PropertyName]?: Source }

/** Keys from the root of the record to a value, one to four of them. */
export type Path = readonly string[]

/** Where a value comes from: the first path that is present, or an operation on other sources. */
export type Source = FieldSource | OperationSource

export interface FieldSource {
  readonly paths: readonly Path[]
}

export interface OperationSource {
  readonly operation: OperationName
  readonly arguments: readonly (Source | string)[]
}
