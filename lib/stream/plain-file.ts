import { type FileHandle, open } from 'node:fs/promises'
import { type Input, unreadable } from './inputs.js'
import { sniff } from './sniff.js'

/** What `sniff` wants to see. */
const HEAD_BYTES = 4096

/** A file of plain NDJSON, at its beginning; null for anything else, which `decode` reads. */
export async function openPlainFile(input: Input): Promise<FileHandle | null> {
  if (!input.isFile) return null
  let file: FileHandle
  try {
    file = await open(input.name)
  } catch (error) {
    throw unreadable(input.name, error)
  }
  if (await isPlain(file)) return file
  await file.close()
  return null
}

async function isPlain(file: FileHandle): Promise<boolean> {
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), { position: 0 })
    return sniff(buffer.subarray(0, bytesRead)) === 'ndjson'
  } catch {
    return false // as `decode` will say, when it meets the same
  }
}
