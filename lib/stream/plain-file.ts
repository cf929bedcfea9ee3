import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { type Input, unreadable } from './inputs.js'
import { sniff } from './sniff.js'

/** What `sniff` wants to see. */
const HEAD_BYTES = 4096

/** A file that the native engine reads by itself. */
export interface PlainFile {
  readonly format: 'ndjson' | 'etl'
  readonly size: number
}

/**
 * What a file is, if it is plain NDJSON or a trace; null for anything else, which `decode` reads, and for a
 * file without a size, such as those that the system makes up. Without promises: four of them take longer than
 * a small file does.
 */
export function plainFile(input: Input): PlainFile | null {
  if (!input.isFile) return null
  let file: number
  try {
    file = openSync(input.name, 'r')
  } catch (error) {
    throw unreadable(input.name, error)
  }
  try {
    const { size } = fstatSync(file)
    const format = size > 0 ? formatOf(file) : null
    return format === 'ndjson' || format === 'etl' ? { format, size } : null
  } catch {
    return null // as `decode` will say, when it meets the same
  } finally {
    closeSync(file)
  }
}

function formatOf(file: number) {
  const head = Buffer.alloc(HEAD_BYTES)
  return sniff(head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0)))
}
