import { realpath } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'

export const isPattern = (path: string): boolean => isDynamicPattern(path)

/** Files that match, by name; one that links make appear twice, once. */
export async function matchingFiles(pattern: string): Promise<string[]> {
  const paths = await glob(pattern, { absolute: isAbsolute(pattern), expandDirectories: false })
  const files = new Map<string, string>()
  for (const path of paths.sort()) {
    const target = await realpath(path)
    if (!files.has(target)) files.set(target, path)
  }
  return [...files.values()]
}
