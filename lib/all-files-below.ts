import { isUtf8 } from 'node:buffer'
import { readdir } from 'node:fs/promises'
import { join, sep } from 'node:path'

/**
 * All regular files in a folder and below, by name: for who looks for what somebody may have hidden there. Rules and
 * telemetry, which somebody has put there to be read, are found by filesBelow of glob.ts. Hidden files are among these; links
 * in the folder are not followed: what they lead to is elsewhere, or is met by itself. A path that is not UTF-8 is given as its bytes.
 * @param failed hears of a folder that cannot be read.
 */
export async function* allFilesBelow(
  folder: string | Buffer,
  failed: (path: string, error: unknown) => void,
): AsyncGenerator<string | Buffer> {
  const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' }).catch((error) => {
    failed(`${folder}`, error)
    return []
  })
  for (const entry of entries.sort((a, b) => Buffer.compare(a.name, b.name))) {
    const path = joined(folder, entry.name)
    if (entry.isDirectory()) yield* allFilesBelow(path, failed)
    else if (entry.isFile()) yield path
  }
}

function joined(folder: string | Buffer, name: Buffer): string | Buffer {
  if (typeof folder !== 'string') return Buffer.concat([folder, Buffer.from(sep), name])
  if (isUtf8(name)) return join(folder, name.toString())
  const before = join(folder, '_').slice(0, -1) // `join` takes no bytes
  return Buffer.concat([Buffer.from(before), name])
}
