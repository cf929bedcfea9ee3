import { type FileHandle, open } from 'node:fs/promises'
import { type Input, unreadable } from './inputs.js'
import { sniff } from './sniff.js'

/** What `sniff` wants to see. */
const HEAD_BYTES = 4096

/**
 * The size of a file of plain NDJSON, which the native engine reads by itself; null for anything else,
 * which `decode` reads, and for a file without a size, such as those that the system makes up.
 */
export async function plainFileSize(input: Input): Promise<number | null> {
  if (!input.isFile) return null
  let file: FileHandle
  try {
    file = await open(input.name)
  } catch (error) {
    throw unreadable(input.name, error)
  }
  try {
    const { size } = await file.stat()
    return size > 0 && (await isPlain(file)) ? size : null
  } catch {
    return null // as `decode` will say, when it meets the same
  } finally {
    await file.close()
  }
}

async function isPlain(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), { position: 0 })
  return sniff(buffer.subarray(0, bytesRead)) === 'ndjson'
}
