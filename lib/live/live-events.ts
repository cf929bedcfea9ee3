import type { TraceEvent } from '../etw/trace.js'
import { NdjsonBatch } from '../stream/batch.js'
import type { InputError } from '../stream/input-error.js'
import type { LiveStatistics } from './live-statistics.js'

/** Events of a live trace, those that have come since the batch before was asked for, and all that was lost by then. */
export class LiveEventBatch extends NdjsonBatch<TraceEvent> {
  /** What has become of all records until this batch. */
  readonly live: LiveStatistics
  /** What went wrong since the batch before, though events come: a provider refused, a session started anew. */
  readonly problems: readonly InputError[]

  /** @internal */
  constructor(ndjson: Uint8Array, live: LiveStatistics, problems: readonly InputError[]) {
    super(ndjson)
    this.live = live
    this.problems = problems
  }
}
