import { fstatSync, write, writeFileSync } from 'node:fs'
import { access, chmod, lstat, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { WriteStream } from 'node:tty'
import { promisify } from 'node:util'
import { NuthatchError } from '../errors.js'
import { whyUnwritable } from '../system-error.js'
import { counted } from './summary.js'

/** Whoever read our output has gone (`nuthatch … | head`): there is nothing left to do, and no error. */
export class OutputClosed extends Error {}

/** Nothing more can be written, whatever is read. */
export const isOutputGone = (error: unknown): boolean =>
  error instanceof OutputClosed || (error as NodeJS.ErrnoException).code === 'NUTHATCH_OUTPUT_FAILED'

// A failed write also shows as this event; `write` has reported it.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})
// Of a file that may not grow any more (`ulimit -f`), too, the write fails, instead of this ending the process.
process.on('SIGXFSZ', () => {})

/**
 * Writes to standard output, and waits until the system has taken it.
 * @throws OutputClosed
 * @throws NuthatchError NUTHATCH_OUTPUT_FAILED
 */
export async function writeOutput(data: string | Uint8Array): Promise<void> {
  if (data.length === 0) return
  try {
    if (isFile(process.stdout.fd)) return await writeWhole(process.stdout.fd, asBytes(data))
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(data, (error) => (error ? reject(error) : resolve()))
    })
    written += asBytes(data).length
  } catch (error) {
    throw outputError(error)
  }
}

const asBytes = (data: string | Uint8Array): Uint8Array =>
  typeof data === 'string' ? Buffer.from(data) : data

/** Bytes that standard output has taken. */
let written = 0
export const writtenBytes = (): number => written

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile()
  } catch {
    return false // Windows does not tell of every pipe
  }
}

/** A disk that is nearly full takes a part, of which Node's own stream to a file would not say so. */
async function writeWhole(file: number, data: Uint8Array): Promise<void> {
  for (let left = data; left.length > 0; ) {
    const { bytesWritten } = await promisify(write)(file, left)
    written += bytesWritten
    left = left.subarray(bytesWritten)
  }
}

/** The same, at once: for help, which is short and written while arguments are being read. */
export function writeOutputNow(text: string): void {
  try {
    writeFileSync(process.stdout.fd, text)
  } catch (error) {
    throw outputError(error)
  }
}

/**
 * Writes a file, or to standard output for `-`; `what` it is, for the error. What cannot be written whole is not written.
 * @throws OutputClosed
 * @throws NuthatchError NUTHATCH_OUTPUT_FAILED
 */
export async function writeOutputFile(file: string, data: string | Uint8Array, what: string): Promise<void> {
  if (file === '-') return writeOutput(data)
  try {
    await writeAllOrNothing(file, data)
  } catch (cause) {
    throw unwritable(what, cause)
  }
}

/**
 * Beside it first: an older file stays until the new one is whole. What is no plain file (a pipe, /dev/stdout), or is one
 * that nothing can be put in the place of (mounted by itself, in a folder of others), is written to where it is.
 */
async function writeAllOrNothing(path: string, data: string | Uint8Array): Promise<void> {
  const target = await realpath(path).catch(() => path)
  const older = await lstat(target).catch(() => null)
  if (older && !older.isFile()) return writeFile(target, data)
  const beside = `${target}.${process.pid}.part`
  try {
    await writeFile(beside, data, { flag: 'wx' })
    if (older) await chmod(beside, older.mode)
    await rename(beside, target)
  } catch (error) {
    await rm(beside, { force: true })
    if (!older || !irreplaceable.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    await writeFile(target, data)
  }
}

const irreplaceable = new Set(['EACCES', 'EBUSY', 'EPERM'])

/**
 * Whether there is a folder for a page: before work that takes long and would be for nothing.
 * @throws NuthatchError NUTHATCH_OUTPUT_FAILED
 */
export async function checkPageFolder(file: string): Promise<void> {
  try {
    await access(dirname(file))
  } catch (cause) {
    throw unwritable('The page', cause)
  }
}

/** Writes a page for people, and tells so. Throws as `writeOutputFile` does. */
export async function writePage(file: string, page: string): Promise<void> {
  await writeOutputFile(file, page, 'The page')
  tell(`${file}: written`)
}

function outputError(cause: unknown): Error {
  const { code = '' } = cause as NodeJS.ErrnoException
  if (closedCodes.has(code)) return new OutputClosed()
  return unwritable('The output', cause, written > 0 ? `, after ${counted(written, 'bytes')} of it` : '')
}

/** Windows says EOF, a socket may be reset. */
const closedCodes = new Set(['EPIPE', 'EOF', 'ECONNRESET', 'ERR_STREAM_DESTROYED'])

function unwritable(what: string, cause: unknown, when = ''): NuthatchError {
  const problem = `${what} cannot be written: ${whyUnwritable(cause)}${when}.`
  return new NuthatchError('NUTHATCH_OUTPUT_FAILED', problem, { cause })
}

/** Writes a message for people to standard error. */
export function tell(message: string): void {
  process.stderr.write(message.endsWith('\n') ? message : `${message}\n`)
}

/** Whether to colour: NO_COLOR and --no-color forbid it, FORCE_COLOR wants it; else on a terminal that can. */
export function useColor(stream: NodeJS.WriteStream, allowed: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env
  if (!allowed || NO_COLOR) return false
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return Boolean((stream as Partial<WriteStream>).hasColors?.())
}
