import type { BlockResult, MalformedRecord } from '../binding.js'
import { NuthatchError } from '../errors.js'
import type { TraceSummary } from '../etw/trace-summary.js'

/** A line that is no record, or a record that cannot be read. */
export interface Malformed {
  /** File, or name of the stream. */
  readonly source: string
  /** From 1. */
  readonly line: number
  /** Stable: NUTHATCH_JSON_…, NUTHATCH_RECORD_TOO_LONG. */
  readonly code: string
  /** What is wrong, for people. */
  readonly reason: string
}

/** What has been read and found up to some moment. */
export interface Summary {
  /** Bytes of NDJSON as it is read: decompressed, in UTF-8, without a byte order mark; of traces those of the file. */
  readonly bytes: number
  /** Of NDJSON, empty ones too; of traces their records. */
  readonly lines: number
  /** All records of traces among them. */
  readonly records: number
  /** Records that became standard events. */
  readonly events: number
  /** Detections made. */
  readonly detections: number
  /** How often a detector's outcome hung on what is not known: a pending property, or a file that could not be verified. */
  readonly undecided: number
  /** Lines that are no record. */
  readonly malformed: number
  /** The first of them. */
  readonly malformedSamples: readonly Malformed[]
  /** Records that no mapping knows, by a label such as "security 4658". */
  readonly unmapped: Readonly<Record<string, number>>
  /** Of the traces that were read to their end, in order. */
  readonly traces: readonly TraceSummary[]
  /** Terms the trees asked for, and how many it would have been without trees. */
  readonly termsEvaluated: number
  /** Terms that it would have been without trees. */
  readonly termsPossible: number
  /** From the beginning of the evaluation to that moment, or to its end. */
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
type Counter = (typeof counters)[number]

/** Adds up the results of blocks. */
export class RunningSummary {
  readonly #counts = Object.fromEntries(counters.map((counter) => [counter, 0])) as Record<Counter, number>
  readonly #samples: Malformed[] = []
  readonly #unmapped = new Map<string, number>()
  readonly #traces: TraceSummary[] = []
  readonly #began = performance.now()
  #ended: number | null = null

  /** @param names of the sources, by their numbers. */
  add(result: BlockResult, names: readonly string[]): void {
    for (const counter of counters) this.#counts[counter] += result[counter]
    for (const [label, count] of Object.entries(result.unmapped)) {
      this.#unmapped.set(label, (this.#unmapped.get(label) ?? 0) + count)
    }
    const room = MAX_SAMPLES - this.#samples.length
    for (const sample of result.malformedSamples.slice(0, room)) this.#samples.push(named(sample, names))
  }

  addTrace(trace: TraceSummary): void {
    this.#traces.push(trace)
  }

  /** Stops the clock. */
  end(): void {
    this.#ended ??= performance.now()
  }

  get(): Summary {
    return {
      ...this.#counts,
      malformedSamples: [...this.#samples],
      unmapped: Object.fromEntries(this.#unmapped),
      traces: [...this.#traces],
      seconds: ((this.#ended ?? performance.now()) - this.#began) / 1000,
    }
  }
}

/** Thrown with the option `strict` at the first malformed record. */
export class MalformedRecordError extends NuthatchError implements Malformed {
  /** `MalformedRecordError`. */
  override readonly name: string = 'MalformedRecordError'
  /** File, or name of the stream. */
  readonly source: string
  /** From 1. */
  readonly line: number
  /** What is wrong, for people. */
  readonly reason: string

  /** @internal */
  constructor({ source, line, code, reason }: Malformed) {
    super(code, `${source}:${line}: ${reason}`)
    this.source = source
    this.line = line
    this.reason = reason
  }
}

export const named = (
  { source, line, code, reason }: MalformedRecord,
  names: readonly string[],
): Malformed => ({
  source: names[source] ?? '',
  line,
  code,
  reason,
})
