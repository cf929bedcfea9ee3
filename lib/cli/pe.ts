import { Command } from 'commander'
import { type ReadImageOptions, readImage } from '../image/read-image.js'
import { expandInputs } from '../stream/inputs.js'
import { eachInput } from './drive.js'
import { UsageError } from './errors.js'
import { formatImage } from './image-report.js'
import { tell, writeOutput } from './output.js'
import { counted } from './summary.js'

interface PeOptions {
  readonly json?: boolean
  readonly headers?: boolean
  readonly all?: boolean
  readonly color: boolean
}

const help = `
Inputs are files, folders (all files in them, those that are no PE files passed over) and glob patterns.

Examples:
  $ nuthatch pe examples/images/signed.exe
  $ nuthatch pe --json examples/images | jq -r '[.imphash, .path] | @tsv' | sort
  $ nuthatch pe --json examples/images | jq 'select(.anomalies != []) | {path, anomalies}'
  $ nuthatch pe --json --headers examples/images/*.exe | jq -r '[.machine, .path] | @tsv'`

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
  const { inputs, problems } = await expandInputs(paths)
  let others = 0
  const isOpen = await eachInput(inputs, problems, options, async ({ name }, signal) => {
    try {
      await writeOutput(await describe(name, options, signal))
    } catch (error) {
      const wasFound = isNoImage(error) && !paths.includes(name)
      if (!wasFound) throw error
      others += 1
    }
    return null
  })
  if (isOpen && others > 0) tell(`${counted(others, 'files')} passed over: not in PE format`)
}

const isNoImage = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'NUTHATCH_PE_FORMAT'

async function describe(path: string, options: PeOptions, signal: AbortSignal): Promise<string> {
  const { json, headers, all } = options
  const parts: ReadImageOptions = headers
    ? { directories: false, signal }
    : { content: true, hashes: ['sha256'], signal }
  const image = await readImage(path, parts)
  return json ? `${JSON.stringify(image)}\n` : formatImage(image, all)
}
