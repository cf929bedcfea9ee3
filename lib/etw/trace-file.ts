import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NuthatchError } from '../errors.js'
import { decompress } from '../stream/decode.js'
import { InputError } from '../stream/input-error.js'
import { type Input, unreadable } from '../stream/inputs.js'
import { sniff } from '../stream/sniff.js'

/** What a compressed trace may decompress to: beyond, it is taken for an attempt to fill the disk. */
const MAX_SPOOLED_BYTES = 64 * 2 ** 30

/** A trace as a file that can be read at any position. */
export interface TraceFile {
  readonly path: string
  /** Why there is less than there should be: the rest could not be decompressed. */
  readonly problem: InputError | null
}

/**
 * Calls `read` with the trace as a plain file: the input itself, or, when that is compressed or a
 * stream, a copy in the folder for temporary files, which is removed afterwards.
 */
export async function withTraceFile<T>(
  input: Input,
  signal: AbortSignal,
  read: (file: TraceFile) => Promise<T>,
): Promise<T> {
  if (input.isFile && !(await isCompressed(input))) return read({ path: input.name, problem: null })
  const folder = await mkdtemp(join(tmpdir(), 'nuthatch-'))
  try {
    const path = join(folder, 'trace.etl')
    const problem = await spool(input, path, signal)
    return await read({ path, problem })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** An error of the native reader, which does not know what a copy is a copy of. */
export function withSource(source: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  return code?.startsWith('NUTHATCH_ETL_') || code === 'NUTHATCH_OUT_OF_MEMORY'
    ? new NuthatchError(code, `${source}: ${message}`, { cause: error })
    : error
}

async function isCompressed(input: Input): Promise<boolean> {
  const stream = createReadStream(input.name, { end: 7 })
  try {
    for await (const head of stream) {
      const format = sniff(head as Uint8Array)
      return format === 'gzip' || format === 'zstd'
    }
    return false
  } catch (error) {
    throw unreadable(input.name, error)
  }
}

/** Returns the problem that ended it too early, if there was something before that. */
async function spool(input: Input, path: string, signal: AbortSignal): Promise<InputError | null> {
  const file = await open(path, 'wx', 0o600)
  let bytes = 0
  try {
    for await (const chunk of decompress(input)) {
      signal.throwIfAborted()
      bytes += chunk.length
      if (bytes > MAX_SPOOLED_BYTES) throw tooLarge(input.name)
      await file.writeFile(chunk)
    }
    return null
  } catch (error) {
    if (error instanceof InputError && error.code !== 'NUTHATCH_INPUT_FORMAT' && bytes > 0) return error
    throw error
  } finally {
    await file.close()
  }
}

const tooLarge = (name: string): InputError =>
  new InputError(
    'NUTHATCH_INPUT_FORMAT',
    name,
    `it decompresses to more than ${MAX_SPOOLED_BYTES / 2 ** 30} GiB; decompress it yourself, if that is right`,
  )
