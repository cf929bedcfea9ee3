import type { FileHandle } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { decode } from './decode.js'
import { InputError } from './input-error.js'
import { type Input, unreadable } from './inputs.js'
import { type BlockPool, LineBlocks, type Piece } from './line-blocks.js'
import { openPlainFile } from './plain-file.js'

/** Lines of a stream that trickles wait no longer than this for their block to fill up. */
const MAX_DELAY_MILLISECONDS = 50

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
    const lines = new LineBlocks(this.#pool, this.#maxRecordBytes)
    try {
      const file = await openPlainFile(input)
      yield* file ? this.#fill(lines, file, input) : this.#cut(this.#decoded(input), lines)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      if (!this.#stopped) this.#onProblem(error)
    }
    yield* this.#stopped ? lines.flush() : lines.end()
  }

  /** Reads straight into blocks: a stream's chunks would be allocated, and copied once more. */
  async *#fill(lines: LineBlocks, file: FileHandle, input: Input): AsyncGenerator<Piece> {
    try {
      while (!this.#stopped) {
        const { bytesRead } = await file.read(lines.room()).catch((error) => {
          throw unreadable(input.name, error)
        })
        if (bytesRead === 0) return
        this.bytesRead += bytesRead
        yield* lines.filled(bytesRead)
      }
    } finally {
      await file.close()
    }
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
