import { type FileHandle, open } from 'node:fs/promises'
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
 * file without a size, such as those that the system makes up.
 */
export async function plainFile(input: Input): Promise<PlainFile | null> {
  if (!input.isFile) return null
  let file: FileHandle
  try {
    file = await open(input.name)
  } catch (error) {
    throw unreadable(input.name, error)
  }
  try {
    const { size } = await file.stat()
    const format = size > 0 ? await formatOf(file) : null
    return format === 'ndjson' || format === 'etl' ? { format, size } : null
  } catch {
    return null // as `decode` will say, when it meets the same
  } finally {
    await file.close()
  }
}

async function formatOf(file: FileHandle) {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), { position: 0 })
  return sniff(buffer.subarray(0, bytesRead))
}
