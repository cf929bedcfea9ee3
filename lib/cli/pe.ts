import { stat } from 'node:fs/promises'
import { Command } from 'commander'
import { allFilesBelow } from '../all-files-below.js'
import { type ReadImageOptions, readImage } from '../image/read-image.js'
import type { InputError } from '../stream/input-error.js'
import { expandInputs, unreadable } from '../stream/inputs.js'
import { eachInput } from './drive.js'
import { UsageError } from './errors.js'
import { formatImage } from './image-report.js'
import { namedPaths } from './named-paths.js'
import { tell, writeOutput } from './output.js'
import { counted } from './summary.js'

interface PeOptions {
  readonly json?: boolean
  readonly headers?: boolean
  readonly all?: boolean
  readonly color: boolean
}

const help = `
Inputs are files, glob patterns, and folders: all files in them and below, hidden ones too; those that are no PE
files are passed over, and links are not followed.

Examples:
  $ nuthatch pe images/signed.exe
  $ nuthatch pe --json images | jq -r '[.imphash, .path] | @tsv' | sort
  $ nuthatch pe --json images | jq 'select(.anomalies != []) | {path, anomalies}'
  $ nuthatch pe --json --headers images/*.exe | jq -r '[.machine, .path] | @tsv'`

export const peCommand = (): Command =>
  new Command('pe')
    .description('Say what is in images (PE files: .exe, .dll, .sys, …)')
    .argument('<inputs...>', 'images')
    .option('--json', 'as JSON, one object a line')
    .option('--headers', 'only what the headers say: of each file its first 4 KiB are read')
    .option('--all', 'list all imports and exports, however many')
    .addHelpText('after', help)
    .action(pe)

async function pe(paths: readonly string[], _: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<PeOptions>()
  if (options.json && options.all) throw new UsageError('--all is for people: JSON has all in any case')
  if (paths.includes('-'))
    throw new UsageError('images are read at many places, so they cannot come from standard input')
  const { files, problems } = await expandImages([...namedPaths(paths)])
  let others = 0
  const isOpen = await eachInput(files, problems, options, async (file, signal) => {
    try {
      await writeOutput(await describe(file, options, signal))
    } catch (error) {
      const wasFound = isNoImage(error) && !paths.some((path) => path === file)
      if (!wasFound) throw error
      others += 1
    }
    return null
  })
  if (isOpen && others > 0) tell(`${counted(others, 'files')} passed over: not in PE format`)
}

/** As expandInputs does, but for folders, where images may hide that are looked for. */
async function expandImages(paths: readonly string[]) {
  const files: (string | Buffer)[] = []
  const problems: InputError[] = []
  const failed = (folder: string, error: unknown) => void problems.push(unreadable(folder, error))
  for (const path of paths) {
    if ((await stat(path).catch(() => null))?.isDirectory())
      for await (const file of allFilesBelow(path, failed)) files.push(file)
    else {
      const found = await expandInputs(path)
      files.push(...found.inputs.map(({ name }) => name))
      problems.push(...found.problems)
    }
  }
  return { files, problems }
}

const isNoImage = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'NUTHATCH_PE_FORMAT'

async function describe(path: string | Buffer, options: PeOptions, signal: AbortSignal): Promise<string> {
  const { json, headers, all } = options
  const parts: ReadImageOptions = headers
    ? { directories: false, signal }
    : { content: true, hashes: ['sha256'], signal }
  const image = await readImage(path, parts)
  return json ? `${JSON.stringify(image)}\n` : formatImage(image, all)
}
