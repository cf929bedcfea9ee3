import { native } from '../native.js'
import { DecodeError } from './decode-error.js'
import { gunzip } from './gunzip.js'
import { InputError } from './input-error.js'
import { type Input, unreadable } from './inputs.js'
import { needsMore, sniff } from './sniff.js'
import { unzstd } from './unzstd.js'

type Chunks = AsyncIterable<Uint8Array>

/** Compression inside compression is undone this often. */
const MAX_LAYERS = 4

/**
 * The NDJSON of an input, whatever it is compressed with or encoded in; of a trace its bytes, the first of
 * which tell that it is one. Throws an InputError, when all that could be read has been yielded. `onRead`
 * hears of the bytes as they are stored. Without `traces` a trace is a format that is not read.
 */
export async function* decode(
  input: Input,
  onRead: (bytes: number) => void,
  traces = true,
): AsyncGenerator<Uint8Array> {
  const chunks = decompress(input, onRead)
  try {
    const head = await readHead(chunks)
    if (head === null) return
    const format = sniff(head)
    if (typeof format === 'object')
      throw new InputError('NUTHATCH_INPUT_FORMAT', input.name, `this is ${format.unsupported}`)
    if (format === 'etl' && !traces)
      throw new InputError('NUTHATCH_INPUT_FORMAT', input.name, 'this is an ETW trace, where none is read')
    const all = chain(head, chunks)
    yield* format === 'utf-16le' ? fromUtf16(all) : all
  } finally {
    await chunks.return(undefined)
  }
}

/** The bytes of an input, with any compression undone. Throws as `decode` does. */
export async function* decompress(
  input: Input,
  onRead: (bytes: number) => void = () => {},
): AsyncGenerator<Uint8Array> {
  try {
    const reopen = input.isFile ? () => stored(input) : undefined
    yield* decompressLayer(input.name, stored(input, onRead), reopen, input.isFile, 0)
  } catch (error) {
    throw asInputError(input.name, error)
  }
}

async function* decompressLayer(
  name: string,
  chunks: AsyncGenerator<Uint8Array>,
  reopen: (() => Chunks) | undefined,
  isOurs: boolean,
  layer: number,
): AsyncGenerator<Uint8Array> {
  const head = await readHead(chunks)
  if (head === null) return
  const all = chain(head, chunks)
  const format = sniff(head)
  if (format !== 'gzip' && format !== 'zstd') yield* all
  else if (layer === MAX_LAYERS)
    throw new InputError('NUTHATCH_INPUT_FORMAT', name, 'it is compressed over and over')
  else {
    const once = isOurs ? releasing(all) : all
    const decompressed = format === 'gzip' ? gunzip(once, reopen) : unzstd(once)
    yield* decompressLayer(name, decompressed, undefined, true, layer + 1)
  }
}

/** Bytes as they are stored. */
async function* stored(input: Input, onRead: (bytes: number) => void = () => {}): AsyncGenerator<Uint8Array> {
  for await (const chunk of input.open()) {
    const bytes: unknown = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    if (!(bytes instanceof Uint8Array)) {
      throw new InputError(
        'NUTHATCH_INPUT_FORMAT',
        input.name,
        'the stream gives objects; it must give bytes or text',
      )
    }
    onRead(bytes.length)
    yield bytes
  }
}

/** The first chunk, and more where that is too short to tell the format; null when there is nothing. */
export async function readHead(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array | null> {
  let head: Uint8Array | null = null
  while (head === null || needsMore(head)) {
    const { done, value } = await chunks.next()
    if (done) break
    head = head === null ? value : Buffer.concat([head, value])
  }
  return head
}

/**
 * Chunks, whose memory is free as soon as the next one's is another: V8 would let some 64 MB of them lie. Of those that
 * we have made ourselves; a stream's may be somebody else's. What is in Node's pool of small buffers stays.
 */
export async function* releasing(chunks: Chunks): AsyncGenerator<Uint8Array> {
  let last: Uint8Array | null = null
  for await (const chunk of chunks) {
    if (last !== null && last.buffer !== chunk.buffer && last.buffer.byteLength > Buffer.poolSize)
      native.release(last)
    last = chunk
    yield chunk
  }
}

export async function* chain(first: Uint8Array, rest: Chunks): AsyncGenerator<Uint8Array> {
  yield first
  yield* rest
}

async function* fromUtf16(chunks: Chunks): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('utf-16le')
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }))
  yield Buffer.from(decoder.decode())
}

function asInputError(name: string, error: unknown): InputError {
  if (error instanceof InputError) return error
  if (!(error instanceof DecodeError)) return unreadable(name, error)
  const { kind, format, position, message } = error
  return kind === 'truncated'
    ? new InputError(
        'NUTHATCH_INPUT_TRUNCATED',
        name,
        `${message}, after ${position} bytes; records before that were read`,
        { cause: error },
      )
    : new InputError(
        'NUTHATCH_INPUT_CORRUPT',
        name,
        `the ${format} data is corrupt near byte ${position} (${message}); records before that were read`,
        { cause: error },
      )
}
