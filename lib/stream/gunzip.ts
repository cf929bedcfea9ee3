import { createGunzip } from 'node:zlib'
import { DecodeError } from './decode-error.js'

/** Compressed bytes handed to zlib at a time: what bounds the output of one step (1032 times as much, at worst). */
const PIECE_BYTES = 64 << 10
/** CRC-32 and length at the end of a gzip member (RFC 1952). */
const TRAILER_BYTES = 8

/**
 * Decompresses gzip, of any number of members. Throws a DecodeError when it is corrupt or ends too
 * early, after all that could be decompressed has been yielded. When zlib fails inside a piece it
 * keeps back what it made of that piece; `reopen` starts the input anew, so that the piece can be
 * fed byte by byte and nothing is lost.
 */
export async function* gunzip(
  chunks: AsyncIterable<Uint8Array>,
  reopen?: () => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const zlib = new Gunzip()
  let delivered = 0
  try {
    for await (const piece of pieces(chunks)) {
      for (const output of await zlib.write(piece)) {
        delivered += output.length
        yield output
      }
    }
    for (const output of await zlib.end()) yield output
  } catch (error) {
    if (reopen && error instanceof DecodeError && error.kind === 'corrupt') {
      yield* salvage(reopen(), error.position, delivered) // fails again, and knows the byte
    }
    throw error
  } finally {
    zlib.close()
  }
}

/** What can be had of the piece at `position` beyond the first `delivered` bytes of output. */
async function* salvage(chunks: AsyncIterable<Uint8Array>, position: number, delivered: number) {
  const zlib = new Gunzip()
  let produced = 0
  try {
    for await (const piece of pieces(chunks)) {
      for (let at = 0; at < piece.length; ) {
        const step = Math.max(1, Math.min(piece.length - at, position - zlib.position))
        const outputs = await zlib.write(piece.subarray(at, at + step))
        at += step
        for (const output of outputs) {
          produced += output.length
          const fresh = Math.min(output.length, produced - delivered)
          if (fresh > 0) yield output.subarray(output.length - fresh)
        }
      }
    }
  } finally {
    zlib.close()
  }
}

/** Pieces of bounded size. The last bytes come by themselves: a wrong checksum must not cost the data before it. */
async function* pieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array = new Uint8Array(0)
  for await (const chunk of chunks) {
    const bytes = held.length ? Buffer.concat([held, chunk]) : chunk
    const end = Math.max(0, bytes.length - TRAILER_BYTES)
    for (let at = 0; at < end; at += PIECE_BYTES) yield bytes.subarray(at, Math.min(end, at + PIECE_BYTES))
    held = Uint8Array.prototype.slice.call(bytes, end)
  }
  if (held.length) yield held
}

/** zlib, one piece at a time. As a stream it would throw away, on an error, what it has already put out. */
class Gunzip {
  /** Compressed bytes taken without an error. */
  position = 0
  readonly #zlib = createGunzip({ chunkSize: 128 << 10 })
  #output: Uint8Array[] = []
  #settle: ((error?: Error | null) => void) | null = null

  constructor() {
    this.#zlib.on('data', (output: Uint8Array) => this.#output.push(output))
    this.#zlib.on('error', (error) => this.#settle?.(error))
    this.#zlib.on('end', () => this.#settle?.())
  }

  async write(piece: Uint8Array): Promise<Uint8Array[]> {
    const output = await this.#step((done) => this.#zlib.write(piece, done))
    this.position += piece.length
    return output
  }

  end(): Promise<Uint8Array[]> {
    return this.#step(() => this.#zlib.end())
  }

  close(): void {
    this.#zlib.destroy()
  }

  #step(start: (done: (error?: Error | null) => void) => void): Promise<Uint8Array[]> {
    return new Promise((resolve, reject) => {
      this.#settle = (error) => {
        this.#settle = null
        if (error) reject(this.#decodeError(error))
        else resolve(this.#output.splice(0))
      }
      if (this.#zlib.readableEnded)
        this.#settle() // zero bytes after the last member
      else start((error) => this.#settle?.(error))
    })
  }

  #decodeError(error: Error): DecodeError {
    return (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR'
      ? new DecodeError('truncated', this.position, 'gzip', 'it ends in the middle of a gzip member', error)
      : new DecodeError('corrupt', this.position, 'gzip', error.message, error)
  }
}
