import type { NativeEventFilter, NativeStackOptions } from '../binding.js'
import { checkOptions, invalidArgument, type OptionCheck, signalOption, text } from '../check-arguments.js'
import { NuthatchError } from '../errors.js'
import { statOrNull } from '../glob.js'
import type { StandardEvent } from '../language/ruleset.js'
import { NdjsonBatch } from '../stream/batch.js'
import { Evaluation, type LoadedPlan } from '../stream/evaluation.js'
import { InputError } from '../stream/input-error.js'
import { expandInputs, type Input } from '../stream/inputs.js'
import { leavable } from '../stream/leavable.js'
import { checkStandardizeOptions, type EvaluateOptions, type StandardizeOptions } from '../stream/options.js'
import { mappingsOnly } from '../stream/telemetry.js'
import { standardOfTraces, type TraceReading } from '../stream/trace-pieces.js'
import { withoutBraces } from './provider-names.js'
import { openTraceFile } from './trace-file.js'
import { TraceLines } from './trace-lines.js'
import { damageOf, type TraceSummary } from './trace-summary.js'

/** Which trace, and which of its events. A list that is empty or left out lets all through. */
export interface TraceOptions {
  /** A trace file (.etl), as it is or compressed with gzip or zstd. */
  readonly file: string
  /** Ends whatever reads the trace, by throwing the signal's reason. */
  readonly signal?: AbortSignal
  /** Names or GUIDs, in any case. */
  readonly providers?: readonly string[]
  /** Ids; of kernel and classic events their types. */
  readonly ids?: readonly number[]
  /** Of the process that the record is of; or, of kernel events, that is the first in its payload. */
  readonly pids?: readonly number[]
  /** Whether the events that it is iterated over have their call stacks. */
  readonly stacks?: boolean
  /** A folder that has the files of the machine, whose exports then name the functions in stacks. Needs `stacks`. */
  readonly imageRoot?: string
}

/** A value of a payload. Integers above 2^53 lose digits here, and have them all in a batch's `ndjson`. */
export type TraceValue =
  | string
  | number
  | boolean
  | readonly TraceValue[]
  | { readonly [field: string]: TraceValue }

/**
 * A batch belongs to whoever takes it. V8 collects young buffers when they have 32 MB; seven eighths of each are never
 * touched and so take no memory: 4 MB are left lying. native/addon/buffer.h does the same.
 */
const ownBuffer = (bytes: number): Buffer =>
  Buffer.allocUnsafeSlow(Math.max(bytes, Math.min(8 * bytes, 2 ** 25))).subarray(0, bytes)

/** A decoded event, as `nuthatch etl` prints it; docs/etw.md says what each member is. */
export interface TraceEvent {
  /** The record's number in the trace, from 1, in the order of time. */
  readonly record: number
  /** ISO 8601 in UTC, to 100 ns. */
  readonly time: string
  /** The provider's name, or the class of a kernel event; left out when it is not known. */
  readonly provider?: string
  /** The provider's GUID, lower case, without braces. */
  readonly guid?: string
  /** Of events by manifest, self-describing ones and messages. */
  readonly id?: number
  /** Of kernel and classic events. */
  readonly type?: number
  /** Of the event's layout. */
  readonly version?: number
  /** The event's name. */
  readonly event?: string
  /** The name of its task. */
  readonly task?: string
  /** The name of its opcode. */
  readonly opcode?: string
  /** 1 (critical) to 5 (verbose), as the provider has set it. */
  readonly level?: number
  /** The number of the processor on which it was written. */
  readonly cpu: number
  /** Of the record's header: the process that wrote it. */
  readonly pid?: number
  /** Of the record's header: the thread that wrote it. */
  readonly tid?: number
  /** The activity's GUID. */
  readonly activity?: string
  /** The payload, by the names of its fields. */
  readonly fields: { readonly [field: string]: TraceValue }
  /** Bytes of the payload that no field has, hexadecimal. */
  readonly rest?: string
  /** The payload ended before its last field. */
  readonly incomplete?: true
  readonly [member: string]: unknown
}

/** Events of a trace, in the order of their time. */
export type TraceBatch = NdjsonBatch<TraceEvent>

const listOf = (wanted: string, fits: (item: unknown) => boolean): OptionCheck => ({
  wanted: `an array of ${wanted}`,
  fits: (value) => Array.isArray(value) && value.every(fits),
})
const wholeNumbers = (most: number): OptionCheck =>
  listOf(
    `whole numbers from 0 to ${most}`,
    (item) => Number.isInteger(item) && Number(item) >= 0 && Number(item) <= most,
  )

const traceOptions: Readonly<Record<string, OptionCheck>> = {
  file: text('a path'),
  signal: signalOption,
  providers: listOf('names or GUIDs', (item) => typeof item === 'string'),
  ids: wholeNumbers(0xffff),
  pids: wholeNumbers(0xffffffff),
  stacks: { wanted: 'true or false', fits: (value) => typeof value === 'boolean' },
  imageRoot: text('the path of a folder'),
}

/**
 * A recorded trace: to iterate over its events, a batch at a time, or for `Detectors.evaluate`. Nothing is read
 * before that; it can be read any number of times. Disposing of it ends whatever still reads it.
 */
export class Trace implements AsyncIterable<TraceBatch>, AsyncDisposable {
  /** The path, as it was given. */
  readonly file: string
  readonly #filter: NativeEventFilter
  readonly #stacks: NativeStackOptions
  readonly #signal: AbortSignal
  readonly #disposal = new AbortController()
  /** What reads it now. */
  readonly #readers = new Set<TraceReading>()
  #summary: TraceSummary | null = null

  /** @throws NuthatchError NUTHATCH_INVALID_OPTION, NUTHATCH_INVALID_ARGUMENT */
  constructor(options: TraceOptions) {
    checkOptions(options, traceOptions)
    const { file, signal, providers = [], ids = [], pids = [], stacks = false, imageRoot } = options
    if (file === undefined) invalidArgument('file', 'the path of a trace', file)
    this.file = file
    if (imageRoot !== undefined && !stacks)
      throw new NuthatchError(
        'NUTHATCH_INVALID_OPTION',
        'imageRoot needs stacks: it names the functions in them',
      )
    this.#stacks = { stacks, ...(imageRoot !== undefined && { imageRoot }) }
    this.#filter = { providers: providers.map(withoutBraces), ids, pids }
    const disposed = this.#disposal.signal
    this.#signal = signal ? AbortSignal.any([signal, disposed]) : disposed
  }

  /** What was wrong with the trace, and lost; null before an iteration over its events has ended. */
  get summary(): TraceSummary | null {
    return this.#summary
  }

  /**
   * Its events as standard events; others are counted and left out.
   * @throws NuthatchError NUTHATCH_INVALID_OPTION
   */
  standardize(wanted: StandardizeOptions = {}): Evaluation<StandardEvent> {
    checkStandardizeOptions(wanted)
    const { derived = false, ...options } = wanted
    return this.evaluate(mappingsOnly(), derived ? 'derived-events' : 'events', options)
  }

  /** @internal */
  evaluate<T>(
    plan: LoadedPlan,
    output: 'detections' | 'events' | 'derived-events',
    options: EvaluateOptions,
  ): Evaluation<T> {
    const signal = options.signal ? AbortSignal.any([options.signal, this.#signal]) : this.#signal
    const filter = { ...standardOfTraces.filter, ...this.#filter }
    return new Evaluation<T>(
      plan,
      output,
      this.file,
      { ...options, signal },
      {
        filter,
        only: true,
        readers: this.#readers,
      },
    )
  }

  /**
   * A batch for each block of events, the next being made while one is used. When something is wrong with the
   * file, all that is good in it comes first.
   * @throws InputError; NuthatchError NUTHATCH_ETL_FORMAT and others; the signal's reason
   */
  [Symbol.asyncIterator](): AsyncGenerator<TraceBatch, undefined> {
    // There may be a trace to copy first.
    return leavable((self, left) => this.#events(self, left))
  }

  /** Ends whatever reads the trace, and waits until its file is closed and copies of it are removed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposal.abort(
      new NuthatchError('NUTHATCH_TRACE_CLOSED', `${this.file}: the trace has been closed`),
    )
    await Promise.all([...this.#readers].map((reader) => reader.return(undefined)))
  }

  async *#events(self: () => TraceReading, left: AbortSignal): AsyncGenerator<TraceBatch, undefined> {
    const signal = AbortSignal.any([this.#signal, left])
    signal.throwIfAborted()
    const reader = self()
    this.#readers.add(reader)
    try {
      yield* this.#batches(signal)
    } catch (error) {
      if (error !== left.reason) throw error
    } finally {
      this.#readers.delete(reader)
    }
  }

  async *#batches(signal: AbortSignal): AsyncGenerator<TraceBatch, undefined> {
    const file = await openTraceFile(await this.#find(), signal)
    try {
      const lines = new TraceLines(this.file, file.path, this.#filter, this.#stacks)
      for await (const block of lines.blocks(ownBuffer, signal))
        if (block.length > 0) yield new NdjsonBatch<TraceEvent>(block)
      this.#summary = lines.summary
      const problem = file.problem ?? damageOf(lines.summary)
      if (problem) throw problem
    } finally {
      await file.remove()
    }
  }

  async #find(): Promise<Input> {
    if ((await statOrNull(this.file).catch(() => null))?.isDirectory())
      throw new InputError('NUTHATCH_INPUT_FORMAT', this.file, 'it is a folder: a trace is one file')
    const { inputs, problems } = await expandInputs(this.file)
    if (problems[0]) throw problems[0]
    if (inputs.length === 1) return inputs[0] as Input
    throw new InputError(
      'NUTHATCH_INPUT_FORMAT',
      this.file,
      `there are ${inputs.length} files: a trace is one`,
    )
  }
}
