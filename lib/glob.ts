import { existsSync } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'

export const isPattern = (path: string): boolean => isDynamicPattern(path)

/** Regular files that match, by name; one that links make appear twice, once. */
export async function matchingFiles(pattern: string): Promise<string[]> {
  const paths = await glob(pattern, { absolute: isAbsolute(pattern), expandDirectories: false })
  return distinctFiles(paths.sort())
}

/** The paths that lead to regular files, without those that lead where an earlier one does. */
export async function distinctFiles(paths: readonly string[]): Promise<string[]> {
  const files = new Map<string, string>()
  for (const path of paths) {
    if (!(await statOrNull(path))?.isFile()) continue
    const target = await realpath(path)
    if (!files.has(target)) files.set(target, path)
  }
  return [...files.values()]
}

/**
 * Regular files in a folder and its folders, by name. Hidden ones (.DS_Store) are left out. Links are
 * followed, but not to a folder around them, and to nothing twice. For what may hide there: see all-files-below.ts.
 * @param failed hears of what in it cannot be read; without it that is thrown.
 */
export async function filesBelow(folder: string, failed?: Failed): Promise<string[]> {
  const around = new Set<string>()
  for (let path = await realpath(folder); !around.has(path); path = dirname(path)) around.add(path)
  return walk(folder, around, failed)
}

type Failed = (path: string, error: Error) => void

async function walk(folder: string, seen: Set<string>, failed: Failed | undefined): Promise<string[]> {
  const files: string[] = []
  const failure = (path: string) => (error: Error) => {
    if (failed === undefined) throw error
    failed(path, error)
    return null
  }
  const names = (await readdir(folder).catch(failure(folder))) ?? []
  for (const name of names.sort()) {
    const path = join(folder, name)
    const found = name.startsWith('.') ? null : await statOrNull(path).catch(failure(path))
    if (!found?.isDirectory() && !found?.isFile()) continue
    const target = await realpath(path)
    if (seen.has(target)) continue
    seen.add(target)
    if (found.isFile()) files.push(path)
    else files.push(...(await walk(path, seen, failed)))
  }
  return files
}

/** Why there is nothing at a path. `things`: what was looked for. */
export function whyNothing(path: string, things: string): string {
  if (path === '') return 'the path is empty'
  const bare = path.replace(/[\\/]+$/, '')
  return bare !== path && existsSync(bare)
    ? 'this is a file: leave out the slash at its end'
    : `there is no such ${things}`
}

/** Null when there is nothing at the path, below a file as well, or a link that leads nowhere. */
export async function statOrNull(path: string) {
  try {
    return await stat(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}
