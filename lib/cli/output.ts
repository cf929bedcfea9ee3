import { writeFileSync } from 'node:fs'
import { access, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { WriteStream } from 'node:tty'
import { NuthatchError } from '../errors.js'
import { whyUnwritable } from '../system-error.js'

/** Whoever read our output has gone (`nuthatch … | head`): there is nothing left to do, and no error. */
export class OutputClosed extends Error {}

// A failed write also shows as this event; `write` has reported it.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

/**
 * Writes to standard output, and waits until the system has taken it.
 * @throws OutputClosed
 * @throws NuthatchError NUTHATCH_OUTPUT_FAILED
 */
export async function writeOutput(data: string | Uint8Array): Promise<void> {
  if (data.length === 0) return
  try {
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(data, (error) => (error ? reject(error) : resolve()))
    })
  } catch (error) {
    throw outputError(error)
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
 * Writes a file, or to standard output for `-`; `what` it is, for the error.
 * @throws OutputClosed
 * @throws NuthatchError NUTHATCH_OUTPUT_FAILED
 */
export async function writeOutputFile(file: string, data: string | Uint8Array, what: string): Promise<void> {
  if (file === '-') return writeOutput(data)
  try {
    await writeFile(file, data)
  } catch (cause) {
    throw unwritable(what, cause)
  }
}

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
  if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') return new OutputClosed()
  return unwritable('The output', cause)
}

function unwritable(what: string, cause: unknown): NuthatchError {
  const problem = `${what} cannot be written: ${whyUnwritable(cause)}.`
  return new NuthatchError('NUTHATCH_OUTPUT_FAILED', problem, { cause })
}

/** Writes a message for people to standard error. */
export function tell(message: string): void {
  process.stderr.write(message.endsWith('\n') ? message : `${message}\n`)
}

/** Whether to colour: on a terminal that can, unless NO_COLOR or --no-color says otherwise. */
export const useColor = (stream: NodeJS.WriteStream, allowed: boolean): boolean =>
  allowed && Boolean((stream as Partial<WriteStream>).hasColors?.())
