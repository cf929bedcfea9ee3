import type { Readable } from 'node:stream'
import { decode } from './decode.js'
import { InputError } from './input-error.js'
import type { Input } from './inputs.js'
import { type BlockPool, LineBlocks, type Piece } from './line-blocks.js'

/** A stream that gives nothing for this long gets the lines it has given so far evaluated. */
const IDLE_MILLISECONDS = 50

/** Reads inputs one after the other. One that cannot be read, or not to its end, becomes a problem. */
export class Reader {
  /** Bytes as they are stored, of all inputs. */
  bytesRead = 0
  readonly #inputs: readonly Input[]
  readonly #pool: BlockPool
  readonly #maxRecordBytes: number
  readonly #onProblem: (problem: InputError) => void
  #open: Readable | null = null

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
    }
  }

  /** Lets go of the input being read. */
  close(): void {
    this.#open?.destroy()
  }

  async *#read(input: Input): AsyncGenerator<Piece> {
    const lines = new LineBlocks(this.#pool, this.#maxRecordBytes)
    const open = () => {
      this.#open = input.open()
      return this.#open
    }
    const chunks = decode({ ...input, open }, (bytes) => {
      this.bytesRead += bytes
    })
    try {
      for (;;) {
        const next = chunks.next()
        if (await staysPending(next)) yield* lines.flush()
        const { done, value } = await next
        if (done) break
        yield* lines.push(value)
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      this.#onProblem(error)
    }
    yield* lines.end()
  }
}

/** Whether a promise takes so long that the stream behind it must be called idle. */
async function staysPending(promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const idle = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, IDLE_MILLISECONDS, true)
  })
  const settled = () => false
  const answer = await Promise.race([promise.then(settled, settled), idle])
  clearTimeout(timer)
  return answer
}
