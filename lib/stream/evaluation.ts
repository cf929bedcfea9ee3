import type { BlockResult, NativePipeline, NativePlan, PipelineOptions } from '../binding.js'
import type { TraceSummary } from '../etw/trace-summary.js'
import { native } from '../native.js'
import { buildProfile } from '../profile/build-profile.js'
import type { Profile } from '../profile/profile.js'
import { imageSignatures } from '../trust/image-signatures.js'
import type { SignatureStatistics } from '../trust/signature-statistics.js'
import { Batch } from './batch.js'
import { InputError, type InputErrorCode, InputsError } from './input-error.js'
import { expandInputs, type TelemetryInput } from './inputs.js'
import { BlockPool } from './line-blocks.js'
import { type EvaluateOptions, type ResolvedOptions, resolveOptions } from './options.js'
import { type Piece, Reader } from './reader.js'
import { MalformedRecordError, named, RunningSummary, type Summary } from './summary.js'
import { endOfTrace, standardOfTraces, type TraceEnd, type TraceSelection } from './trace-pieces.js'

/** Large enough that waking threads for a block costs little next to evaluating it. */
const BLOCK_BYTES = 2 << 20
/** Enough that no thread waits for the reader, and no more. */
const BLOCKS_PER_THREAD = 3
/** Of a trace, besides one for each thread: one thread makes them, which then are evaluated faster than made. */
const TRACE_BLOCKS_AHEAD = 2

/** A Plan that the native engine has taken. */
export interface LoadedPlan {
  readonly native: NativePlan
  readonly bytes: Uint8Array
}

/** A block that has been submitted, in the order of submission; or the end of a trace. */
interface Submitted {
  readonly input: number
  readonly lines: Buffer | null
  readonly trace?: TraceSummary
  result: BlockResult | null
}

/** How far an evaluation has come. */
export interface Progress {
  /** Bytes of the inputs that have been read, as they are stored. */
  readonly read: number
  /** Of how many; null when that cannot be known. */
  readonly total: number | null
}

/**
 * One run of telemetry through a Plan: an iterator over what comes out, a batch for each block of
 * records, in the order of the records. It reads ahead by a few blocks and no further: a consumer
 * that takes its time stops the reading. Can be iterated once.
 */
export class Evaluation<T> implements AsyncIterableIterator<Batch<T>>, AsyncDisposable {
  readonly #plan: LoadedPlan
  readonly #output: PipelineOptions['output']
  readonly #input: TelemetryInput
  readonly #options: ResolvedOptions
  readonly #traces: TraceSelection
  readonly #summary = new RunningSummary()
  readonly #batches: AsyncGenerator<Batch<T>, undefined>
  readonly #problems: InputError[] = []
  readonly #pool = new BlockPool(BLOCK_BYTES)
  readonly #queue: Submitted[] = []
  /** Files of which a part could not be read. */
  readonly #unreadable = new Set<number>()
  #names: readonly string[] = []
  #sources: number[] = []
  #bytesTotal: number | null = null
  #reader: Reader | null = null
  #pieces: AsyncGenerator<{ readonly input: number; readonly piece: Piece }> | null = null
  #pipeline: NativePipeline | null = null
  #news = false
  #reading = false
  #allRead = false
  #ofTrace = false
  readonly #stopping = new AbortController()
  #closed = false
  #ended = false
  #profile: Profile | null = null
  #failure: { readonly error: unknown } | null = null
  #wake: () => void = () => {}

  /**
   * @throws NuthatchError NUTHATCH_INVALID_OPTION
   * @internal
   */
  constructor(
    plan: LoadedPlan,
    output: PipelineOptions['output'],
    input: TelemetryInput,
    options: EvaluateOptions,
    traces: TraceSelection = standardOfTraces,
  ) {
    this.#plan = plan
    this.#output = output
    this.#input = input
    this.#options = resolveOptions(options)
    this.#traces = this.#options.traces ? traces : { ...traces, refused: true }
    this.#batches = this.#run()
  }

  /** Of the batches taken so far; complete when the iteration has ended. */
  get summary(): Summary {
    return this.#summary.get()
  }

  /** What evaluating has cost; null before the iteration has ended. */
  get profile(): Profile | null {
    if (this.#profile === null && this.#ended && this.#pipeline)
      this.#profile = buildProfile(this.#plan.bytes, this.#pipeline.costs())
    return this.#profile
  }

  /** What was asked of the cache of signatures; null where none is verified. */
  get signatures(): SignatureStatistics | null {
    return this.#pipeline?.signatures() ?? null
  }

  /** Inputs that could not be read, or not to their end. */
  get problems(): readonly InputError[] {
    return this.#problems
  }

  /** Bytes of the inputs as they are stored; `total` is null when it cannot be known. */
  get progress(): Progress {
    return { read: this.#reader?.bytesRead ?? 0, total: this.#bytesTotal }
  }

  /**
   * The next batch.
   * @throws InputsError, MalformedRecordError, NuthatchError; the signal's reason
   */
  next(): Promise<IteratorResult<Batch<T>, undefined>> {
    return this.#batches.next()
  }

  /** Ends the evaluation; batches not yet taken are dropped. */
  return(): Promise<IteratorResult<Batch<T>, undefined>> {
    this.#close()
    return this.#batches.return(undefined)
  }

  /**
   * Reads no further. What has been read is evaluated, and its batches come as usual; what hangs on a signature that
   * is not known yet is undecided.
   */
  stop(): void {
    this.#stopping.abort()
    this.#reader?.stop()
    this.#pipeline?.stopWaiting()
  }

  /** Itself. */
  [Symbol.asyncIterator](): this {
    return this
  }

  /** As `return`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  async *#run(): AsyncGenerator<Batch<T>, undefined> {
    const { signal } = this.#options
    const onAbort = () => this.#fail(signal?.reason)
    signal?.throwIfAborted()
    signal?.addEventListener('abort', onAbort, { once: true })
    this.#traces.readers?.add(this)
    try {
      await this.#start()
      for (let result = await this.#next(); result; result = await this.#next()) {
        this.#summary.add(result, this.#names)
        yield new Batch<T>(result, this.#output === 'detections' ? result.detections : result.events)
        this.#checkStrict(result)
      }
    } finally {
      signal?.removeEventListener('abort', onAbort)
      await this.#end()
      this.#traces.readers?.delete(this)
    }
    if (this.#problems.length > 0 && !this.#options.onProblem) throw new InputsError(this.#problems)
  }

  async #start(): Promise<void> {
    const { threads, maxRecordBytes, processTableCapacity, strict, name } = this.#options
    const { inputs, problems } = await expandInputs(this.#input, name)
    for (const problem of problems) this.#report(problem)
    const recorded = inputs.every((input) => input.isFile)
    const signatures = await imageSignatures(this.#options, recorded, this.#stopping.signal)
    this.#pipeline = new native.Pipeline(this.#plan.native, {
      threads,
      output: this.#output,
      stopAtMalformed: strict,
      maxRecordBytes,
      processTableCapacity,
      signatures,
    })
    this.#pipeline.onNews = () => {
      this.#news = true
      this.#flush()
    }
    const sizes = inputs.map((input) => input.size)
    this.#bytesTotal = sizes.reduce<number | null>(
      (sum, size) => (sum === null || size === null ? null : sum + size),
      0,
    )
    this.#names = inputs.map((input) => input.name)
    this.#sources = this.#names.map((name) => (this.#pipeline as NativePipeline).addSource(name))
    const report = (problem: InputError) => this.#report(problem)
    const { imageRoot } = this.#options
    const stacks = { stacks: this.#output !== 'detections', ...(imageRoot && { imageRoot }) }
    const { native: plan } = this.#plan
    this.#reader = new Reader(inputs, this.#pool, maxRecordBytes, this.#traces, plan, stacks, report)
    if (this.#stopping.signal.aborted) this.stop()
    this.#pieces = this.#reader.pieces()
    this.#readOn()
  }

  /** The next block's result; null when there is none left. */
  async #next(): Promise<BlockResult | null> {
    for (;;) {
      if (this.#failure) throw this.#failure.error
      const first = this.#queue[0]
      if (first?.result) {
        this.#queue.shift()
        if (first.lines) this.#pool.release(first.lines)
        this.#lookForGaps(first.input, first.result)
        if (first.trace) this.#summary.addTrace(first.trace)
        this.#flush()
        this.#readOn()
        return first.result
      }
      if (this.#closed || (!first && this.#allRead)) return null
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Reads and submits blocks until enough are under way. */
  #readOn(): void {
    const { threads } = this.#options
    const enough = this.#ofTrace ? threads + TRACE_BLOCKS_AHEAD : threads * BLOCKS_PER_THREAD
    if (this.#queue.length >= enough || this.#reading || this.#allRead || this.#closed) return
    this.#reading = true
    this.#read().then(
      () => this.#readOn(),
      (error) => this.#fail(error),
    )
  }

  async #read(): Promise<void> {
    const next = await this.#pieces?.next()
    this.#reading = false
    if (!next || next.done) this.#endReading()
    else if (!this.#closed) this.#submit(next.value.input, next.value.piece)
    this.#wake()
  }

  /** What waited for a signature comes with the next block, or by itself while there is none. */
  #flush(): void {
    if (!this.#news || this.#queue.length > 0 || this.#allRead || this.#closed || !this.#pipeline) return
    this.#news = false
    this.#await({ input: 0, lines: null, result: null }, this.#pipeline.flush())
  }

  /** What waits for signatures comes last. */
  #endReading(): void {
    this.#allRead = true
    if (this.#pipeline && this.#options.imageRoot && !this.#closed)
      this.#await({ input: 0, lines: null, result: null }, this.#pipeline.settle())
  }

  #submit(input: number, piece: Piece): void {
    if ('trace' in piece) {
      const { trace, leftOut, bytes } = piece
      this.#queue.push({ input, lines: null, trace, result: endOfTrace(leftOut, bytes) })
      return
    }
    const result = this.#begin(input, piece)
    if (!result) return
    this.#await({ input, lines: 'lines' in piece ? piece.lines : null, result: null }, result)
  }

  #await(submitted: Submitted, result: Promise<BlockResult>): void {
    this.#queue.push(submitted)
    result.then(
      (value) => {
        submitted.result = value
        this.#wake()
      },
      (error) => this.#fail(error),
    )
  }

  /** null when there is nothing to evaluate, because the file cannot be read. */
  #begin(input: number, piece: Exclude<Piece, TraceEnd>): Promise<BlockResult> | null {
    const pipeline = this.#pipeline as NativePipeline
    const source = this.#sources[input] as number
    this.#ofTrace = 'records' in piece
    if ('records' in piece) return pipeline.submitTrace(source, piece.records, piece.bytes)
    if ('lines' in piece) return pipeline.submit(source, piece.lines)
    if ('skipped' in piece) return pipeline.skipLine(source, piece.skipped)
    try {
      if (piece.begin === 0) pipeline.openFile(this.#names[input] as string)
    } catch (error) {
      this.#giveUp(input, (error as Error).message)
    }
    return this.#unreadable.has(input) ? null : pipeline.submitPart(source, piece.begin, piece.end)
  }

  #lookForGaps(input: number, { unreadable, missing }: BlockResult): void {
    if (unreadable) this.#giveUp(input, 'a part of it cannot be read')
    else if (missing > 0) {
      const reason = 'it has become shorter since it was opened; what was left of it was read'
      this.#giveUp(input, reason, 'NUTHATCH_INPUT_TRUNCATED')
    }
  }

  #giveUp(input: number, reason: string, code: InputErrorCode = 'NUTHATCH_INPUT_UNREADABLE'): void {
    if (this.#unreadable.has(input)) return
    this.#unreadable.add(input)
    this.#report(new InputError(code, this.#names[input] as string, reason))
  }

  #checkStrict(result: BlockResult): void {
    if (!this.#options.strict || result.malformed === 0) return
    const [sample] = result.malformedSamples
    if (sample) throw new MalformedRecordError(named(sample, this.#names))
  }

  #report(problem: InputError): void {
    this.#problems.push(problem)
    this.#options.onProblem?.(problem)
  }

  #fail(error: unknown): void {
    if (this.#closed) return
    this.#failure = { error }
    this.#close()
  }

  #close(): void {
    this.stop()
    this.#closed = true
    this.#wake()
  }

  /** Once it is done nothing is read any more, and a copy of a trace has been removed. */
  async #end(): Promise<void> {
    this.#close()
    this.#summary.end()
    this.#pipeline?.close()
    this.#ended = true
    await this.#pieces?.return(undefined).catch(() => {})
  }
}
