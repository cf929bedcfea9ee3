import type { BlockResult, MalformedRecord } from '../binding.js'
import { NuthatchError } from '../errors.js'

/** A line that is no record, or a record that cannot be read. */
export interface Malformed {
  /** File, or name of the stream. */
  readonly source: string
  /** From 1. */
  readonly line: number
  readonly code: string
  readonly reason: string
}

/** What has been read and found so far. */
export interface Summary {
  /** Bytes of NDJSON, decompressed. */
  readonly bytes: number
  readonly lines: number
  readonly records: number
  /** Records that became standard events. */
  readonly events: number
  readonly detections: number
  /** How often a detector's outcome hung on a pending property. */
  readonly undecided: number
  readonly malformed: number
  /** The first of them. */
  readonly malformedSamples: readonly Malformed[]
  /** Records that no mapping knows, by a label such as "security 4658". */
  readonly unmapped: Readonly<Record<string, number>>
  /** Terms the trees asked for, and how many it would have been without trees. */
  readonly termsEvaluated: number
  readonly termsPossible: number
  /** Since the evaluation began. */
  readonly seconds: number
}

const MAX_SAMPLES = 10

const counters = [
  'bytes',
  'lines',
  'records',
  'events',
  'detections',
  'undecided',
  'malformed',
  'termsEvaluated',
  'termsPossible',
] as const

/** Adds up the results of blocks. */
export class RunningSummary implements Summary {
  bytes = 0
  lines = 0
  records = 0
  events = 0
  detections = 0
  undecided = 0
  malformed = 0
  termsEvaluated = 0
  termsPossible = 0
  readonly malformedSamples: Malformed[] = []
  readonly unmapped: Record<string, number> = Object.create(null)
  readonly #began = performance.now()
  #ended: number | null = null

  get seconds(): number {
    return ((this.#ended ?? performance.now()) - this.#began) / 1000
  }

  /** @param names of the sources, by their numbers. */
  add(result: BlockResult, names: readonly string[]): void {
    for (const counter of counters) this[counter] += result[counter]
    for (const [label, count] of Object.entries(result.unmapped)) {
      this.unmapped[label] = (this.unmapped[label] ?? 0) + count
    }
    const room = MAX_SAMPLES - this.malformedSamples.length
    for (const sample of result.malformedSamples.slice(0, room))
      this.malformedSamples.push(named(sample, names))
  }

  /** Stops the clock. */
  end(): void {
    this.#ended ??= performance.now()
  }

  toJSON(): Summary {
    const { malformedSamples, unmapped, seconds } = this
    const counted = Object.fromEntries(counters.map((counter) => [counter, this[counter]]))
    return { ...(counted as Record<(typeof counters)[number], number>), malformedSamples, unmapped, seconds }
  }
}

/** Thrown with the option `strict` at the first malformed record. */
export class MalformedRecordError extends NuthatchError implements Malformed {
  readonly source: string
  readonly line: number
  readonly reason: string

  constructor({ source, line, code, reason }: Malformed) {
    super(code, `${source}:${line}: ${reason}`)
    this.source = source
    this.line = line
    this.reason = reason
  }
}

const named = ({ source, line, code, reason }: MalformedRecord, names: readonly string[]): Malformed => ({
  source: names[source] ?? '',
  line,
  code,
  reason,
})
