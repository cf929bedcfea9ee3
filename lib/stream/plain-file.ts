import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { type Input, unreadable } from './inputs.js'
import { sniff } from './sniff.js'

/** What `sniff` wants to see. */
const HEAD_BYTES = 4096

/**
 * The size of a file of plain NDJSON, which the native engine reads by itself; null for anything else,
 * which `decode` reads, and for a file without a size, such as those that the system makes up. Without
 * promises: four of them take longer than a small file does.
 */
export function plainFileSize(input: Input): number | null {
  if (!input.isFile) return null
  let file: number
  try {
    file = openSync(input.name, 'r')
  } catch (error) {
    throw unreadable(input.name, error)
  }
  try {
    const { size } = fstatSync(file)
    return size > 0 && isPlain(file) ? size : null
  } catch {
    return null // as `decode` will say, when it meets the same
  } finally {
    closeSync(file)
  }
}

function isPlain(file: number): boolean {
  const head = Buffer.alloc(HEAD_BYTES)
  return sniff(head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0))) === 'ndjson'
}
