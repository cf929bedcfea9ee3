const NEWLINE = 10

/** Whole lines; or the length of a line that was too long, with its newline. */
export type LinesOrSkipped = { readonly lines: Buffer } | { readonly skipped: number }

/** Buffers for blocks, used again once a block has been evaluated. Larger ones are left to the collector. */
export class BlockPool {
  readonly #free: Buffer[] = []

  constructor(readonly blockBytes: number) {}

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.blockBytes)
  }

  /** `lines` came from `take`, and nobody reads it any more. */
  release(lines: Buffer): void {
    if (lines.buffer.byteLength === this.blockBytes) this.#free.push(Buffer.from(lines.buffer))
  }
}

/**
 * Cuts a stream of bytes into blocks of whole lines. A line longer than `maxRecordBytes` is passed
 * over without being kept.
 */
export class LineBlocks {
  readonly #pool: BlockPool
  /** Of a record with CR and LF after it. */
  readonly #maxLineBytes: number
  /** Starts at the beginning of a line; the first #used bytes count. */
  #block: Buffer
  #used = 0
  /** Bytes seen of a line that is too long; -1 outside one. */
  #skipped = -1

  constructor(pool: BlockPool, maxRecordBytes: number) {
    this.#pool = pool
    this.#maxLineBytes = maxRecordBytes + 2
    this.#block = pool.take()
  }

  /** Takes a chunk; it may be changed when the last block of it has been yielded. */
  *push(chunk: Uint8Array): Generator<LinesOrSkipped> {
    for (let rest = chunk; rest.length > 0; ) {
      // There is always room for one.
      const taken = rest.subarray(0, this.#block.length - this.#used)
      this.#block.set(taken, this.#used)
      this.#used += taken.length
      rest = rest.subarray(taken.length)
      if (this.#skipped >= 0) yield* this.#skip()
      if (this.#used === this.#block.length) yield* this.#makeRoom()
    }
  }

  /** The whole lines so far: for a stream that pauses. */
  *flush(): Generator<LinesOrSkipped> {
    const end = this.#used === 0 ? 0 : this.#block.lastIndexOf(NEWLINE, this.#used - 1) + 1
    if (end > 0) yield this.#cut(end)
  }

  /** The last lines; the very last need not end with a newline. */
  *end(): Generator<LinesOrSkipped> {
    if (this.#skipped >= 0) yield* this.#endSkip()
    else if (this.#used > 0) yield this.#cut(this.#used)
  }

  *#makeRoom(): Generator<LinesOrSkipped> {
    const end = this.#block.lastIndexOf(NEWLINE) + 1
    if (end > 0) {
      yield this.#cut(end)
    } else if (this.#used >= this.#maxLineBytes) {
      this.#skipped = this.#used
      this.#used = 0
    } else {
      const larger = Buffer.allocUnsafeSlow(Math.min(2 * this.#block.length, this.#maxLineBytes))
      larger.set(this.#block)
      this.#pool.release(this.#block)
      this.#block = larger
    }
  }

  /** Takes the first `end` bytes out; what is left opens the next block. */
  #cut(end: number): LinesOrSkipped {
    const block = this.#block
    const left = block.subarray(end, this.#used)
    this.#block =
      left.length < this.#pool.blockBytes ? this.#pool.take() : Buffer.allocUnsafeSlow(block.length)
    this.#block.set(left)
    this.#used = left.length
    return { lines: block.subarray(0, end) }
  }

  /** Drops what belongs to a line that is too long. */
  *#skip(): Generator<LinesOrSkipped> {
    const newline = this.#block.subarray(0, this.#used).indexOf(NEWLINE)
    const dropped = newline < 0 ? this.#used : newline + 1
    this.#skipped += dropped
    this.#block.copyWithin(0, dropped, this.#used)
    this.#used -= dropped
    if (newline >= 0) yield* this.#endSkip()
  }

  *#endSkip(): Generator<LinesOrSkipped> {
    const skipped = this.#skipped
    this.#skipped = -1
    yield { skipped }
  }
}
