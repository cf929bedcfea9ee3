import { checkOptions, flag, signalOption } from '../check-arguments.js'
import { NuthatchError } from '../errors.js'
import { native } from '../native.js'
import { absolutePath, pathBytes } from '../path-bytes.js'
import { InputError, type InputErrorCode } from '../stream/input-error.js'
import { type HashAlgorithm, hashAlgorithms, type Image, type ImageHeaders } from './image.js'

/** How much of an image is read. */
export interface ReadImageOptions {
  /** Read what the data directories lead to: imports, exports, versions and so on. Default true. */
  readonly directories?: boolean
  /** Read all of the file for the entropy of sections and the checksum. Default false. */
  readonly content?: boolean
  /** Read all of the file, in the same pass, for these hashes. Default none. */
  readonly hashes?: readonly HashAlgorithm[]
  /** Ends the reading, and rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

const options = {
  directories: flag,
  content: flag,
  hashes: {
    wanted: `an array of ${hashAlgorithms.map((name) => `'${name}'`).join(', ')}`,
    fits: (value: unknown) => Array.isArray(value) && value.every((name) => hashAlgorithms.includes(name)),
  },
  signal: signalOption,
}

/**
 * Reads an image, that is a PE file, on another thread: its first 4 KiB for the headers, what the directories lead
 * to, and the whole file only for `content` and `hashes`. What is wrong inside an image is in its `anomalies`.
 * @param path where names need not be UTF-8, as on Linux, also as the bytes that the system has it by.
 * @throws NuthatchError NUTHATCH_PE_FORMAT for what is no PE file, NUTHATCH_PE_NO_HASH for a hash that this Node does
 *   not have, NUTHATCH_INVALID_ARGUMENT, NUTHATCH_INVALID_OPTION
 * @throws InputError what is not there, cannot be read, or became shorter meanwhile
 */
export function readImage(
  path: string | Uint8Array,
  options: ReadImageOptions & { readonly directories: false },
): Promise<ImageHeaders>
export function readImage(path: string | Uint8Array, options?: ReadImageOptions): Promise<Image>
export async function readImage(
  path: string | Uint8Array,
  given: ReadImageOptions = {},
): Promise<ImageHeaders> {
  const bytes = pathBytes(path)
  const name = bytes.toString()
  checkOptions(given, options)
  const { directories = true, content = false, hashes = [], signal } = given
  signal?.throwIfAborted()
  const numbers = [...new Set(hashes)].map((name) => hashAlgorithms.indexOf(name))
  const reading = native.readImage(absolutePath(bytes), { directories, content, hashes: numbers })
  signal?.addEventListener('abort', reading.stop, { once: true })
  try {
    const json = Buffer.from(await reading.done).toString()
    return { path: name, ...JSON.parse(json) }
  } catch (error) {
    signal?.throwIfAborted()
    throw withPath(name, error)
  } finally {
    signal?.removeEventListener('abort', reading.stop)
  }
}

const inputErrors: readonly InputErrorCode[] = [
  'NUTHATCH_INPUT_NOT_FOUND',
  'NUTHATCH_INPUT_UNREADABLE',
  'NUTHATCH_INPUT_TRUNCATED',
]

/** The native reader does not say the path of what it reads. */
function withPath(path: string, error: unknown): unknown {
  const { code = '', message } = error as NodeJS.ErrnoException
  const inputError = inputErrors.find((one) => one === code)
  return inputError
    ? new InputError(inputError, path, message, { cause: error })
    : new NuthatchError(code, `${path}: ${message}`, { cause: error })
}
