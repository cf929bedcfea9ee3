import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { isUint8Array } from 'node:util/types'
import { invalidArgument, shown } from './check-arguments.js'
import { NuthatchError } from './errors.js'
import { distinctFiles, filesBelow, isPattern, matchingFiles, statOrNull, whyNothing } from './glob.js'
import type { RuleSource } from './language/check.js'
import { MAX_RULE_FILE_BYTES } from './language/parse.js'

/** Paths of rule files, folders (all .rb files in them and their folders) and glob patterns; or texts by file name. */
export type Rules =
  | string
  | readonly string[]
  | { readonly files: Readonly<Record<string, string | Uint8Array>> }

const EXTENSION = '.rb'

/** @throws NuthatchError NUTHATCH_INVALID_ARGUMENT, NUTHATCH_RULES_NOT_FOUND, NUTHATCH_RULES_UNREADABLE */
export async function readRuleFiles(rules: Rules): Promise<RuleSource[]> {
  checkRulesArgument(rules)
  if (typeof rules === 'object' && 'files' in rules) {
    return Object.entries(rules.files).map(([file, text]) => ({ file, source: text }))
  }
  const paths: string[] = []
  for (const path of typeof rules === 'string' ? [rules] : rules)
    paths.push(...(await attempt(path, () => expand(path))))
  const sources: RuleSource[] = []
  for (const file of await distinctFiles(paths))
    sources.push({ file, source: await attempt(file, () => readRuleFile(file)) })
  return sources
}

/** Nothing at all is most likely a slip as well: it would load as a rule set without detectors. */
function checkRulesArgument(rules: unknown): void {
  if (typeof rules === 'string') return
  if (Array.isArray(rules) && rules.length > 0 && rules.every((path) => typeof path === 'string')) return
  const { files, ...others } = (rules ?? {}) as { files?: unknown }
  if (Array.isArray(rules) || !isFilled(files))
    invalidArgument('rules', 'a path, an array of paths, or { files: { name: text } }', rules)
  const [other] = Object.keys(others)
  if (other !== undefined) throw notAmongRules(other)
  for (const [name, text] of Object.entries(files)) {
    if (typeof text !== 'string' && !isUint8Array(text))
      invalidArgument(`rules.files[${shown(name)}]`, 'text or bytes', text)
  }
}

const isFilled = (files: unknown): files is object =>
  typeof files === 'object' && files !== null && !Array.isArray(files) && Object.keys(files).length > 0

const notAmongRules = (key: string) =>
  new NuthatchError(
    'NUTHATCH_INVALID_ARGUMENT',
    `rules hold \`files\` and nothing else, not \`${key}\`: options go into the second argument`,
  )

async function expand(path: string): Promise<string[]> {
  if (path === '-') throw notFound('-: rules are not read from standard input; name a file')
  const found = await statOrNull(path)
  if (found?.isFile()) return [path]
  if (found && !found.isDirectory()) throw unreadable(path, 'it is no regular file')
  if (!found && !isPattern(path))
    throw notFound(`${path || "''"}: ${whyNothing(path, 'rule file or folder')}`)
  const files = found
    ? (await filesBelow(path)).filter((name) => name.endsWith(EXTENSION))
    : await matchingFiles(path)
  if (files.length === 0)
    throw notFound(
      `${path}: ${found ? `the folder holds no ${EXTENSION} files` : 'the pattern matches no file'}`,
    )
  return files
}

/** A file that is too large, or that grows without end (some in /proc do), is read a byte past the limit: enough to refuse it. */
const readRuleFile = (file: string): Promise<Buffer> =>
  buffer(createReadStream(file, { end: MAX_RULE_FILE_BYTES }))

async function attempt<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof NuthatchError) throw error
    throw unreadable(path, (error as Error).message, error)
  }
}

const unreadable = (path: string, reason: string, cause?: unknown) =>
  new NuthatchError('NUTHATCH_RULES_UNREADABLE', `${path}: cannot be read: ${reason}`, { cause })

const notFound = (message: string) => new NuthatchError('NUTHATCH_RULES_NOT_FOUND', message)
