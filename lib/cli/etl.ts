import { Command } from 'commander'
import { readTraceStatistics } from '../etw/trace-statistics.js'
import { expandInputs, STANDARD_INPUT } from '../stream/inputs.js'
import { stopOnSignals } from './drive.js'
import { reportError, UsageError } from './errors.js'
import { OutputClosed, writeOutput } from './output.js'
import { inputsOrStdin } from './telemetry-options.js'
import { formatTrace } from './trace-report.js'

interface EtlOptions {
  readonly stats?: boolean
  readonly json?: boolean
  readonly color: boolean
}

const help = `
Inputs are trace files, folders (all files in them), glob patterns, or - for standard input; plain or
compressed with gzip or zstd. What is no plain file is first copied to the folder for temporary files
(TMPDIR), decompressed.

Examples:
  $ nuthatch etl --stats boot.etl
  $ nuthatch etl --stats --json traces/*.etl.zst | jq '.providers[] | {name, records}'`

export const etlCommand = (): Command =>
  new Command('etl')
    .description('Look into recorded ETW traces (.etl)')
    .argument('[inputs...]', 'traces')
    .option('--stats', 'session, machine, clock, losses, and the number of records of each event')
    .option('--json', 'as JSON, one object a trace')
    .addHelpText('after', help)
    .action(etl)

async function etl(paths: readonly string[], _: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<EtlOptions>()
  if (!options.stats) throw new UsageError('ask for --stats: the events themselves come with a later version')
  const { inputs, problems } = await expandInputs(inputsOrStdin(paths), STANDARD_INPUT)
  const fail = (error: unknown) => {
    process.exitCode = reportError(error, options.color)
  }
  for (const problem of problems) fail(problem)
  const abort = new AbortController()
  const letGo = stopOnSignals(() => abort.abort())
  try {
    for (const input of inputs) {
      if (abort.signal.aborted) break
      try {
        const { statistics, problem } = await readTraceStatistics(input, abort.signal)
        if (problem) fail(problem)
        await writeOutput(options.json ? `${JSON.stringify(statistics)}\n` : formatTrace(statistics))
      } catch (error) {
        if (error instanceof OutputClosed) return
        if (!abort.signal.aborted) fail(error)
      }
    }
  } finally {
    letGo()
  }
}
