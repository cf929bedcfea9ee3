import { ZSTDDecoder } from 'zstddec/stream'
import { DecodeError } from './decode-error.js'

/** zstd's own decoder as WebAssembly: the same for every Node, and it verifies checksums. */
interface Zstd {
  readonly memory: { readonly buffer: ArrayBuffer }
  malloc(size: number): number
  free(pointer: number): void
  ZSTD_createDCtx(): number
  ZSTD_freeDCtx(context: number): number
  ZSTD_decompressStream(context: number, output: number, input: number): number
}

/** The largest input a step can ask for: a block of 128 KiB and the next block's header. */
const INPUT_BYTES = (128 << 10) + 64
/** More than a step can give. */
const OUTPUT_BYTES = 256 << 10
/** RFC 8878, sections 3.1.1 and 3.1.2; the first byte of a skippable frame's has any low half. */
const MAGICS = [
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], firstMask: 0xff },
  { bytes: [0x50, 0x2a, 0x4d, 0x18], firstMask: 0xf0 },
]
/** ZSTD_startingInputLength: enough to tell how long the frame header is. */
const FIRST_STEP = 5
/** A step asks for a block and the next one's header; taken together, a bad header would cost the block. */
const BLOCK_HEADER_BYTES = 3
/** zstd_errors.h; a step returns them negated. */
const errors: Readonly<Record<number, string>> = {
  10: 'there is something other than zstd after a frame',
  12: 'made by a version of zstd that is too old',
  14: 'it asks for an unsupported feature',
  16: 'its window is larger than 128 MiB (made with --long=28 or more)',
  20: 'a block does not decode',
  22: 'a checksum is wrong',
  32: 'it needs a dictionary',
}

/**
 * Decompresses zstd, of any number of frames. Throws a DecodeError when it is corrupt or ends too
 * early, after every block before that has been yielded: a step takes one block at most.
 */
export async function* unzstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new StreamDecoder(await loadZstd())
  try {
    for await (const chunk of chunks) yield* decoder.push(chunk)
    decoder.end()
  } finally {
    decoder.close()
  }
}

class StreamDecoder {
  readonly #zstd: Zstd
  readonly #context: number
  readonly #input: number
  readonly #output: number
  /** ZSTD_inBuffer and, 12 bytes on, ZSTD_outBuffer: each {pointer, size, position}. */
  readonly #buffers: number
  #position = 0
  /** Bytes of the next step, and those of them that are in #input already. */
  #wanted = FIRST_STEP
  #held = 0
  #insideFrame = false

  constructor(zstd: Zstd) {
    this.#zstd = zstd
    this.#context = zstd.ZSTD_createDCtx()
    this.#input = zstd.malloc(INPUT_BYTES)
    this.#output = zstd.malloc(OUTPUT_BYTES)
    this.#buffers = zstd.malloc(24)
  }

  *push(chunk: Uint8Array): Generator<Uint8Array> {
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(this.#wanted - this.#held, chunk.length - at)
      new Uint8Array(this.#zstd.memory.buffer, this.#input + this.#held, taken).set(
        chunk.subarray(at, at + taken),
      )
      this.#held += taken
      at += taken
      if (this.#held === this.#wanted) yield* this.#step()
    }
  }

  /** Says so if the input must not end here. */
  end(): void {
    if (!this.#insideFrame && !this.#beginsFrame())
      throw new DecodeError('corrupt', this.#position, 'zstd', errors[10] as string)
    if (this.#insideFrame || this.#held > 0) {
      throw new DecodeError(
        'truncated',
        this.#position + this.#held,
        'zstd',
        'it ends in the middle of a zstd frame',
      )
    }
  }

  close(): void {
    this.#zstd.ZSTD_freeDCtx(this.#context)
    for (const pointer of [this.#input, this.#output, this.#buffers]) this.#zstd.free(pointer)
  }

  /** Whether a frame can begin with what is held, which is shorter than a step. */
  #beginsFrame(): boolean {
    const held = new Uint8Array(this.#zstd.memory.buffer, this.#input, Math.min(this.#held, 4))
    return MAGICS.some(({ bytes, firstMask }) =>
      held.every((byte, i) => ((byte ^ (bytes[i] as number)) & (i === 0 ? firstMask : 0xff)) === 0),
    )
  }

  *#step(): Generator<Uint8Array> {
    const size = this.#held
    let position = 0
    while (position < size) {
      this.#fields().set([this.#input, size, position, this.#output, OUTPUT_BYTES, 0])
      const hint = this.#zstd.ZSTD_decompressStream(this.#context, this.#buffers + 12, this.#buffers)
      if (hint < 0)
        throw new DecodeError('corrupt', this.#position, 'zstd', errors[-hint] ?? `zstd error ${-hint}`)
      const fields = this.#fields()
      position = fields[2] as number
      const produced = fields[5] as number
      if (produced > 0)
        yield Uint8Array.prototype.slice.call(
          new Uint8Array(this.#zstd.memory.buffer, this.#output, produced),
        )
      this.#insideFrame = hint !== 0
      const next = hint > BLOCK_HEADER_BYTES ? hint - BLOCK_HEADER_BYTES : hint || FIRST_STEP
      this.#wanted = Math.min(next, INPUT_BYTES)
    }
    this.#position += size
    this.#held = 0
  }

  #fields(): Uint32Array {
    return new Uint32Array(this.#zstd.memory.buffer, this.#buffers, 6)
  }
}

let loaded: Promise<Zstd> | null = null

/** zstddec keeps its WebAssembly instance to itself, but for handing it to `_init`. */
function loadZstd(): Promise<Zstd> {
  loaded ??= new Promise((resolve, reject) => {
    const decoder = new ZSTDDecoder()
    decoder._init = (source) => {
      ZSTDDecoder.prototype._init.call(decoder, source)
      resolve(source.instance.exports as unknown as Zstd)
    }
    withoutFetch(() => decoder.init()).catch((error) => reject(loadError(error)))
  })
  return loaded
}

/**
 * Where there is a `fetch`, zstddec gets its own bytes with it: that loads an HTTP client, whose own
 * WebAssembly ends the process when there is no memory for it.
 */
function withoutFetch<T>(load: () => T): T {
  const { fetch } = globalThis
  Reflect.set(globalThis, 'fetch', undefined)
  try {
    return load()
  } finally {
    Reflect.set(globalThis, 'fetch', fetch)
  }
}

/** V8 reserves 10 GB of addresses for any WebAssembly, so that it need not check each access. */
function loadError(cause: unknown): unknown {
  if (!(cause instanceof RangeError)) return cause
  const problem =
    'the zstd decoder cannot reserve the 10 GB of address space it wants (none of it is memory used): ' +
    'raise `ulimit -v`, set NODE_OPTIONS=--disable-wasm-trap-handler, or decompress it with `zstd -dc`'
  return new Error(problem, { cause })
}
