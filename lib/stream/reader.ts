import type { Readable } from 'node:stream'
import { decode } from './decode.js'
import { InputError } from './input-error.js'
import type { Input } from './inputs.js'
import { type BlockPool, LineBlocks, type LinesOrSkipped } from './line-blocks.js'
import { plainFileSize } from './plain-file.js'

/** Lines of a stream that trickles wait no longer than this for their block to fill up. */
const MAX_DELAY_MILLISECONDS = 50
/** Of a plain file at a time: results of larger parts wake the JavaScript thread less often. */
const PART_BYTES = 4 << 20

/** What to evaluate next: lines, a line to count, or the lines that begin in a part of a plain file. */
export type Piece = LinesOrSkipped | { readonly begin: number; readonly end: number }

/** Reads inputs one after the other. One that cannot be read, or not to its end, becomes a problem. */
export class Reader {
  /** Bytes as they are stored, of all inputs. */
  bytesRead = 0
  readonly #inputs: readonly Input[]
  readonly #pool: BlockPool
  readonly #maxRecordBytes: number
  readonly #onProblem: (problem: InputError) => void
  #open: Readable | null = null
  #stopped = false
  #wake: () => void = () => {}

  constructor(
    inputs: readonly Input[],
    pool: BlockPool,
    maxRecordBytes: number,
    onProblem: (problem: InputError) => void,
  ) {
    this.#inputs = inputs
    this.#pool = pool
    this.#maxRecordBytes = maxRecordBytes
    this.#onProblem = onProblem
  }

  /** Blocks of lines with the number of their input, in order. */
  async *pieces(): AsyncGenerator<{ readonly input: number; readonly piece: Piece }> {
    for (const [number, input] of this.#inputs.entries()) {
      for await (const piece of this.#read(input)) yield { input: number, piece }
      if (this.#stopped) return
    }
  }

  /** Reads no further; whole lines that have been read still come. */
  stop(): void {
    this.#stopped = true
    this.#open?.destroy()
    this.#wake()
  }

  async *#read(input: Input): AsyncGenerator<Piece> {
    try {
      const size = plainFileSize(input)
      yield* size === null ? this.#stream(input) : this.#parts(size)
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
    try {
      yield* this.#cut(this.#decoded(input), lines)
    } catch (error) {
      this.#tell(error)
    }
    yield* this.#stopped ? lines.flush() : lines.end()
  }

  #tell(error: unknown): void {
    if (!(error instanceof InputError)) throw error
    if (!this.#stopped) this.#onProblem(error)
  }

  #decoded(input: Input): AsyncGenerator<Uint8Array> {
    const open = () => {
      this.#open = input.open()
      return this.#open
    }
    return decode({ ...input, open }, (bytes) => {
      this.bytesRead += bytes
    })
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
