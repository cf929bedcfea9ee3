import type { BlockResult } from '../binding.js'
import { NuthatchError } from '../errors.js'
import { native } from '../native.js'
import { buildProfile } from '../profile/build-profile.js'
import type { Profile } from '../profile/profile.js'
import { Batch } from '../stream/batch.js'
import type { LoadedPlan, Progress } from '../stream/evaluation.js'
import { type InputError, InputsError } from '../stream/input-error.js'
import { type EvaluateOptions, resolveOptions } from '../stream/options.js'
import { RunningSummary, type Summary } from '../stream/summary.js'
import { imageSignatures } from '../trust/image-signatures.js'
import type { SignatureStatistics } from '../trust/signature-statistics.js'
import { isGrave, problemsOf } from './live-problems.js'
import type { LiveStatistics } from './live-statistics.js'
import type { NativeLiveOptions, NativeLiveTrace } from './native-live.js'

export type LiveOutput = 'detections' | 'events' | 'derived-events'

/** What came out since the batch before was asked for, and all that has been lost by then. */
export class LiveBatch<T> extends Batch<T> {
  /** What has become of all records until this batch. */
  readonly live: LiveStatistics

  /** @internal */
  constructor(result: BlockResult, length: number, live: LiveStatistics) {
    super(result, length)
    this.live = live
  }
}

/** Whatever reads a live trace now. */
export interface LiveReading {
  return(value?: undefined): Promise<unknown>
}

/**
 * One run of a live trace through a Plan: an iterator over what comes out, as Evaluation is. It ends when it is
 * stopped, or when somebody else stops the session. A consumer that takes its time gets larger batches; what there is
 * no room for is dropped, and counted in each batch's `live`.
 */
export class LiveEvaluation<T> implements AsyncIterableIterator<LiveBatch<T>>, AsyncDisposable {
  readonly #plan: LoadedPlan
  readonly #output: LiveOutput
  readonly #source: string
  readonly #live: NativeLiveOptions
  readonly #options: ReturnType<typeof resolveOptions>
  readonly #readers: Set<LiveReading>
  readonly #summary = new RunningSummary()
  readonly #problems: InputError[] = []
  readonly #batches: AsyncGenerator<LiveBatch<T>, undefined>
  #trace: NativeLiveTrace | null = null
  readonly #stopping = new AbortController()
  #closed: Promise<void> | null = null
  #profile: Profile | null = null

  /**
   * @param readers where it is while it runs
   * @throws NuthatchError NUTHATCH_INVALID_OPTION
   * @internal
   */
  constructor(
    plan: LoadedPlan,
    output: LiveOutput,
    source: string,
    live: NativeLiveOptions,
    options: EvaluateOptions,
    readers: Set<LiveReading>,
  ) {
    this.#readers = readers
    this.#plan = plan
    this.#output = output
    this.#source = source
    this.#live = live
    this.#options = resolveOptions(options, /*live=*/ true)
    this.#batches = this.#run()
  }

  /** Of the batches taken so far. */
  get summary(): Summary {
    return this.#summary.get()
  }

  /** What has become of the records; null before the sessions run. */
  get live(): LiveStatistics | null {
    return this.#trace?.counts() ?? null
  }

  /** What went wrong though events came. */
  get problems(): readonly InputError[] {
    return this.#problems
  }

  /** What was asked of the cache of signatures; null when none is verified. */
  get signatures(): SignatureStatistics | null {
    return this.#trace?.signatures() ?? null
  }

  /** What evaluating has cost; null before the iteration has ended. */
  get profile(): Profile | null {
    const costs = this.#closed && this.#trace?.costs()
    if (this.#profile === null && costs) this.#profile = buildProfile(this.#plan.bytes, costs)
    return this.#profile
  }

  /** A live trace has no size. */
  get progress(): Progress {
    return { read: 0, total: null }
  }

  /**
   * The next batch: it waits for one.
   * @throws NuthatchError NUTHATCH_LIVE_…; the signal's reason
   */
  next(): Promise<IteratorResult<LiveBatch<T>, undefined>> {
    return this.#batches.next()
  }

  /** Ends the sessions; batches not yet taken are dropped. */
  async return(): Promise<IteratorResult<LiveBatch<T>, undefined>> {
    await this.#close()
    return this.#batches.return(undefined)
  }

  /** Ends the sessions. What they have written is evaluated, and its batches come as usual. */
  stop(): void {
    this.#stopping.abort()
    this.#trace?.stop()
  }

  /** Itself. */
  [Symbol.asyncIterator](): this {
    return this
  }

  /** As `return`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  async *#run(): AsyncGenerator<LiveBatch<T>, undefined> {
    const { signal } = this.#options
    // Whether that has failed is told at the end of the iteration.
    const onAbort = (): void => void this.#close().catch(() => {})
    signal?.throwIfAborted()
    signal?.addEventListener('abort', onAbort, { once: true })
    this.#readers.add(this)
    try {
      const trace = await this.#start()
      for (let result = await trace.next(); result !== null; result = await trace.next()) {
        this.#takeProblems(trace)
        this.#summary.add(result, [this.#source])
        const length = this.#output === 'detections' ? result.detections : result.events
        yield new LiveBatch<T>(result, length, trace.counts())
      }
      this.#takeProblems(trace)
      signal?.throwIfAborted()
    } finally {
      this.#readers.delete(this)
      signal?.removeEventListener('abort', onAbort)
      await this.#close()
      this.#summary.end()
    }
    const grave = this.#problems.filter((problem) => isGrave(problem, this.#live.restart))
    if (grave.length > 0 && !this.#options.onProblem) throw new InputsError(grave)
  }

  async #start(): Promise<NativeLiveTrace> {
    const { threads, maxRecordBytes, processTableCapacity } = this.#options
    const signatures = await imageSignatures(this.#options, false, this.#stopping.signal)
    const trace = new native.LiveTrace(this.#plan.native, {
      ...this.#live,
      source: this.#source,
      threads,
      output: this.#output,
      stopAtMalformed: false,
      maxRecordBytes,
      processTableCapacity,
      signatures,
    })
    this.#trace = trace
    if (this.#closed)
      throw new NuthatchError('NUTHATCH_TRACE_CLOSED', `${this.#source}: the trace has been closed`)
    await trace.start()
    if (this.#stopping.signal.aborted) trace.stop()
    return trace
  }

  #takeProblems(trace: NativeLiveTrace): void {
    for (const problem of problemsOf(trace, this.#source)) {
      this.#problems.push(problem)
      this.#options.onProblem?.(problem)
    }
  }

  /** Once; resolves when its threads have ended. */
  #close(): Promise<void> {
    this.#stopping.abort()
    this.#closed ??= this.#trace?.close() ?? Promise.resolve()
    return this.#closed
  }
}
