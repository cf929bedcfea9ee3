import { createReadStream, fstatSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { filesBelow, isPattern, matchingFiles, statOrNull, whyNothing } from '../glob.js'
import { whyUnreadable } from '../system-error.js'
import { openFifo } from './fifo.js'
import { InputError } from './input-error.js'

/** Paths, at least one: files, folders, glob patterns, `-` for standard input; or bytes from anywhere. */
export type TelemetryInput = string | readonly string[] | Readable | AsyncIterable<Uint8Array | string>

/** One stream of bytes to read. */
export interface Input {
  readonly name: string
  /** Bytes as they are stored; null when that cannot be known. */
  readonly size: number | null
  open(): Readable
  /** Whether `name` is the path of a regular file: then `open` gives the same bytes a second time. */
  readonly isFile: boolean
}

const READ_BYTES = 1 << 20

export const STANDARD_INPUT = '<stdin>'

/** Finds what there is to read, in order; a path that leads to none, and what in a folder cannot be read, is a problem. */
export async function expandInputs(
  input: TelemetryInput,
  streamName = '<stream>',
): Promise<{ inputs: Input[]; problems: InputError[] }> {
  const paths = typeof input === 'string' ? [input] : Array.isArray(input) ? (input as string[]) : null
  const inputs: Input[] = []
  const problems: InputError[] = []
  const failed = (path: string, error: Error) => void problems.push(unreadable(path, error))
  for (const path of paths ?? [input as Stream]) {
    try {
      if (typeof path === 'string') inputs.push(...(await expandPath(path, failed)))
      else inputs.push(streamInput(path, streamName))
    } catch (error) {
      problems.push(error instanceof InputError ? error : unreadable(String(path), error))
    }
  }
  return { inputs, problems }
}

/** What the system says about a file that cannot be read. */
export function unreadable(source: string, error: unknown): InputError {
  const problem = `cannot be read: ${whyUnreadable(error)}`
  return new InputError('NUTHATCH_INPUT_UNREADABLE', source, problem, { cause: error })
}

async function expandPath(path: string, failed: (path: string, error: Error) => void): Promise<Input[]> {
  if (path === '-') {
    // Node would take a folder for a stream that has ended.
    if (fstatSync(0).isDirectory())
      throw new InputError('NUTHATCH_INPUT_UNREADABLE', STANDARD_INPUT, 'it is a folder')
    return [streamInput(process.stdin, STANDARD_INPUT)]
  }
  const found = await statOrNull(path)
  if (found?.isDirectory()) return filesOf(await filesBelow(path, failed))
  if (found?.isFIFO() && process.platform === 'linux') return [fifoInput(path)]
  if (found) return [fileInput(path, found.isFile() ? found.size : null)]
  if (!isPattern(path)) {
    throw new InputError('NUTHATCH_INPUT_NOT_FOUND', path, whyNothing(path, 'file or folder'))
  }
  const matches = await matchingFiles(path)
  if (matches.length === 0)
    throw new InputError('NUTHATCH_INPUT_NOT_FOUND', path, 'the pattern matches no file')
  return filesOf(matches)
}

const filesOf = (paths: readonly string[]): Promise<Input[]> =>
  Promise.all(paths.map(async (path) => fileInput(path, (await stat(path)).size)))

const fileInput = (path: string, size: number | null): Input => ({
  name: path,
  size,
  open: () => createReadStream(path, { highWaterMark: READ_BYTES }),
  isFile: size !== null,
})

const fifoInput = (path: string): Input => ({
  name: path,
  size: null,
  open: () => openFifo(path),
  isFile: false,
})

type Stream = Readable | AsyncIterable<Uint8Array | string>

/** What an evaluation has begun to read, and can be read only once. An iterator that has ended does not say so. */
const begun = new WeakSet<Stream>()

function streamInput(stream: Stream, name: string): Input {
  if (begun.has(stream) || Readable.isDisturbed(stream as Readable)) {
    const reason = 'this stream has been read before: open what it comes from anew'
    throw new InputError('NUTHATCH_INPUT_UNREADABLE', name, reason)
  }
  const isOnce = 'next' in stream || stream instanceof Readable || stream instanceof ReadableStream
  if (isOnce) begun.add(stream)
  return {
    name,
    size: null,
    open: () => (stream instanceof Readable ? stream : Readable.from(stream)),
    isFile: false,
  }
}
