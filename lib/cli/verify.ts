import { stat } from 'node:fs/promises'
import { Command } from 'commander'
import { allFilesBelow } from '../all-files-below.js'
import { visible } from '../language/display-text.js'
import type { FileVerdict, TrustStatus } from '../trust/file-verdict.js'
import { createVerifier, MOST_THREADS, type Verifier, type VerifierOptions } from '../trust/verifier.js'
import { stopOnSignals, tellOfClosedOutput } from './drive.js'
import { EXIT_ERROR, reportError } from './errors.js'
import { namedPaths } from './named-paths.js'
import { isOutputGone, OutputClosed, tell, writeOutput } from './output.js'
import { progressBar } from './progress.js'
import { counted, formatCache } from './summary.js'
import { wholeNumberTo } from './telemetry-options.js'
import {
  addTrustOptions,
  SECONDS_A_DAY,
  strictHelp,
  strictRefusals,
  type TrustOptions,
  verifierOptions,
} from './trust-options.js'
import { formatVerdict, formatVerdictLine } from './verdict-report.js'

interface VerifyCommandOptions extends TrustOptions {
  readonly strict?: boolean
  readonly json?: boolean
  readonly threads?: number
  readonly deadline?: number
  readonly color: boolean
}

const help = `
Files are images (.exe, .dll, .sys), catalogs (.cat), and whatever catalogs vouch for; of a folder all files
in it and below, hidden ones too; links in it are not followed.

On Windows the system itself verifies, by its own roots, catalogs and policy (--backend wintrust). Elsewhere, and
there with --backend portable, it is done here. No roots come with Nuthatch: give certificates as PEM or DER, in
files or folders. On Windows export those of the machine's store; elsewhere take those of Microsoft's root
programme, which the CCADB publishes. Revocation is checked against the lists of --crl alone; none is fetched.

The exit code is 0 when every file is trusted, and 1 when one is not or could not be verified.

Examples:
  $ nuthatch verify --roots images/root.pem -- images/signed.exe
  $ nuthatch verify --roots images/root.pem --catalogs images -- images/unsigned.exe
  $ nuthatch verify --roots images/root.pem --json -- images | jq -r 'select(.status != "trusted").path'`

export const verifyCommand = (): Command =>
  addTrustOptions(new Command('verify'))
    .description('Verify signatures of files: Authenticode, and catalogs that vouch for them')
    .argument('<files...>', 'files and folders')
    .option('--strict', strictHelp)
    .option('--json', 'one JSON object a line for each file')
    .option(
      '--threads <number>',
      'threads (default: as many as there are processors)',
      wholeNumberTo(MOST_THREADS),
    )
    .option('--deadline <seconds>', 'how long a file may take (default: 30)', wholeNumberTo(SECONDS_A_DAY))
    .addHelpText('after', help)
    .action(verify)

async function verify(paths: readonly string[], _: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<VerifyCommandOptions>()
  const verifier = await createVerifier(backendOptions(options))
  const abort = new AbortController()
  const progress = new FileProgress()
  const letGo = stopOnSignals(() => {
    progress.end()
    abort.abort()
  })
  const counts = new Map<TrustStatus, number>()
  let single = paths.length === 1
  const format = (verdict: FileVerdict) => {
    if (options.json) return `${JSON.stringify(verdict)}\n`
    return single ? formatVerdict(verdict) : formatVerdictLine(verdict)
  }
  try {
    for await (const { verdict, inFolder } of verdicts(verifier, paths, abort.signal)) {
      single &&= !inFolder
      if (verdict.status !== 'trusted') process.exitCode ||= EXIT_ERROR
      await writeOutput(format(verdict))
      counts.set(verdict.status, (counts.get(verdict.status) ?? 0) + 1)
      progress.update(verdict.size ?? 0)
    }
  } catch (error) {
    progress.end()
    if (error instanceof OutputClosed) tellOfClosedOutput()
    else if (isOutputGone(error) || !abort.signal.aborted)
      process.exitCode = reportError(error, options.color)
  } finally {
    progress.end()
    letGo()
    await verifier.close()
  }
  if (!single) tell(`${summaryOf(counts)}\n${formatCache(verifier.statistics)}`)
}

/** Page hashes are told where it costs nothing that they decide nothing. */
export function backendOptions(options: VerifyCommandOptions): VerifierOptions {
  const { threads, strict, deadline } = options
  const verifier = verifierOptions(options, strict ? { '--strict': strictRefusals } : {})
  return {
    ...verifier,
    ...(verifier.backend === 'portable' && { pageHashes: true }),
    deadlineFrom: 'start',
    ...(threads && { threads }),
    ...(deadline && { deadline: deadline * 1000 }),
  }
}

interface Verified {
  readonly verdict: FileVerdict
  readonly inFolder: boolean
}

/**
 * In the order of the files, some of them being verified ahead. Whether a path is a folder's is asked only of what the
 * verifier has opened: it has a deadline, and Node's threads wait for a network as long as that takes.
 */
async function* verdicts(
  verifier: Verifier,
  paths: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Verified> {
  const failed = (folder: string, error: unknown) => {
    process.exitCode ||= EXIT_ERROR
    tell(`error NUTHATCH_INPUT_UNREADABLE: ${visible(folder)}: ${visible((error as Error).message)}`)
  }
  const options = { signal, followLinks: true }
  const verify = async (path: string) => ({ path, verdict: await verifier.verify(path, options) })
  for await (const { path, verdict } of ahead(namedPaths(paths), verify)) {
    if (await isFolder(path, verdict)) {
      const below = allFilesBelow(path, failed)
      const found = ahead(below, (file) => verifier.verify(file, { signal, followLinks: false }))
      for await (const verdict of found) yield { verdict, inFolder: true }
    } else yield { verdict, inFolder: false }
  }
}

async function* ahead<T, R>(items: Iterable<T> | AsyncIterable<T>, start: (item: T) => Promise<R>) {
  const most = 64
  const waiting: Promise<R>[] = []
  for await (const item of items) {
    const result = start(item)
    result.catch(() => {}) // it is awaited below
    waiting.push(result)
    if (waiting.length >= most) yield await (waiting.shift() as Promise<R>)
  }
  for (const result of waiting) yield await result
}

const isFolder = async (path: string, { status }: FileVerdict): Promise<boolean> =>
  (status === 'notRegularFile' || status === 'permissionDenied') &&
  ((await stat(path).catch(() => null))?.isDirectory() ?? false)

function summaryOf(counts: ReadonlyMap<TrustStatus, number>): string {
  const files = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const parts = [...counts].sort(([, a], [, b]) => b - a).map(([status, count]) => `${count} ${status}`)
  return [counted(files, 'files'), ...parts].join(', ')
}

/** Files and bytes so far. */
class FileProgress {
  readonly #bar = progressBar(() => `${counted(this.#files, 'files')}  ${Math.round(this.#bytes / 1e6)} MB`)
  #files = 0
  #bytes = 0
  #ended = false

  update(bytes: number): void {
    if (this.#ended) return
    if (this.#files === 0) this.#bar?.start(0, 0)
    this.#files += 1
    this.#bytes += bytes
    this.#bar?.update(this.#files)
  }

  end(): void {
    this.#ended = true
    this.#bar?.stop()
  }
}
