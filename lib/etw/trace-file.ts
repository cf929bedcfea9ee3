import { createReadStream, rmSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NuthatchError } from '../errors.js'
import { chain, decompress, readHead, releasing } from '../stream/decode.js'
import { InputError } from '../stream/input-error.js'
import { type Input, unreadable } from '../stream/inputs.js'
import { sniff, ZEROS } from '../stream/sniff.js'
import { whyUnwritable } from '../system-error.js'

/** What a compressed trace may decompress to: beyond, it is taken for an attempt to fill the disk. */
export const MAX_SPOOLED_BYTES = 64 * 2 ** 30

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
  const file = await openTraceFile(input, signal)
  try {
    return await read(file)
  } finally {
    await file.remove()
  }
}

/** As above; `remove` is to be called afterwards. */
export async function openTraceFile(input: Input, signal: AbortSignal): Promise<TraceCopy> {
  if (input.isFile && !(await isCompressed(input)))
    return { path: input.name, problem: null, remove: async () => {} }
  return copyTrace(input, decompress(input), signal)
}

/** A trace that may be a copy in the folder for temporary files. */
export interface TraceCopy extends TraceFile {
  /** Of a copy alone. */
  remove(): Promise<void>
}

/**
 * What does not begin as a trace is not copied: it may be large.
 * @throws InputError when there is nothing to copy; the signal's reason. Nothing is left behind then.
 */
export async function copyTrace(
  { name, isFile }: Pick<Input, 'name' | 'isFile'>,
  decompressed: AsyncGenerator<Uint8Array>,
  signal: AbortSignal,
): Promise<TraceCopy> {
  try {
    const begun = await beginningOfTrace(name, decompressed)
    const chunks = isFile ? releasing(begun) : begun
    const folder = await copying(name, mkdtemp(join(tmpdir(), 'nuthatch-')))
    copies.add(folder)
    const remove = async () => {
      await rm(folder, { recursive: true, force: true })
      copies.delete(folder)
    }
    try {
      const path = join(folder, 'trace.etl')
      return { path, problem: await spool(name, chunks, path, signal), remove }
    } catch (error) {
      await remove()
      throw error
    }
  } finally {
    await decompressed.return(undefined)
  }
}

/** Folders of copies, each with one. */
const copies = new Set<string>()

/** All of them, at once: for a process that ends before who reads them can. */
export function removeTraceCopies(): void {
  for (const folder of copies) rmSync(folder, { recursive: true, force: true })
}

/** An error of the native reader, which does not know what a copy is a copy of. */
export function withSource(source: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  return code?.startsWith('NUTHATCH_ETL_') || code === 'NUTHATCH_OUT_OF_MEMORY'
    ? new NuthatchError(code, `${source}: ${message}`, { cause: error })
    : error
}

/** All chunks again. */
async function beginningOfTrace(
  name: string,
  chunks: AsyncGenerator<Uint8Array>,
): Promise<AsyncIterable<Uint8Array>> {
  const head = await readHead(chunks)
  if (head === null) return chunks
  const format = sniff(head)
  if (format === 'etl') return chain(head, chunks)
  if (format === ZEROS) throw zeros(name)
  const problem =
    'this is no ETW trace (.etl): it does not begin with a buffer whose first record describes a trace'
  throw new InputError('NUTHATCH_ETL_FORMAT', name, problem)
}

const zeros = (name: string): InputError =>
  new InputError('NUTHATCH_INPUT_FORMAT', name, `this is ${ZEROS.unsupported}`)

/** @throws InputError when it cannot be read, or is a file of zeros */
async function isCompressed(input: Input): Promise<boolean> {
  const stream = createReadStream(input.name, { end: 4095 })
  try {
    for await (const head of stream) {
      const format = sniff(head as Uint8Array)
      if (format === ZEROS) throw zeros(input.name)
      return format === 'gzip' || format === 'zstd'
    }
    return false
  } catch (error) {
    throw error instanceof InputError ? error : unreadable(input.name, error)
  }
}

/** What leaves nothing to read, however much has been copied. */
const refusals = new Set(['NUTHATCH_INPUT_FORMAT', 'NUTHATCH_INPUT_NOT_COPIED'])

/** A step of copying, whose failure is the temporary folder's. */
async function copying<T>(name: string, step: Promise<T>): Promise<T> {
  try {
    return await step
  } catch (error) {
    const problem = `it cannot be copied to the folder for temporary files, ${tmpdir()}: ${whyUnwritable(error)}`
    const advice =
      'make room there, set TMPDIR to another folder, or give the trace as a plain, decompressed file'
    throw new InputError('NUTHATCH_INPUT_NOT_COPIED', name, `${problem}; ${advice}`, { cause: error })
  }
}

/** Returns the problem that ended it too early, if there was something before that. */
async function spool(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  path: string,
  signal: AbortSignal,
): Promise<InputError | null> {
  const file = await copying(name, open(path, 'wx', 0o600))
  let bytes = 0
  try {
    for await (const chunk of chunks) {
      signal.throwIfAborted()
      bytes += chunk.length
      if (bytes > MAX_SPOOLED_BYTES) throw tooLarge(name)
      await copying(name, file.writeFile(chunk))
    }
    return null
  } catch (error) {
    if (error instanceof InputError && !refusals.has(error.code) && bytes > 0) return error
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
