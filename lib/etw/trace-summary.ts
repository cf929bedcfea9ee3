import type {
  NativeLabelCount,
  NativeStackCounts,
  NativeTraceEventsSummary,
  NativeTraceFaults,
  NativeTraceHeader,
} from '../binding.js'
import { InputError } from '../stream/input-error.js'
import { fileTimeToIso } from './file-time.js'

/** What is wrong with a trace file: by kind, and the first few with their place. */
export interface TraceFaults {
  /** Faults of all kinds. */
  readonly total: number
  /** By kind. */
  readonly counts: readonly {
    /** Stable: NUTHATCH_ETL_…. */
    readonly code: string
    /** What it means, for people. */
    readonly reason: string
    /** How many there are. */
    readonly count: number
  }[]
  /** The first 16, in the order of the file. */
  readonly samples: readonly {
    /** Stable: NUTHATCH_ETL_…. */
    readonly code: string
    /** Byte of the file; of its buffer where that is compressed. */
    readonly position: number
    /** ISO 8601 in UTC: about when what stands there happened; null when that is not known. */
    readonly time: string | null
  }[]
}

/** What a session lost. Null when it never ended: then the trace does not say. */
export interface TraceLosses {
  /** Events that the session could not write. */
  readonly events: number | null
  /** Buffers that could not be written to the file. */
  readonly buffers: number | null
  /** Buffers marked as the first after a loss. */
  readonly marks: number
}

export type TraceStacks = NativeStackCounts

/** How well a trace could be read. */
export interface TraceSummary {
  /** The path of the trace, as it was given. */
  readonly source: string
  /** Events asked for that could not be decoded, or not to their end. */
  readonly undecoded: {
    /** Events asked for that have no known schema. */
    readonly raw: number
    /** Those whose payload ends before its last field. */
    readonly incomplete: number
    /** Both, by a label such as "etw Thread 1"; the most frequent, and "etw other". */
    readonly events: Readonly<Record<string, number>>
  }
  /** Events that have their call stacks, and those that waited for one in vain; null when nobody asked for them. */
  readonly stacks: TraceStacks | null
  /** What the session lost while it recorded. */
  readonly lost: TraceLosses
  /** Records that came after one with a later time. */
  readonly outOfOrder: number
  /** What is wrong with the file. */
  readonly faults: TraceFaults
}

/** Labels that a trace adds to those of unmapped records; what is rarer counts as "etw other". */
const MAX_LABELS = 64
/** Of events that could not be decoded. */
const MAX_UNDECODED = 16

export const faultsOf = ({ total, counts, samples }: NativeTraceFaults): TraceFaults => ({
  total,
  counts,
  samples: samples.map(({ code, position, time }) => ({ code, position, time: fileTimeToIso(time) })),
})

export function lossesOf(
  { endTime, eventsLost, buffersLost }: NativeTraceHeader,
  marks: number,
): TraceLosses {
  const closed = endTime !== 0n
  return { events: closed ? eventsLost : null, buffers: closed ? buffersLost : null, marks }
}

export function traceSummaryOf(source: string, summary: NativeTraceEventsSummary): TraceSummary {
  const { raw, incomplete, undecoded, stacks = null, header, faults, lossMarks = 0, outOfOrder = 0 } = summary
  return {
    source,
    undecoded: { raw, incomplete, events: Object.fromEntries(labelled(undecoded, MAX_UNDECODED)) },
    stacks,
    lost: header ? lossesOf(header, lossMarks) : { events: null, buffers: null, marks: 0 },
    outOfOrder,
    faults: faults ? faultsOf(faults) : { total: 0, counts: [], samples: [] },
  }
}

/** Records that were left out, by a label such as "etw Thread 1", most first. */
export const leftOutOf = ({
  leftOut = [],
  otherLeftOut = 0,
}: NativeTraceEventsSummary): Map<string, number> => labelled(leftOut, MAX_LABELS, otherLeftOut)

/** Counts by label, the `most` most frequent, and the rest under one. */
function labelled(events: readonly NativeLabelCount[], most: number, others = 0): Map<string, number> {
  const counts = new Map<string, number>()
  for (const event of events) {
    const label = labelOf(event)
    counts.set(label, (counts.get(label) ?? 0) + event.records)
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a)
  const labels = new Map(sorted.slice(0, most))
  const rest = sorted.slice(most).reduce((sum, [, records]) => sum + records, others)
  if (rest > 0) labels.set('etw other', rest)
  return labels
}

/** As lib/standardize/etw.ts labels what has no route. */
const labelOf = ({ provider, name, number }: NativeLabelCount): string => `etw ${name || provider} ${number}`

/** Faults that are no damage: the file is as it should be, but holds what is not read. */
const notDamage = new Set(['NUTHATCH_ETL_BUFFER_TYPE', 'NUTHATCH_ETL_RECORD_KIND'])
const endsEarly = new Set(['NUTHATCH_ETL_TRUNCATED', 'NUTHATCH_ETL_BUFFERS_MISSING'])

/** The problem that damage of a trace is; null when it has none. */
export function damageOf({ source, faults }: TraceSummary): InputError | null {
  const damage = faults.counts.filter(({ code }) => !notDamage.has(code))
  if (damage.length === 0) return null
  const truncated = damage.every(({ code }) => endsEarly.has(code))
  const reasons = damage.map(({ code, reason, count }) => {
    const place = faults.samples.find((sample) => sample.code === code)?.position
    return `${reason} (${count} × ${code}${place === undefined ? '' : `, first at byte ${place}`})`
  })
  return new InputError(
    truncated ? 'NUTHATCH_INPUT_TRUNCATED' : 'NUTHATCH_INPUT_CORRUPT',
    source,
    `the trace is damaged, and what is good in it was read: ${reasons.join('; ')}`,
  )
}
