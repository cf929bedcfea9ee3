import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { NuthatchError } from './errors.js'
import { isPattern, matchingFiles } from './glob.js'
import type { RuleSource } from './language/check.js'

/** Paths of rule files, folders (all .rb files in them and their folders) and glob patterns; or texts by file name. */
export type Rules =
  | string
  | readonly string[]
  | { readonly files: Readonly<Record<string, string | Uint8Array>> }

const EXTENSION = '.rb'

/** @throws NuthatchError NUTHATCH_RULES_NOT_FOUND, NUTHATCH_RULES_UNREADABLE */
export async function readRuleFiles(rules: Rules): Promise<RuleSource[]> {
  if (typeof rules === 'object' && 'files' in rules) {
    return Object.entries(rules.files).map(([file, text]) => ({ file, source: text }))
  }
  const files = new Set<string>()
  for (const path of typeof rules === 'string' ? [rules] : rules) {
    for (const file of await attempt(path, () => expand(path))) files.add(file)
  }
  return Promise.all(
    [...files].map(async (file) => ({ file, source: await attempt(file, () => readFile(file)) })),
  )
}

async function expand(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (found && !found.isDirectory()) return [path]
  if (!found && !isPattern(path)) throw notFound(`${path}: there is no such rule file or folder`)
  const files = found ? await below(path) : await matchingFiles(path)
  if (files.length === 0)
    throw notFound(
      `${path}: ${found ? `the folder holds no ${EXTENSION} files` : 'the pattern matches no file'}`,
    )
  return files
}

async function below(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true })
  return names
    .filter((name) => name.endsWith(EXTENSION))
    .sort()
    .map((name) => join(folder, name))
}

async function attempt<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof NuthatchError) throw error
    throw new NuthatchError(
      'NUTHATCH_RULES_UNREADABLE',
      `${path}: cannot be read: ${(error as Error).message}`,
      { cause: error },
    )
  }
}

const notFound = (message: string) => new NuthatchError('NUTHATCH_RULES_NOT_FOUND', message)
