import { Command, InvalidArgumentError } from 'commander'
import { withoutBraces } from '../etw/provider-names.js'
import { renderTimelinePage } from '../etw/timeline-page.js'
import { readTraceEvents } from '../etw/trace-lines.js'
import { readTraceStatistics, type TraceStatistics } from '../etw/trace-statistics.js'
import { damageOf } from '../etw/trace-summary.js'
import { visible } from '../language/display-text.js'
import { nearestName } from '../language/nearest-name.js'
import { expandInputs, type Input, STANDARD_INPUT } from '../stream/inputs.js'
import { eachInput } from './drive.js'
import { UsageError } from './errors.js'
import { checkPageFolder, tell, useColor, writeOutput, writePage } from './output.js'
import { traceLines } from './summary.js'
import { inputsOrStdin } from './telemetry-options.js'
import { formatTimeline } from './timeline.js'
import { formatTrace } from './trace-report.js'

interface EtlOptions {
  readonly stats?: boolean
  readonly timeline?: boolean
  readonly html?: string
  readonly json?: boolean
  readonly provider?: readonly string[]
  readonly id?: readonly number[]
  readonly pid?: readonly number[]
  readonly stacks?: boolean
  readonly imageRoot?: string
  readonly color: boolean
}

const help = `
Inputs are trace files, folders (all files in them), glob patterns, or - for standard input; plain or
compressed with gzip or zstd. What is no plain file is first copied to the folder for temporary files
(TMPDIR), decompressed.

--provider, --id and --pid may be given several times, or take several values with commas; events
are those that have one of the values of each.

Examples:
  $ nuthatch etl traces/workstation.etl | jq -c '[.time, .provider, .event, .fields]'
  $ nuthatch etl --provider Process --id 1,3 traces/workstation.etl
  $ nuthatch etl --stacks traces | jq -c 'select(.callstack) | [.event, .callstack.summary]'
  $ nuthatch etl --stats traces
  $ nuthatch etl --timeline traces
  $ nuthatch etl --html timeline.html traces
  $ nuthatch etl --stats --json traces/*.etl | jq '.providers[] | {name, records}'`

export const etlCommand = (): Command =>
  new Command('etl')
    .description('Print the events of recorded ETW traces (.etl) as NDJSON, or say what is in them')
    .argument('[inputs...]', 'traces')
    .option('--stats', 'session, machine, clock, losses, and the number of records of each event')
    .option('--timeline', 'a picture: how many records there are over time, of each provider')
    .option('--html <file>', 'the same as a page that needs nothing else')
    .option('--json', 'with --stats or --timeline: as JSON, one object a trace')
    .option('--provider <name>', 'only events of this provider or class, by name or GUID', appendNames)
    .option('--id <number>', 'only events with this id or type', appendNumbers(0xffff))
    .option('--pid <number>', 'only events of this process', appendNumbers(0xffffffff))
    .option('--stacks', 'events have their call stacks: modules and offsets, and what follows from them')
    .option('--image-root <folder>', "with --stacks: the machine's files, whose exports name functions")
    .addHelpText('after', help)
    .action(etl)

/** One value at each use of an option, or several with commas: what follows it may be a trace. */
const appendNames = (text: string, before: readonly string[] = []): readonly string[] => {
  const names = text.split(',').map((name) => name.trim())
  if (names.includes('')) throw new InvalidArgumentError('A name is missing.')
  return [...before, ...names]
}

const appendNumbers =
  (max: number) =>
  (text: string, before: readonly number[] = []): readonly number[] => {
    const numbers = text.split(',').map((number) => number.trim())
    if (!numbers.every((number) => /^(\d+|0x[0-9a-f]+)$/i.test(number) && Number(number) <= max))
      throw new InvalidArgumentError(`It must be a number from 0 to ${max}, or several with commas.`)
    return [...before, ...numbers.map(Number)]
  }

async function etl(paths: readonly string[], _: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<EtlOptions>()
  const isFiltered = Boolean(options.provider || options.id || options.pid)
  const isCounted = options.stats || options.timeline || options.html !== undefined
  if (isCounted && isFiltered)
    throw new UsageError('--provider, --id and --pid are for events, not for --stats, --timeline and --html')
  if (isCounted && options.stacks)
    throw new UsageError('--stacks is for events, not for --stats, --timeline and --html')
  if (options.imageRoot !== undefined && !options.stacks)
    throw new UsageError('--image-root is for --stacks: it names the functions in call stacks')
  if (options.json && !options.stats && !options.timeline)
    throw new UsageError('--json is for --stats and --timeline: events are JSON in any case')
  if (options.html !== undefined) await checkPageFolder(options.html)
  const { inputs, problems } = await expandInputs(inputsOrStdin(paths), STANDARD_INPUT)
  const traces: TraceStatistics[] = []
  const isOpen = await eachInput(inputs, problems, options, (input, signal) =>
    isCounted ? printCounts(input, options, signal, traces) : printEvents(input, options, signal),
  )
  if (isOpen && options.html !== undefined && traces.length > 0)
    await writePage(options.html, renderTimelinePage(traces))
}

async function printCounts(
  input: Input,
  { stats, timeline, json, html, color }: EtlOptions,
  signal: AbortSignal,
  all: TraceStatistics[],
) {
  const { statistics, problem } = await readTraceStatistics(input, signal)
  const { timeline: picture, ...rest } = statistics
  if (stats) await writeOutput(json ? `${JSON.stringify(rest)}\n` : formatTrace(statistics))
  if (timeline && json) await writeOutput(`${JSON.stringify({ source: statistics.source, ...picture })}\n`)
  else if (timeline)
    await writeOutput(
      formatTimeline(statistics, {
        width: process.stdout.columns || 100,
        color: useColor(process.stdout, color),
      }),
    )
  if (html !== undefined) all.push(statistics)
  return problem
}

async function printEvents(input: Input, options: EtlOptions, signal: AbortSignal) {
  const { provider = [], id = [], pid = [], stacks = false, imageRoot } = options
  const stackOptions = { stacks, ...(imageRoot !== undefined && { imageRoot }) }
  const filter = { providers: provider.map(withoutBraces), ids: id, pids: pid }
  let any = false
  const write = (block: Uint8Array) => {
    any ||= block.length > 0
    return writeOutput(block)
  }
  const { summary, problem } = await readTraceEvents(input, filter, stackOptions, signal, write)
  for (const line of traceLines([summary])) tell(line)
  // One that was asked for alone, and has events, is there.
  if (provider.length > (any ? 1 : 0) && input.isFile) await tellOfProviders(input, filter.providers, signal)
  return problem ?? damageOf(summary)
}

/** Which of the providers that were asked for the trace does not have. */
async function tellOfProviders(input: Input, wanted: readonly string[], signal: AbortSignal) {
  const { providers } = (await readTraceStatistics(input, signal)).statistics
  const names = providers.flatMap(({ name, guid }) => [name ?? guid, guid])
  for (const name of wanted) {
    if (names.some((known) => known.toLowerCase() === name.toLowerCase())) continue
    const near = nearestName(name, names)
    const help = near ? `did you mean ${visible(near)}?` : '`--stats` says which it has'
    tell(`${visible(input.name)}: it has no provider ${visible(name)}; ${help}`)
  }
}
