import type { Readable } from 'node:stream'
import type { NativePlan, NativeStackOptions } from '../binding.js'
import { copyTrace, type TraceFile } from '../etw/trace-file.js'
import { damageOf } from '../etw/trace-summary.js'
import { chain, decode } from './decode.js'
import { InputError } from './input-error.js'
import type { Input } from './inputs.js'
import { type BlockPool, LineBlocks, type LinesOrSkipped } from './line-blocks.js'
import { plainFile } from './plain-file.js'
import { sniff } from './sniff.js'
import { type TracePiece, type TraceSelection, traceSteps } from './trace-pieces.js'

/** Lines of a stream that trickles wait no longer than this for their block to fill up. */
const MAX_DELAY_MILLISECONDS = 50
/** Of a plain file at a time: results of larger parts wake the JavaScript thread less often. */
const PART_BYTES = 8 << 20

/** What to evaluate next: lines, a line to count, the lines that begin in a part of a plain file; records of a trace. */
export type Piece = LinesOrSkipped | { readonly begin: number; readonly end: number } | TracePiece

/** Reads inputs one after the other. One that cannot be read, or not to its end, becomes a problem. */
export class Reader {
  /** Bytes as they are stored, of all inputs. */
  bytesRead = 0
  readonly #inputs: readonly Input[]
  readonly #pool: BlockPool
  readonly #maxRecordBytes: number
  readonly #traces: TraceSelection
  readonly #plan: NativePlan
  readonly #stacks: NativeStackOptions
  readonly #onProblem: (problem: InputError) => void
  readonly #stop = new AbortController()
  #open: Readable | null = null
  #stopped = false
  #wake: () => void = () => {}

  constructor(
    inputs: readonly Input[],
    pool: BlockPool,
    maxRecordBytes: number,
    traces: TraceSelection,
    plan: NativePlan,
    stacks: NativeStackOptions,
    onProblem: (problem: InputError) => void,
  ) {
    this.#inputs = inputs
    this.#pool = pool
    this.#maxRecordBytes = maxRecordBytes
    this.#traces = traces
    this.#plan = plan
    this.#stacks = stacks
    this.#onProblem = onProblem
  }

  /** Blocks of lines with the number of their input, in order. */
  async *pieces(): AsyncGenerator<{ readonly input: number; readonly piece: Piece }> {
    for (const [number, input] of this.#inputs.entries()) {
      if (this.#stopped) return
      for await (const piece of this.#read(input)) yield { input: number, piece }
    }
  }

  /** Reads no further; whole lines that have been read still come. */
  stop(): void {
    this.#stopped = true
    this.#stop.abort()
    this.#open?.destroy()
    this.#wake()
  }

  async *#read(input: Input): AsyncGenerator<Piece> {
    try {
      const file = plainFile(input)
      if (file === null || (file.format === 'etl' && this.#traces.refused)) yield* this.#stream(input)
      else if (file.format === 'etl' || this.#traces.only)
        yield* this.#trace(input, { path: input.name, problem: null })
      else yield* this.#parts(file.size)
    } catch (error) {
      this.#tell(error)
    }
  }

  /** Of a plain file only says what to read: the native engine does it, where the bytes are needed. */
  *#parts(size: number): Generator<Piece> {
    for (let begin = 0; begin < size && !this.#stopped; ) {
      const end = Math.min(begin + PART_BYTES, size)
      this.bytesRead += end - begin
      yield { begin, end }
      begin = end
    }
  }

  async *#stream(input: Input): AsyncGenerator<Piece> {
    const lines = new LineBlocks(this.#pool, this.#maxRecordBytes)
    const chunks = this.#decoded(input)
    try {
      const first = await this.#first(chunks)
      if (first === null) return
      if (sniff(first) === 'etl' || this.#traces.only) return yield* this.#copied(input, first, chunks)
      yield* lines.push(first)
      yield* this.#cut(chunks, lines)
    } catch (error) {
      this.#tell(error)
    }
    yield* this.#stopped ? lines.flush() : lines.end()
  }

  /** The first chunk; null when there is none, or it is no longer wanted. */
  async #first(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array | null> {
    const next = chunks.next()
    await this.#settles(next)
    if (this.#stopped) return null
    const { done, value } = await next
    return done ? null : value
  }

  /** A trace needs a file that can be read at any position. */
  async *#copied(input: Input, first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Piece> {
    const copy = await copyTrace(input, chain(first, rest), this.#stop.signal)
    try {
      yield* this.#trace(input, copy)
    } finally {
      await copy.remove()
    }
  }

  async *#trace(input: Input, file: TraceFile): AsyncGenerator<Piece> {
    const { filter } = this.#traces
    const { signal } = this.#stop
    const steps = traceSteps(input.name, file.path, filter, this.#plan, this.#stacks, signal)
    for await (const { piece, done } of steps) {
      if (this.#stopped) return
      if (file.path === input.name) this.bytesRead += done // of a copy they have been counted
      if (piece === null) continue
      yield piece
      const damage = 'trace' in piece ? damageOf(piece.trace) : null
      if (damage) this.#tell(damage)
    }
    if (file.problem) this.#tell(file.problem)
  }

  #tell(error: unknown): void {
    if (this.#stopped) return
    if (!(error instanceof InputError)) throw error
    this.#onProblem(error)
  }

  #decoded(input: Input): AsyncGenerator<Uint8Array> {
    const open = () => {
      this.#open = input.open()
      return this.#open
    }
    const onRead = (bytes: number) => {
      this.bytesRead += bytes
    }
    return decode({ ...input, open }, onRead, !this.#traces.refused)
  }

  async *#cut(chunks: AsyncGenerator<Uint8Array>, lines: LineBlocks): AsyncGenerator<Piece> {
    let deadline = performance.now() + MAX_DELAY_MILLISECONDS
    while (!this.#stopped) {
      const next = chunks.next()
      if (!(await this.#settles(next, deadline - performance.now()))) {
        yield* lines.flush()
        await this.#settles(next)
      }
      if (this.#stopped) return
      const { done, value } = await next
      if (done) return
      if (performance.now() > deadline) deadline = performance.now() + MAX_DELAY_MILLISECONDS
      yield* lines.push(value)
    }
  }

  /** Waits for a promise, at most so long. False when it takes longer; stopping ends the waiting too. */
  async #settles(promise: Promise<unknown>, milliseconds?: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    const settled = await new Promise<boolean>((resolve) => {
      const yes = () => resolve(true)
      this.#wake = yes
      promise.then(yes, yes)
      if (milliseconds !== undefined) timer = setTimeout(resolve, Math.max(0, milliseconds), false)
    })
    clearTimeout(timer)
    return settled
  }
}
