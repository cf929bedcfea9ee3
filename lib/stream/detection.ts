import type { Severity, StandardEvent } from '../language/ruleset.js'
import type { PropertyName } from '../schema/properties.js'
import type { Batch } from './batch.js'

/** A detector that is true for an event. */
export interface Detection {
  /** The detector's name. */
  readonly detector: string
  /** Its title; its name if it has none. */
  readonly title: string
  /** How much it matters. */
  readonly severity: Severity
  /** ATT&CK technique ids. */
  readonly attack: readonly string[]
  /** The file, or the name of the stream, that the record is in. */
  readonly source: string
  /** Line of the record, from 1. */
  readonly line: number
  /** The record in standard form. */
  readonly event: StandardEvent
  /** What made the detector true. */
  readonly matched: readonly Match[]
}

/**
 * A value that a pattern of a term matched, or, for a term that is true by its negation, a value that the
 * property has instead.
 */
export interface Match {
  /** What was compared. */
  readonly property: PropertyName
  /** As helpers are named: `includes`, `does_not_include`. */
  readonly match: string
  /** One of the property's; a text that is long is cut. Left out when the property is missing. */
  readonly value?: string | number | boolean
  /**
   * The text or number looked for, `4..8` for between. Left out where nothing is looked for (exists,
   * is_true), and for negations.
   */
  readonly pattern?: string | number
}

/** Detections of a block of records. */
export type DetectionBatch = Batch<Detection>
/** Standard events of a block of records. */
export type EventBatch = Batch<StandardEvent>
