import type { Severity, StandardEvent } from '../language/ruleset.js'
import type { MatchKind } from '../schema/match-kinds.js'
import type { PropertyName } from '../schema/properties.js'
import type { Batch } from './batch.js'

/** A detector that is true for an event. */
export interface Detection {
  readonly detector: string
  readonly title: string
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

/** One value that one pattern of a term matched. */
export interface Match {
  readonly property: PropertyName
  readonly match: MatchKind
  readonly value: string
  /** The text or number looked for; empty for exists and is_true. */
  readonly pattern: string
}

export type DetectionBatch = Batch<Detection>
export type EventBatch = Batch<StandardEvent>
