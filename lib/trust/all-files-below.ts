import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * All regular files in a folder and below, hidden ones too, which filesBelow of glob.ts leaves out, by name. Links are not
 * followed: what they lead to is elsewhere, or is met by itself.
 * @param failed hears of a folder that cannot be read.
 */
export async function* allFilesBelow(
  folder: string,
  failed: (path: string, error: unknown) => void,
): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    failed(folder, error)
    return []
  })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* allFilesBelow(path, failed)
    else if (entry.isFile()) yield path
  }
}
