import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { isUint8Array } from 'node:util/types'
import { invalidArgument, mustBe, shown } from './check-arguments.js'
import { NuthatchError } from './errors.js'
import { distinctFiles, filesBelow, isPattern, matchingFiles, statOrNull, whyNothing } from './glob.js'
import type { RuleSource } from './language/check.js'
import { MAX_RULE_FILE_BYTES } from './language/parse.js'
import { whyUnreadable } from './system-error.js'

/** Paths of rule files, folders (all .rb files in them and their folders) and glob patterns; or texts by file name. */
export type Rules =
  | string
  | readonly string[]
  | {
      /** Texts, or bytes of UTF-8, by the names that diagnostics call them. */
      readonly files: Readonly<Record<string, string | Uint8Array>>
    }

const EXTENSION = '.rb'

export interface RuleFiles {
  readonly sources: readonly RuleSource[]
  /** Paths that are not there, NUTHATCH_RULES_NOT_FOUND, or cannot be read, NUTHATCH_RULES_UNREADABLE. */
  readonly problems: readonly NuthatchError[]
}

/**
 * Reads all that can be read.
 * @throws NuthatchError NUTHATCH_INVALID_ARGUMENT
 */
export async function readRuleFiles(rules: Rules): Promise<RuleFiles> {
  checkRulesArgument(rules)
  if (typeof rules === 'object' && 'files' in rules) {
    const sources = Object.entries(rules.files).map(([file, text]) => ({ file, source: text }))
    return { sources, problems: [] }
  }
  const problems: NuthatchError[] = []
  const paths: string[] = []
  for (const path of typeof rules === 'string' ? [rules] : rules)
    paths.push(...((await attempt(problems, path, () => expand(path, problems))) ?? []))
  const sources: RuleSource[] = []
  for (const file of await distinctFiles(paths)) {
    const source = await attempt(problems, file, () => readRuleFile(file))
    if (source) sources.push({ file, source })
  }
  return { sources, problems }
}

/** Nothing at all is most likely a slip as well: it would load as a rule set without detectors. */
function checkRulesArgument(rules: unknown): void {
  if (typeof rules === 'string') return
  if (Array.isArray(rules) && rules.length > 0 && rules.every((path) => typeof path === 'string')) return
  const { files, ...others } = (rules ?? {}) as { files?: unknown }
  if (Array.isArray(rules) || !isFilled(files))
    invalidArgument('rules', 'a path, an array of paths, or { files: { name: text } }', rules)
  const problems = [
    ...Object.keys(others).map(notAmongRules),
    ...Object.entries(files)
      .filter(([, text]) => typeof text !== 'string' && !isUint8Array(text))
      .map(([name, text]) => mustBe(`rules.files[${shown(name)}]`, 'text or bytes', text)),
  ]
  if (problems.length > 0) throw new NuthatchError('NUTHATCH_INVALID_ARGUMENT', problems.join('\n'))
}

const isFilled = (files: unknown): files is object =>
  typeof files === 'object' && files !== null && !Array.isArray(files) && Object.keys(files).length > 0

const notAmongRules = (key: string) =>
  `rules hold \`files\` and nothing else, not \`${key}\`: options go into the second argument`

async function expand(path: string, problems: NuthatchError[]): Promise<string[]> {
  const failed = (folder: string, error: Error) => {
    problems.push(unreadable(folder, whyUnreadable(error), error))
  }
  const before = problems.length
  if (path === '-') throw notFound('-: rules are not read from standard input; name a file')
  const found = await statOrNull(path)
  if (found?.isFile()) return [path]
  if (found && !found.isDirectory()) throw unreadable(path, 'it is no regular file')
  if (!found && !isPattern(path))
    throw notFound(`${path || "''"}: ${whyNothing(path, 'rule file or folder')}`)
  const files = found
    ? (await filesBelow(path, failed)).filter((name) => name.endsWith(EXTENSION))
    : await matchingFiles(path)
  if (files.length === 0 && problems.length === before)
    throw notFound(
      `${path}: ${found ? `the folder holds no ${EXTENSION} files` : 'the pattern matches no file'}`,
    )
  return files
}

/** A file that is too large, or that grows without end (some in /proc do), is read a byte past the limit: enough to refuse it. */
const readRuleFile = (file: string): Promise<Buffer> =>
  buffer(createReadStream(file, { end: MAX_RULE_FILE_BYTES }))

/** What `read` gives; when it fails, undefined and one more problem. */
async function attempt<T>(
  problems: NuthatchError[],
  path: string,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    problems.push(error instanceof NuthatchError ? error : unreadable(path, whyUnreadable(error), error))
    return undefined
  }
}

const unreadable = (path: string, reason: string, cause?: unknown) =>
  new NuthatchError('NUTHATCH_RULES_UNREADABLE', `${path}: cannot be read: ${reason}`, { cause })

const notFound = (message: string) => new NuthatchError('NUTHATCH_RULES_NOT_FOUND', message)
